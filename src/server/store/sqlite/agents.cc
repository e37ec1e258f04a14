#include <array>

#include <fmt/format.h>

#include "base/ids.h"
#include "base/strings.h"
#include "server/store/sqlite/audit.h"
#include "server/store/sqlite/sqlite_store.h"
#include "server/store/sqlite/transitions.h"

namespace slipway::server::sqlite {
namespace {

constexpr UnixMillis kTouchEvery = 5'000;
constexpr std::size_t kLongestHostPart = 40;

const std::string kSelectAgent =
    "SELECT a.id, a.name, a.entity, e.name, a.stable_id, a.incarnation, a.hostname, a.version, a.status, a.desire, "
    "a.queues, a.config,"
    " a.max_jobs, a.created_at, a.heartbeat_at FROM agents a JOIN entities e ON e.id = a.entity ";

Agent read_agent(Rows& rows) {
  Agent agent;
  std::string queues, config;
  rows.read(agent.id, agent.name, agent.entity, agent.entity_name, agent.stable_id, agent.incarnation, agent.hostname,
            agent.version, agent.status, agent.desire, queues, config, agent.max_jobs, agent.created_at,
            agent.heartbeat_at);
  agent.config = document(config);
  const Json ids = document(queues);
  if (!ids.is_array()) return agent;
  for (const auto& id : ids.get_array()) agent.queues.push_back(as_integer(id).value_or(0));
  return agent;
}

Result<std::optional<Agent>> load_agent(Connection& db, Id id) {
  static const std::string sql = kSelectAgent + "WHERE a.id = ?";
  TRY(auto rows, db.query(sql, id));
  TRY(const bool found, rows.next());
  if (!found) return std::optional<Agent>();
  return std::optional<Agent>(read_agent(rows));
}

std::string queues_text(const std::vector<Id>& queues) {
  JsonArray ids;
  for (const Id id : queues) ids.emplace_back(id);
  return to_text(ids);
}

/// A name is also the name of the agent's own run, so it is made of what a run name may hold.
std::string new_name(const std::string& hostname) {
  std::string host;
  for (const char c : lower(hostname).substr(0, kLongestHostPart)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    host += plain ? c : '-';
  }
  return fmt::format("{}-{}", host.empty() ? "agent" : host, random_id(6));
}

Result<Id> insert_agent(const Tx& tx, const Agent& agent, const std::string& queues, const std::string& config) {
  TRY(const auto entity, tx.db.value<Id>("SELECT id FROM entities WHERE id = ?", agent.entity));
  if (!entity) return Error(Code::not_found, fmt::format("there is no entity {}", agent.entity));
  TRY_VOID(tx.db.run(
      "INSERT INTO agents (name, entity, stable_id, incarnation, hostname, version, status, queues, config, max_jobs,"
      " created_at, registered_at, heartbeat_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?11, ?11, ?11)",
      new_name(agent.hostname), agent.entity, agent.stable_id, agent.incarnation, agent.hostname, agent.version,
      agent.status, queues, config, agent.max_jobs, tx.now));
  return tx.db.last_id();
}

/// The same agent started again. Whoever told the last process to stop or drain did not mean the next one.
Result<> restart_agent(const Tx& tx, Id id, const Agent& agent, const std::string& queues, const std::string& config) {
  TRY_VOID(tx.db.run(
      "UPDATE agents SET registered_at = CASE WHEN incarnation = ?1 THEN registered_at ELSE ?2 END, incarnation = ?1,"
      " desire = CASE WHEN desire = ?3 THEN ?3 ELSE ?4 END, hostname = ?5, version = ?6, status = ?7, queues = ?8,"
      " config = ?9, max_jobs = ?10, heartbeat_at = ?2 WHERE id = ?11",
      agent.incarnation, tx.now, AgentDesire::pause, AgentDesire::run, agent.hostname, agent.version, agent.status,
      queues, config, agent.max_jobs, id));
  return Result<>();
}

Result<Agent> register_one(const Tx& tx, const Agent& agent) {
  const std::string queues = queues_text(agent.queues);
  const std::string config = document_text(agent.config, "{}");
  std::optional<Id> id;
  if (!agent.stable_id.empty()) {
    TRY(id, tx.db.value<Id>("SELECT id FROM agents WHERE entity = ? AND stable_id = ? AND stable_id <> ''",
                            agent.entity, agent.stable_id));
  }
  if (id) {
    TRY_VOID(restart_agent(tx, *id, agent, queues, config));
  } else {
    TRY(id, insert_agent(tx, agent, queues, config));
  }
  TRY(auto registered, load_agent(tx.db, *id));
  return *std::move(registered);
}

Result<> heartbeat(const Tx& tx, Id id) {
  TRY_VOID(tx.db.run("UPDATE agents SET heartbeat_at = ? WHERE id = ?", tx.now, id));
  // W&B agents renew nothing by name: the acknowledged items live as long as their agent does (wire.cc).
  TRY_VOID(
      tx.db.run("UPDATE items SET lease_expires_at = ?1 + ?3 * (SELECT lease_ttl FROM queues WHERE id = items.queue),"
                " unreachable_since = NULL WHERE agent = ?2 AND state BETWEEN 1 AND 5 AND wire = 1 AND state > 1",
                tx.now, id, kWireLeaseTerms));
  return Result<>();
}

Result<> must_change(Result<std::int64_t> changed, Id id) {
  TRY_VOID(changed);
  if (*changed == 0) return Error(Code::not_found, fmt::format("there is no agent {}", id));
  return Result<>();
}

}  // namespace

Task<Agent> SqliteStore::register_agent(Agent agent) {
  return database_->write([this, agent = std::move(agent)](Connection& db) { return register_one(tx(db), agent); });
}

Task<std::optional<Agent>> SqliteStore::get_agent(Id id) {
  return database_->read([id](Connection& db) { return load_agent(db, id); });
}

Task<std::vector<Agent>> SqliteStore::list_agents(Id entity) {
  return database_->read([entity](Connection& db) -> Result<std::vector<Agent>> {
    static const std::string sql = kSelectAgent + "WHERE a.entity = ? ORDER BY a.id";
    std::vector<Agent> agents;
    TRY(auto rows, db.query(sql, entity));
    TRY_VOID(rows.each([&] { agents.push_back(read_agent(rows)); }));
    return agents;
  });
}

Task<> SqliteStore::set_agent_status(Id id, std::string status) {
  return database_->write([this, id, status = std::move(status)](Connection& db) -> Result<> {
    const Tx now = tx(db);
    TRY_VOID(must_change(db.run("UPDATE agents SET status = ? WHERE id = ?", status, id), id));
    return heartbeat(now, id);
  });
}

Task<> SqliteStore::set_agent_desire(Id id, AgentDesire desire, Cause cause) {
  return database_->write([this, id, desire, cause = std::move(cause)](Connection& db) -> Result<> {
    TRY_VOID(must_change(db.run("UPDATE agents SET desire = ?, desire_actor = ?, desire_reason = ? WHERE id = ?",
                                desire, cause.actor, cause.reason, id),
                         id));
    TRY(const auto agent, load_agent(db, id));
    constexpr std::array<std::string_view, 4> kActions = {"agent.resume", "agent.pause", "agent.drain", "agent.stop"};
    return add_audit(
        tx(db), cause,
        {.entity = agent->entity, .action = kActions.at(static_cast<std::size_t>(desire)), .subject = agent->name});
  });
}

void SqliteStore::touch(Id id) {
  const UnixMillis now = clock_->now();
  {
    const std::scoped_lock lock(touched_mutex_);
    auto& last = touched_[id];
    if (last != 0 && now - last < kTouchEvery) return;
    last = now;
  }
  database_->post([this, id](Connection& db) { return heartbeat(tx(db), id); });
}

}  // namespace slipway::server::sqlite
