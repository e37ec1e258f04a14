#include <fmt/format.h>

#include "server/store/sqlite/audit.h"
#include "server/store/sqlite/queue_rows.h"
#include "server/store/sqlite/sqlite_store.h"

namespace slipway::server::sqlite {
namespace {

constexpr std::size_t kLongestName = 64;  ///< Protocol 1.5.

Result<> check_queue(const Queue& queue) {
  if (queue.name.empty() || queue.name.size() > kLongestName) {
    return Error(Code::invalid_argument,
                 fmt::format("a queue's name has 1 to {} characters, not {}", kLongestName, queue.name.size()));
  }
  if (queue.lease_ttl.count() < 1) return Error(Code::invalid_argument, "a queue's lease_ttl is at least 1 ms");
  if (queue.max_deliveries < 1) return Error(Code::invalid_argument, "a queue's max_deliveries is at least 1");
  return Result<>();
}

Result<Queue> insert_queue(const Tx& tx, const Queue& queue, const Cause& cause) {
  TRY_VOID(check_queue(queue));
  TRY(const auto entity, tx.db.value<Id>("SELECT id FROM entities WHERE id = ?", queue.entity));
  if (!entity) return Error(Code::not_found, fmt::format("there is no entity {}", queue.entity));
  TRY(const auto taken, tx.db.value<Id>("SELECT id FROM queues WHERE entity = ? AND name = ? AND deleted_at IS NULL",
                                        queue.entity, queue.name));
  if (taken) return Error(Code::conflict, fmt::format("a queue named '{}' exists already", queue.name));
  const std::string& creator = queue.created_by.empty() ? cause.actor : queue.created_by;
  TRY_VOID(
      tx.db.run("INSERT INTO queues (entity, name, resource, access, prioritized, state, config, template_variables, "
                "external_links,"
                " policy, created_by, created_at, updated_at, lease_ttl, max_deliveries, lost_after)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12, ?13, ?14, ?15)",
                queue.entity, queue.name, queue.resource, queue.access, queue.prioritized, queue.state,
                document_text(queue.config, "{}"), document_text(queue.template_variables, "{}"),
                document_text(queue.external_links, "{}"), document_text(queue.policy, "{}"), creator, tx.now,
                queue.lease_ttl.count(), queue.max_deliveries, queue.lost_after.count()));
  const Id id = tx.db.last_id();
  Audited audited{.entity = queue.entity, .action = "queue.create", .subject = queue.name};
  audited.detail["resource"] = text_value(queue.resource);
  TRY_VOID(add_audit(tx, cause, audited));
  return must_load_queue(tx.db, id);
}

JsonObject changeable(const Queue& queue) {
  JsonObject members;
  members["resource"] = queue.resource;
  members["access"] = queue.access;
  members["prioritized"] = queue.prioritized;
  members["state"] = queue.state == QueueState::active ? "active" : "paused";
  members["config"] = queue.config;
  members["template_variables"] = queue.template_variables;
  members["external_links"] = queue.external_links;
  members["policy"] = queue.policy;
  members["lease_ttl"] = queue.lease_ttl.count();
  members["max_deliveries"] = queue.max_deliveries;
  members["lost_after"] = queue.lost_after.count();
  return members;
}

Result<> add_change(const Tx& tx, const Queue& was, const Queue& is, const Cause& cause) {
  JsonObject before = changeable(was);
  JsonObject after = changeable(is);
  for (const auto& member : changeable(was)) {
    if (after.at(member.key()) != member.value()) continue;
    before.erase(member.key());
    after.erase(member.key());
  }
  if (after.empty()) return Result<>();
  TRY_VOID(tx.db.run("INSERT INTO queue_changes (queue, at, actor, before, after) VALUES (?, ?, ?, ?, ?)", was.id,
                     tx.now, cause.actor, to_text(before), to_text(after)));
  Audited audited{.entity = was.entity, .action = "queue.update", .subject = was.name};
  if (after.size() == 1 && after.contains("state"))
    audited.action = is.state == QueueState::paused ? "queue.pause" : "queue.resume";
  JsonArray changed;
  for (const auto& member : after) changed.emplace_back(member.key());
  audited.detail["changed"] = std::move(changed);
  return add_audit(tx, cause, audited);
}

Result<Queue> write_queue(const Tx& tx, const Queue& queue, const Cause& cause) {
  TRY(const auto was, must_load_queue(tx.db, queue.id));
  Queue checked = queue;
  checked.name = was.name;
  TRY_VOID(check_queue(checked));
  TRY_VOID(tx.db.run(
      "UPDATE queues SET resource = ?, access = ?, prioritized = ?, state = ?, config = ?, template_variables = ?,"
      " external_links = ?, policy = ?, updated_at = ?, lease_ttl = ?, max_deliveries = ?, lost_after = ? WHERE id "
      "= ?",
      queue.resource, queue.access, queue.prioritized, queue.state, document_text(queue.config, "{}"),
      document_text(queue.template_variables, "{}"), document_text(queue.external_links, "{}"),
      document_text(queue.policy, "{}"), tx.now, queue.lease_ttl.count(), queue.max_deliveries,
      queue.lost_after.count(), queue.id));
  TRY(auto is, must_load_queue(tx.db, queue.id));
  TRY_VOID(add_change(tx, was, is, cause));
  return is;
}

Result<QueueCounts> read_counts(Connection& db, Id queue) {
  QueueCounts counts;
  TRY(const auto waiting, db.value<std::int64_t>("SELECT count(*) FROM items WHERE queue = ? AND state = 0", queue));
  counts.waiting = waiting.value_or(0);
  auto state = launch::ItemState::pending;
  TRY(auto rows, db.query("SELECT state FROM items WHERE queue = ? AND state BETWEEN 1 AND 5", queue));
  TRY_VOID(rows.each([&] {
    rows.read(state);
    ++(state == launch::ItemState::running ? counts.running : counts.leased);
  }));
  return counts;
}

Result<std::vector<QueueChange>> read_history(Connection& db, Id queue) {
  std::vector<QueueChange> changes;
  std::string before, after;
  TRY(auto rows, db.query("SELECT at, actor, before, after FROM queue_changes WHERE queue = ? ORDER BY id", queue));
  TRY_VOID(rows.each([&] {
    auto& change = changes.emplace_back();
    rows.read(change.at, change.actor, before, after);
    change.before = document(before);
    change.after = document(after);
  }));
  return changes;
}

Result<Id> insert_resource_config(Connection& db, const QueueStore::ResourceConfig& config) {
  TRY(const auto entity, db.value<Id>("SELECT id FROM entities WHERE id = ?", config.entity));
  if (!entity) return Error(Code::not_found, fmt::format("there is no entity {}", config.entity));
  TRY_VOID(db.run("INSERT INTO resource_configs (entity, resource, config, template_variables) VALUES (?, ?, ?, ?)",
                  config.entity, config.resource, document_text(config.config, "{}"),
                  document_text(config.template_variables, "{}")));
  return db.last_id();
}

Result<std::optional<QueueStore::ResourceConfig>> read_resource_config(Connection& db, Id id) {
  std::optional<QueueStore::ResourceConfig> config;
  TRY(auto rows,
      db.query("SELECT id, entity, resource, config, template_variables FROM resource_configs WHERE id = ?", id));
  TRY(const bool found, rows.next());
  if (!found) return config;
  std::string bare, variables;
  auto& out = config.emplace();
  rows.read(out.id, out.entity, out.resource, bare, variables);
  out.config = document(bare);
  out.template_variables = document(variables);
  return config;
}

}  // namespace

Task<Queue> SqliteStore::create_queue(Queue queue, Cause cause) {
  return database_->write([this, queue = std::move(queue), cause = std::move(cause)](Connection& db) {
    return insert_queue(tx(db), queue, cause);
  });
}

Task<Queue> SqliteStore::update_queue(Queue queue, Cause cause) {
  return database_->write([this, queue = std::move(queue), cause = std::move(cause)](Connection& db) {
    return write_queue(tx(db), queue, cause);
  });
}

Task<std::optional<Queue>> SqliteStore::find_queue(Id entity, std::string name) {
  return database_->read([entity, name = std::move(name)](Connection& db) { return load_queue(db, entity, name); });
}

Task<std::optional<Queue>> SqliteStore::get_queue(Id id) {
  return database_->read([id](Connection& db) { return load_queue(db, id); });
}

Task<std::vector<Queue>> SqliteStore::list_queues(Id entity) {
  return database_->read([entity](Connection& db) { return load_queues(db, entity); });
}

Task<QueueCounts> SqliteStore::counts(Id id) {
  return database_->read([id](Connection& db) { return read_counts(db, id); });
}

Task<std::vector<QueueChange>> SqliteStore::history(Id id) {
  return database_->read([id](Connection& db) { return read_history(db, id); });
}

Task<Id> SqliteStore::add_resource_config(ResourceConfig config) {
  return database_->write([config = std::move(config)](Connection& db) { return insert_resource_config(db, config); });
}

Task<std::optional<QueueStore::ResourceConfig>> SqliteStore::get_resource_config(Id id) {
  return database_->read([id](Connection& db) { return read_resource_config(db, id); });
}

}  // namespace slipway::server::sqlite
