// The W&B way of taking items (protocol 1.4): pop, acknowledge, fail; without epochs and without renewals.
//
// A pop that is not acknowledged comes back after the queue's lease_ttl (protocol 13.1 item 8). An acknowledged item is CLAIMED and may be
// submitted at any moment without our knowledge, so it never goes back to its queue and is never offered for takeover: nobody else
// could find its backend object by name. Its lease lasts five terms from the last sign of life of its agent (touch). After that it
// stays CLAIMED with `unreachable_since`, until its run, a failRunQueueItem, or a person ends it; its agent's next sign of life takes it back.
#include <fmt/format.h>

#include "server/store/sqlite/sqlite_store.h"
#include "server/store/sqlite/transitions.h"

namespace slipway::server::sqlite {
namespace {

Result<Holder> popping_agent(Connection& db, std::optional<Id> agent) {
  if (!agent) return Holder{.name = "unnamed"};
  TRY(const auto name, db.value<std::string>("SELECT name FROM agents WHERE id = ?", *agent));
  if (!name) return Error(Code::not_found, fmt::format("there is no agent {}", *agent));
  return Holder{.agent = *agent, .name = *name};
}

Result<std::optional<LeaseRow>> pop_one(const Tx& tx, Id queue, std::optional<Id> agent) {
  TRY(const auto holder, popping_agent(tx.db, agent));
  TRY(auto rows,
      tx.db.query("SELECT state, prioritized, deleting FROM queues WHERE id = ? AND deleted_at IS NULL", queue));
  TRY(const bool found, rows.next());
  if (!found) return Error(Code::not_found, fmt::format("there is no queue {}", queue));
  auto state = QueueState::active;
  bool prioritized = false;
  bool deleting = false;
  rows.read(state, prioritized, deleting);
  std::optional<LeaseRow> lease;
  if (state == QueueState::paused || deleting) return lease;
  TRY(const auto ids, next_waiting(tx.db, queue, prioritized, 1));
  if (ids.empty()) return lease;
  TRY(lease, grant(tx, ids.front(), holder, Protocol::wire));
  return lease;
}

/// The client may have chosen another run name than the item was pushed with, or the first one.
Result<> link_run(const Tx& tx, ItemRow& row, const std::string& run_name) {
  row.item.run_name = run_name;
  TRY(row.run,
      tx.db.value<Id>("INSERT INTO runs (entity, project, name, display_name, user, item, created_at)"
                      " VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6) ON CONFLICT (entity, project, name)"
                      " DO UPDATE SET item = excluded.item RETURNING id",
                      row.item.run_entity, row.item.run_project, run_name, row.item.author, row.item.id, tx.now));
  return Result<>();
}

Result<bool> acknowledge_one(const Tx& tx, Id id, const std::string& run_name, const Cause& cause) {
  TRY(auto row, must_load_item(tx.db, id));
  if (!row.wire) return false;
  // The reply to the first acknowledgement was lost.
  if (row.item.state == ItemState::claimed) return row.item.run_name == run_name;
  if (row.item.state != ItemState::leased) return false;
  if (!run_name.empty() && run_name != row.item.run_name) TRY_VOID(link_run(tx, row, run_name));
  row.item.lease_expires_at = lease_end(tx, row, ItemState::claimed);
  TRY_VOID(move_item(tx, row, ItemState::claimed, cause));
  return true;
}

std::string_view class_of_stage(std::string_view stage) {
  if (stage == "build") return launch::failure::build;
  if (stage == "run") return launch::failure::backend;
  return launch::failure::internal;
}

Result<bool> fail_one(const Tx& tx, Id id, const std::string& message, const std::string& stage,
                      const std::string& file_paths, const Cause& cause) {
  TRY(auto row, must_load_item(tx.db, id));
  if (row.item.state == ItemState::failed) return true;
  if (!row.wire || launch::is_terminal(row.item.state) || row.item.state == ItemState::pending) return false;
  row.item.message = message;
  row.item.stage = stage;
  row.item.failure_class = class_of_stage(stage);
  TRY_VOID(tx.db.run("UPDATE item_payloads SET file_paths = ? WHERE item = ?", file_paths, id));
  TRY_VOID(move_item(tx, row, ItemState::failed, cause));
  return true;
}

}  // namespace

Task<std::optional<Lease>> SqliteStore::pop(Id queue, std::optional<Id> agent) {
  auto work = [this, queue, agent](Connection& db) { return pop_one(tx(db), queue, agent); };
  auto popped = co_await database_->write(std::move(work));
  CO_TRY(auto row, std::move(popped));
  if (agent) touch(*agent);
  std::optional<Lease> lease;
  if (row) lease = parse_lease(*std::move(row));
  co_return lease;
}

Task<bool> SqliteStore::acknowledge(Id item, std::string run_name, Cause cause) {
  return database_->write([this, item, run_name = std::move(run_name), cause = std::move(cause)](Connection& db) {
    return acknowledge_one(tx(db), item, run_name, cause);
  });
}

Task<bool> SqliteStore::fail(Id item, std::string message, std::string stage, Json file_paths, Cause cause) {
  return database_->write(
      [this, item, message = std::move(message), stage = std::move(stage), paths = document_text(file_paths, "[]"),
       cause = std::move(cause)](Connection& db) { return fail_one(tx(db), item, message, stage, paths, cause); });
}

}  // namespace slipway::server::sqlite
