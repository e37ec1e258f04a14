#include <fmt/format.h>

#include "server/store/sqlite/audit.h"
#include "server/store/sqlite/queue_rows.h"
#include "server/store/sqlite/sqlite_store.h"
#include "server/store/sqlite/transitions.h"

namespace slipway::server::sqlite {
namespace {

/// All of them in three statements: a queue may hold a million.
Result<> stop_waiting_items(const Tx& tx, Id queue, const Cause& cause) {
  TRY_VOID(
      tx.db.run("INSERT INTO item_events (item, at, attempt, from_state, to_state, actor, reason)"
                " SELECT id, ?2, attempt, 0, 8, ?3, ?4 FROM items WHERE queue = ?1 AND state = 0",
                queue, tx.now, cause.actor, cause.reason));
  TRY_VOID(
      tx.db.run("UPDATE runs SET state = 'killed', stop_requested = 1, finished_at = ?2"
                " WHERE item IN (SELECT id FROM items WHERE queue = ?1 AND state = 0)"
                " AND id IN (SELECT run FROM items WHERE queue = ?1 AND state = 0)",
                queue, tx.now));
  TRY_VOID(tx.db.run("UPDATE items SET state = 8, finished_at = ?2, message = ?3 WHERE queue = ?1 AND state = 0", queue,
                     tx.now, cause.reason));
  return Result<>();
}

Result<std::vector<ItemRow>> active_items(Connection& db, Id queue) {
  static const std::string sql = kSelectItem + "WHERE i.queue = ? AND i.state BETWEEN 1 AND 5";
  std::vector<ItemRow> rows;
  TRY(auto found, db.query(sql, queue));
  TRY_VOID(found.each([&] { read_item(found, rows.emplace_back()); }));
  return rows;
}

/// Told to end, or ended at once when no agent can be told (a W&B agent that is gone).
Result<> cancel_active(const Tx& tx, ItemRow& row, const Cause& cause) {
  TRY_VOID(ask_run_to_stop(tx, row));
  row.item.cancel_requested = true;
  if (row.wire && !row.held()) return move_item(tx, row, ItemState::stopped, cause);
  TRY_VOID(save_item(tx, row, row.item.state));
  return add_note(tx, row, Cause{cause.actor, "cancel asked for: " + cause.reason});
}

Result<> delete_one(const Tx& tx, Id id, bool force, const Cause& cause) {
  TRY(const auto queue, must_load_queue(tx.db, id));
  TRY(auto active, active_items(tx.db, id));
  if (!active.empty() && !force) {
    return Error(Code::failed_precondition,
                 fmt::format("queue '{}' has {} items that are leased or running", queue.name, active.size()))
        .hint("Wait until they have ended, or delete the queue by force: that cancels them.");
  }
  const Cause gone{cause.actor,
                   cause.reason.empty() ? fmt::format("queue '{}' was deleted", queue.name) : cause.reason};
  Audited audited{.entity = queue.entity, .action = "queue.delete", .subject = queue.name};
  audited.detail["force"] = force;
  TRY_VOID(add_audit(tx, cause, audited));
  TRY_VOID(stop_waiting_items(tx, id, gone));
  TRY_VOID(tx.db.run("UPDATE queues SET deleting = 1 WHERE id = ?", id));
  for (auto& row : active) {
    row.queue_deleting = true;
    TRY_VOID(cancel_active(tx, row, gone));
  }
  TRY_VOID(
      tx.db.run("UPDATE queues SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL"
                " AND NOT EXISTS (SELECT 1 FROM items WHERE queue = queues.id AND state BETWEEN 1 AND 5)",
                tx.now, id));
  return Result<>();
}

}  // namespace

Task<> SqliteStore::delete_queue(Id id, bool force, Cause cause) {
  return database_->write(
      [this, id, force, cause = std::move(cause)](Connection& db) { return delete_one(tx(db), id, force, cause); });
}

}  // namespace slipway::server::sqlite
