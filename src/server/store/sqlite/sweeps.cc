#include "server/store/sweeps.h"

#include <fmt/format.h>

#include "server/store/sqlite/sqlite_store.h"
#include "server/store/sqlite/tracking_rows.h"

namespace slipway::server {
namespace sqlite {
namespace {

constexpr std::string_view kSweepColumns =
    "id, entity, project, name, display_name, description, config, state, controller, scheduler, user, made, "
    "created_at, updated_at, heartbeat_at";
constexpr std::string_view kAgentColumns = "id, sweep, host, run, runs, created_at, heartbeat_at";

Sweep read_sweep(Rows& rows) {
  Sweep out;
  rows.read(out.id, out.key.entity, out.key.project, out.key.name, out.display_name, out.description, out.config,
            out.state, out.controller, out.scheduler, out.user, out.made, out.created_at, out.updated_at,
            out.heartbeat_at);
  return out;
}

SweepAgent read_agent(Rows& rows) {
  SweepAgent out;
  rows.read(out.id, out.sweep, out.host, out.run, out.runs, out.created_at, out.heartbeat_at);
  return out;
}

Result<std::optional<Sweep>> load_sweep(Connection& connection, Id id) {
  static const std::string sql = sql_of({"SELECT ", kSweepColumns, " FROM sweeps WHERE id = ?"});
  TRY(auto rows, connection.query(sql, id));
  TRY(const bool found, rows.next());
  return found ? std::optional<Sweep>(read_sweep(rows)) : std::nullopt;
}

Result<Sweep> existing_sweep(Connection& connection, Id id) {
  TRY(auto sweep, load_sweep(connection, id));
  if (!sweep) return Error(Code::not_found, "sweep not found");
  return std::move(*sweep);
}

Result<std::optional<SweepAgent>> load_agent(Connection& connection, Id id) {
  static const std::string sql = sql_of({"SELECT ", kAgentColumns, " FROM sweep_agents WHERE id = ?"});
  TRY(auto rows, connection.query(sql, id));
  TRY(const bool found, rows.next());
  return found ? std::optional<SweepAgent>(read_agent(rows)) : std::nullopt;
}

class SqliteSweeps final : public SweepStore {
 public:
  SqliteSweeps(Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  Task<Sweep> create_sweep(Sweep sweep) override {
    auto work = [sweep = std::move(sweep), now = clock_.now()](Connection& connection) -> Result<Sweep> {
      TRY(const auto id, connection.value<Id>(
                             "INSERT INTO sweeps (entity, project, name, display_name, description, config, state, "
                             "controller, scheduler, user, created_at, updated_at)"
                             " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11)"
                             " ON CONFLICT (entity, project, name) DO NOTHING RETURNING id",
                             sweep.key.entity, sweep.key.project, sweep.key.name, sweep.display_name, sweep.description,
                             sweep.config, sweep.state, sweep.controller, sweep.scheduler, sweep.user, now));
      if (!id) return Error(Code::conflict, fmt::format("there is a sweep '{}' already", sweep.key.name));
      return existing_sweep(connection, *id);
    };
    return database_.write(std::move(work));
  }

  Task<Sweep> change_sweep(Id id, SweepChange change) override {
    auto work = [id, change = std::move(change), now = clock_.now()](Connection& connection) -> Result<Sweep> {
      TRY_VOID(
          connection.run("UPDATE sweeps SET display_name = coalesce(?, display_name), description = coalesce(?, "
                         "description), config = coalesce(?, config), state = coalesce(?, state), controller = "
                         "coalesce(?, controller), scheduler = coalesce(?, scheduler), updated_at = ? WHERE id = ?",
                         change.display_name, change.description, change.config, change.state, change.controller,
                         change.scheduler, now, id));
      return existing_sweep(connection, id);
    };
    return database_.write(std::move(work));
  }

  Task<std::optional<Sweep>> find_sweep(RunKey key) override {
    auto work = [key = std::move(key)](Connection& connection) -> Result<std::optional<Sweep>> {
      TRY(const auto id, connection.value<Id>("SELECT id FROM sweeps WHERE entity = ? AND project = ? AND name = ?",
                                              key.entity, key.project, key.name));
      return load_sweep(connection, id.value_or(0));
    };
    return database_.read(std::move(work));
  }

  Task<std::optional<Sweep>> get_sweep(Id id) override {
    return database_.read([id](Connection& connection) { return load_sweep(connection, id); });
  }

  Task<Paged<Sweep>> list_sweeps(std::string entity, std::string project, Page page) override {
    auto work = [entity = std::move(entity), project = std::move(project),
                 page = std::move(page)](Connection& connection) -> Result<Paged<Sweep>> {
      static const std::string sql =
          sql_of({"SELECT ", kSweepColumns,
                  " FROM sweeps WHERE entity = ? AND project = ? AND id < ? ORDER BY id DESC LIMIT ?"});
      TRY(auto rows, connection.query(sql, entity, project, cursor_number(page, INT64_MAX), page_size(page) + 1));
      std::vector<Sweep> found;
      TRY_VOID(rows.each([&] { found.push_back(read_sweep(rows)); }));
      return paged(std::move(found), page, [](const Sweep& sweep) { return std::to_string(sweep.id); });
    };
    return database_.read(std::move(work));
  }

  Task<std::int64_t> count_sweeps(std::string entity, std::string project) override {
    auto work = [entity = std::move(entity),
                 project = std::move(project)](Connection& connection) -> Result<std::int64_t> {
      TRY(const auto count, connection.value<std::int64_t>(
                                "SELECT count(*) FROM sweeps WHERE entity = ? AND project = ?", entity, project));
      return count.value_or(0);
    };
    return database_.read(std::move(work));
  }

  Task<SweepAgent> create_agent(Id sweep, std::string host) override {
    auto work = [sweep, host = std::move(host), now = clock_.now()](Connection& connection) -> Result<SweepAgent> {
      TRY(const auto id, connection.value<Id>("INSERT INTO sweep_agents (sweep, host, created_at, heartbeat_at) VALUES "
                                              "(?1, ?2, ?3, ?3) RETURNING id",
                                              sweep, host, now));
      TRY(auto agent, load_agent(connection, id.value_or(0)));
      return *std::move(agent);
    };
    return database_.write(std::move(work));
  }

  Task<std::optional<SweepAgent>> get_agent(Id id) override {
    return database_.read([id](Connection& connection) { return load_agent(connection, id); });
  }

  Task<std::vector<SweepAgent>> list_agents(Id sweep) override {
    auto work = [sweep](Connection& connection) -> Result<std::vector<SweepAgent>> {
      static const std::string sql =
          sql_of({"SELECT ", kAgentColumns, " FROM sweep_agents WHERE sweep = ? ORDER BY id"});
      TRY(auto rows, connection.query(sql, sweep));
      std::vector<SweepAgent> found;
      TRY_VOID(rows.each([&] { found.push_back(read_agent(rows)); }));
      return found;
    };
    return database_.read(std::move(work));
  }

  Task<> touch_agent(Id agent) override {
    auto work = [agent, now = clock_.now()](Connection& connection) -> Result<> {
      TRY_VOID(connection.run("UPDATE sweep_agents SET heartbeat_at = ? WHERE id = ?", now, agent));
      TRY_VOID(connection.run(
          "UPDATE sweeps SET heartbeat_at = ? WHERE id = (SELECT sweep FROM sweep_agents WHERE id = ?)", now, agent));
      return Result<>();
    };
    return database_.write(std::move(work));
  }

  Task<std::optional<Run>> add_run(Id sweep, Id agent, std::int64_t made, std::string name, Json config) override {
    auto work = [sweep, agent, made, name = std::move(name), config = to_text(config),
                 now = clock_.now()](Connection& connection) -> Result<std::optional<Run>> {
      TRY(const auto taken, connection.run("UPDATE sweeps SET made = made + 1 WHERE id = ? AND made = ?", sweep, made));
      if (taken == 0) return std::optional<Run>();
      TRY(const auto run,
          connection.value<Id>("INSERT INTO runs (entity, project, name, display_name, user, sweep, config, created_at)"
                               " SELECT entity, project, ?1, ?1, user, name, ?2, ?3 FROM sweeps WHERE id = ?4"
                               " RETURNING id",
                               name, config, now, sweep));
      TRY_VOID(connection.run("UPDATE sweep_agents SET run = ?, runs = runs + 1 WHERE id = ?", name, agent));
      TRY_VOID(connection.run("INSERT INTO sweep_agent_runs (agent, run) VALUES (?, ?)", agent, name));
      return load_run(connection, run.value_or(0));
    };
    return database_.write(std::move(work));
  }

  Task<std::vector<Run>> list_runs(Id sweep) override {
    auto work = [sweep](Connection& connection) {
      static const std::string sql =
          sql_of({"SELECT ", kRunColumns,
                  " FROM sweeps s JOIN runs r ON r.entity = s.entity AND r.project = s.project AND r.sweep = s.name"
                  " WHERE s.id = ? AND r.sweep <> '' ORDER BY r.id"});
      return runs_of(connection, sql, sweep);
    };
    return database_.read(std::move(work));
  }

  Task<std::vector<Run>> list_agent_runs(Id agent) override {
    auto work = [agent](Connection& connection) {
      static const std::string sql =
          sql_of({"SELECT ", kRunColumns,
                  " FROM sweep_agent_runs g JOIN sweep_agents a ON a.id = g.agent JOIN sweeps s ON s.id = a.sweep"
                  " JOIN runs r ON r.entity = s.entity AND r.project = s.project AND r.name = g.run"
                  " WHERE g.agent = ? ORDER BY r.id"});
      return runs_of(connection, sql, agent);
    };
    return database_.read(std::move(work));
  }

  Task<> give_up_run(Id run) override {
    auto work = [run, now = clock_.now()](Connection& connection) -> Result<> {
      TRY_VOID(connection.run(
          "UPDATE runs SET state = 'failed', finished_at = ? WHERE id = ? AND state = 'pending' AND item = 0", now,
          run));
      return Result<>();
    };
    return database_.write(std::move(work));
  }

 private:
  static Result<std::vector<Run>> runs_of(Connection& connection, const std::string& sql, Id id) {
    TRY(auto rows, connection.query(sql, id));
    std::vector<Run> runs;
    TRY_VOID(rows.each([&] { runs.push_back(read_run(rows)); }));
    return runs;
  }

  Database& database_;
  const Clock& clock_;
};

}  // namespace
}  // namespace sqlite

std::unique_ptr<SweepStore> open_sweeps(Store& store) {
  auto& engine = dynamic_cast<sqlite::SqliteStore&>(store);
  return std::make_unique<sqlite::SqliteSweeps>(engine.database(), engine.clock());
}

}  // namespace slipway::server
