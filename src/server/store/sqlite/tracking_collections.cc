#include <algorithm>

#include "server/store/sqlite/tracking_sqlite.h"

namespace slipway::server::sqlite {

Task<ArtifactCollection> SqliteTracking::update_collection(Id id, CollectionChange change) {
  auto work = [id, change = std::move(change), now = clock_.now()](Connection& connection) -> Result<> {
    TRY(const auto tags, connection.value<std::string>("SELECT tags FROM artifact_collections WHERE id = ?", id));
    if (!tags) return Error(Code::not_found, "artifact collection not found");
    auto changed = connection.run(
        "UPDATE artifact_collections SET name = coalesce(?, name), type = coalesce(?, type), description = coalesce(?, "
        "description), tags = ?, updated_at = ? WHERE id = ?",
        change.name, change.type, change.description,
        write_list(changed_list(read_list(*tags), change.add_tags, change.remove_tags)), now, id);
    if (!changed && changed.error().code() == Code::conflict)
      return Error(Code::conflict, "the project has another collection named '" + change.name.value_or("") + "'");
    if (!changed) return std::move(changed).error();
    return Result<>();
  };
  CO_TRY_VOID(co_await database_.write(std::move(work)));
  CO_TRY(auto collection, co_await get_collection(id));
  if (!collection) co_return Error(Code::not_found, "artifact collection not found");
  co_return std::move(*collection);
}

Task<> SqliteTracking::delete_collection(Id id) {
  auto work = [id](Connection& connection) -> Result<> {
    TRY_VOID(connection.run("DELETE FROM artifacts WHERE collection = ?", id));
    TRY_VOID(connection.run("DELETE FROM artifact_collections WHERE id = ?", id));
    return Result<>();
  };
  return database_.write(std::move(work));
}

Task<std::optional<UnixMillis>> SqliteTracking::type_since(std::string entity, std::string project, std::string type) {
  auto work = [entity = std::move(entity), project = std::move(project),
               type = std::move(type)](Connection& connection) {
    return connection.value<UnixMillis>(
        "SELECT min(created_at) FROM artifact_collections WHERE entity = ? AND project = ? AND type = ?", entity,
        project, type);
  };
  return database_.read(std::move(work));
}

Task<std::vector<Id>> SqliteTracking::list_users(Id artifact) {
  auto work = [artifact](Connection& connection) -> Result<std::vector<Id>> {
    std::vector<Id> runs;
    TRY(auto rows,
        connection.query("SELECT run FROM artifact_uses WHERE artifact = ? ORDER BY run LIMIT 1000", artifact));
    TRY_VOID(rows.each([&] { rows.read(runs.emplace_back()); }));
    return runs;
  };
  return database_.read(std::move(work));
}

Task<std::int64_t> SqliteTracking::count_run_artifacts(Id run, RunLink link) {
  auto work = [run, link](Connection& connection) -> Result<std::int64_t> {
    const std::string_view made = "SELECT count(*) FROM artifacts WHERE run = ? AND run <> 0 AND state = 1";
    const std::string_view used =
        "SELECT count(*) FROM artifact_uses u JOIN artifacts a ON a.id = u.artifact WHERE u.run = ? AND a.state = 1";
    TRY(const auto count, connection.value<std::int64_t>(link == RunLink::made ? made : used, run));
    return count.value_or(0);
  };
  return database_.read(std::move(work));
}

Task<std::int64_t> SqliteTracking::count_artifacts(Id collection) {
  auto work = [collection](Connection& connection) -> Result<std::int64_t> {
    TRY(const auto count, connection.value<std::int64_t>(
                              "SELECT count(*) FROM artifacts WHERE collection = ? AND state = 1", collection));
    return count.value_or(0);
  };
  return database_.read(std::move(work));
}

Task<std::int64_t> SqliteTracking::count_collections(std::string entity, std::string project, std::string type) {
  auto work = [entity = std::move(entity), project = std::move(project),
               type = std::move(type)](Connection& connection) -> Result<std::int64_t> {
    TRY(const auto count,
        connection.value<std::int64_t>("SELECT count(*) FROM artifact_collections WHERE entity = ?1 AND project = ?2 "
                                       "AND (?3 = '' OR type = ?3)",
                                       entity, project, type));
    return count.value_or(0);
  };
  return database_.read(std::move(work));
}

}  // namespace slipway::server::sqlite
