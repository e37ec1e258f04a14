#include "server/store/sqlite/tracking_sqlite.h"
#include "server/store/sqlite/transitions.h"

namespace slipway::server::sqlite {

namespace {

/// Who decides on the state of a run with an item (numbers: launch::ItemState). The SDK does while the item is with a W&B agent (claimed), which never reports.
constexpr std::string_view kSdkDecides =
    "(item = 0 OR EXISTS (SELECT 1 FROM items i WHERE i.id = runs.item AND i.state <= 2))";
/// The SDK's init makes a run running, but for runs whose item has ended, is between two attempts, or is gone.
constexpr std::string_view kMayRun =
    "(item = 0 OR EXISTS (SELECT 1 FROM items i WHERE i.id = runs.item AND i.state BETWEEN 1 AND 4))";

std::optional<std::string> text_of(const std::optional<Json>& document) {
  if (!document) return std::nullopt;
  return to_text(*document);
}

Result<> revive(Connection& connection, Id id, UnixMillis now) {
  static const std::string sql = sql_of(
      {"UPDATE runs SET state = 'running', started_at = coalesce(started_at, ?), finished_at = NULL, exit_code = NULL,"
       " stop_requested = CASE WHEN finished_at IS NULL THEN stop_requested ELSE 0 END"
       " WHERE id = ? AND ",
       kMayRun});
  TRY_VOID(connection.run(sql, now, id));
  return Result<>();
}

Result<> change_run(Connection& connection, Id id, const RunChange& change) {
  TRY_VOID(
      connection.run("UPDATE runs SET user = CASE WHEN user = '' THEN ? ELSE user END, display_name = coalesce(?, "
                     "display_name), host = coalesce(?, host),"
                     " program = coalesce(?, program), job_type = coalesce(?, job_type), run_group = coalesce(?, "
                     "run_group), notes = coalesce(?, notes),"
                     " git_commit = coalesce(?, git_commit), repo = coalesce(?, repo), sweep = coalesce(?, sweep), "
                     "config = coalesce(?, config),"
                     " summary = coalesce(?, summary), tags = coalesce(?, tags) WHERE id = ?",
                     change.user, change.display_name, change.host, change.program, change.job_type, change.group,
                     change.notes, change.commit, change.repo, change.sweep, text_of(change.config),
                     text_of(change.summary), text_of(change.tags), id));
  return Result<>();
}

/// A W&B agent reports nothing after its acknowledgement: the item of such a run ends with the run.
Result<> end_wire_item(const Tx& tx, Id id, std::string_view state, std::optional<int> exit_code) {
  TRY(const auto item, tx.db.value<Id>("SELECT item FROM runs WHERE id = ?", id));
  TRY(auto row, load_item(tx.db, item.value_or(0)));
  if (!row || !row->wire || row->item.state != ItemState::claimed || row->run != id) return Result<>();
  const bool finished = state == "finished";
  row->item.exit_code = exit_code;
  if (!finished) row->item.failure_class = launch::failure::exit_code;
  const Cause cause{.actor = "run", .reason = "the run reported its end"};
  return move_item(tx, *row, finished ? ItemState::finished : ItemState::failed, cause);
}

Result<Run> existing_run(Connection& connection, Id id) {
  TRY(auto run, load_run(connection, id));
  if (!run) return Error(Code::not_found, "run not found");
  return std::move(*run);
}

}  // namespace

Task<RunStore::Upserted> SqliteTracking::upsert_run(RunChange change) {
  auto work = [change = std::move(change), now = clock_.now()](Connection& connection) -> Result<Upserted> {
    const RunKey& key = change.key;
    TRY(const auto added,
        connection.run("INSERT INTO runs (entity, project, name, display_name, created_at) VALUES (?, ?, ?, ?, ?)"
                       " ON CONFLICT (entity, project, name) DO NOTHING",
                       key.entity, key.project, key.name, key.name, now));
    TRY(const auto id, connection.value<Id>("SELECT id FROM runs WHERE entity = ? AND project = ? AND name = ?",
                                            key.entity, key.project, key.name));
    TRY_VOID(change_run(connection, id.value_or(0), change));
    if (change.revives) TRY_VOID(revive(connection, id.value_or(0), now));
    Upserted out;
    out.inserted = added > 0;
    TRY(out.run, existing_run(connection, id.value_or(0)));
    return out;
  };
  return database_.write(std::move(work));
}

Task<std::optional<Run>> SqliteTracking::find_run(RunKey key) {
  auto work = [key = std::move(key)](Connection& connection) -> Result<std::optional<Run>> {
    TRY(const auto id, connection.value<Id>("SELECT id FROM runs WHERE entity = ? AND project = ? AND name = ?",
                                            key.entity, key.project, key.name));
    return load_run(connection, id.value_or(0));
  };
  return database_.read(std::move(work));
}

Task<std::optional<Run>> SqliteTracking::get_run(Id id) {
  auto work = [id](Connection& connection) { return load_run(connection, id); };
  return database_.read(std::move(work));
}

Task<std::vector<std::string>> SqliteTracking::list_projects(std::string entity) {
  auto work = [entity = std::move(entity)](Connection& connection) -> Result<std::vector<std::string>> {
    // One index seek for each project instead of a walk over all runs.
    TRY(auto rows,
        connection.query("WITH RECURSIVE p (name) AS (SELECT min(project) FROM runs WHERE entity = ?1 UNION ALL"
                         " SELECT (SELECT min(project) FROM runs WHERE entity = ?1 AND project > p.name) FROM p WHERE "
                         "p.name IS NOT NULL)"
                         " SELECT name FROM p WHERE name IS NOT NULL UNION SELECT project FROM artifact_collections "
                         "WHERE entity = ?1 ORDER BY 1",
                         entity));
    std::vector<std::string> names;
    TRY_VOID(rows.each([&] { rows.read(names.emplace_back()); }));
    return names;
  };
  return database_.read(std::move(work));
}

Task<> SqliteTracking::delete_run(Id id) {
  auto work = [id](Connection& connection) -> Result<> {
    TRY(const Run run, existing_run(connection, id));
    TRY(const auto active, connection.value<Id>("SELECT id FROM items WHERE id = ? AND state <= 5", run.item));
    if (active) {
      return Error(Code::failed_precondition, "run '" + run.key.name + "' belongs to an item that has not ended")
          .hint("Cancel the item first.");
    }
    TRY_VOID(connection.run("UPDATE items SET run = NULL WHERE id = ? AND run = ?", run.item, id));
    TRY_VOID(connection.run("DELETE FROM runs WHERE id = ?", id));
    return Result<>();
  };
  return database_.write(std::move(work));
}

Task<bool> SqliteTracking::request_stop(Id id) {
  auto work = [id](Connection& connection) -> Result<bool> {
    TRY(const auto changed,
        connection.run("UPDATE runs SET stop_requested = 1 WHERE id = ? AND finished_at IS NULL", id));
    return changed > 0;
  };
  return database_.write(std::move(work));
}

Task<Run> SqliteTracking::finish_run(Id id, std::string state, std::optional<int> exit_code) {
  auto work = [id, state = std::move(state), exit_code, now = clock_.now()](Connection& connection) -> Result<Run> {
    static const std::string sql =
        sql_of({"UPDATE runs SET state = ?, exit_code = ?, finished_at = ? WHERE id = ? AND (finished_at IS NULL OR "
                "state = 'crashed') AND ",
                kSdkDecides});
    TRY(const auto changed, connection.run(sql, state, exit_code, now, id));
    // Silence is no end: an SDK that is heard of again goes on.
    if (changed > 0 && state != "crashed") TRY_VOID(end_wire_item(Tx{connection, now}, id, state, exit_code));
    return existing_run(connection, id);
  };
  return database_.write(std::move(work));
}

Task<> SqliteTracking::set_summary(Id id, Json summary) {
  auto work = [id, text = to_text(summary)](Connection& connection) -> Result<> {
    TRY_VOID(connection.run("UPDATE runs SET summary = ? WHERE id = ?", text, id));
    return Result<>();
  };
  return database_.write(std::move(work));
}

Task<bool> SqliteTracking::set_run_state(Id id, std::string state) {
  auto work = [id, state = std::move(state), now = clock_.now()](Connection& connection) -> Result<bool> {
    static constexpr std::string_view kAgain =
        "UPDATE runs SET state = 'pending', finished_at = NULL, exit_code = NULL, stop_requested = 0 WHERE id = ? AND "
        "item = 0 AND state IN ('running', 'failed', 'crashed', 'preempted')";
    static constexpr std::string_view kLost =
        "UPDATE runs SET state = 'failed', finished_at = ? WHERE id = ? AND item = 0 AND state IN ('pending', "
        "'running')";
    TRY(const auto changed, state == "pending" ? connection.run(kAgain, id) : connection.run(kLost, now, id));
    return changed > 0;
  };
  return database_.write(std::move(work));
}

Task<std::vector<Run>> SqliteTracking::unwatched_runs() {
  auto work = [](Connection& connection) -> Result<std::vector<Run>> {
    static const std::string sql =
        sql_of({"SELECT ", kRunColumns,
                " FROM runs r LEFT JOIN items i ON i.id = r.item WHERE r.state = 'running'"
                " AND (r.item = 0 OR i.id IS NULL OR i.state = 2) ORDER BY r.id LIMIT 10000"});
    std::vector<Run> runs;
    TRY(auto rows, connection.query(sql));
    TRY_VOID(rows.each([&] { runs.push_back(read_run(rows)); }));
    return runs;
  };
  return database_.read(std::move(work));
}

}  // namespace slipway::server::sqlite
