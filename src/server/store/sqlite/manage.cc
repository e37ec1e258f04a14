// What people do to items: cancel, priority, remove, requeue.
#include <fmt/format.h>

#include "server/store/sqlite/sqlite_store.h"
#include "server/store/sqlite/transitions.h"

namespace slipway::server::sqlite {
namespace {

constexpr int kLowestPriority = 3;

/// A waiting item, without reading its whole row: people cancel 100,000 at once (fault B9).
Result<bool> stop_waiting(const Tx& tx, Id id, const Cause& cause) {
  TRY(auto rows,
      tx.db.query("UPDATE items SET state = 8, finished_at = ?, cancel_requested = 1 WHERE id = ? AND state = 0"
                  " RETURNING attempt, run",
                  tx.now, id));
  TRY(const bool found, rows.next());
  if (!found) return false;
  int attempt = 1;
  std::optional<Id> run;
  rows.read(attempt, run);
  TRY_VOID(rows.next());
  TRY_VOID(add_event(tx, id, attempt, ItemState::pending, ItemState::stopped, cause));
  if (!run) return true;
  TRY_VOID(tx.db.run("UPDATE runs SET state = 'killed', stop_requested = 1, finished_at = ? WHERE id = ? AND item = ?",
                     tx.now, *run, id));
  return true;
}

/// True when it changed. An item that nobody can be told about (a W&B agent that is gone) ends at once.
Result<bool> cancel_held(const Tx& tx, Id id, const Cause& cause) {
  TRY(auto row, load_item(tx.db, id));
  if (!row || launch::is_terminal(row->item.state)) return false;
  TRY_VOID(ask_run_to_stop(tx, *row));
  const bool nobody_there = row->wire && !row->held();
  const bool again = row->item.cancel_requested;
  row->item.cancel_requested = true;
  if (nobody_there) {
    TRY_VOID(move_item(tx, *row, ItemState::stopped, cause));
    return true;
  }
  if (again) return false;
  TRY_VOID(save_item(tx, *row, row->item.state));
  const Cause note{cause.actor, cause.reason.empty() ? "cancel asked for" : "cancel asked for: " + cause.reason};
  TRY_VOID(add_note(tx, *row, note));
  return true;
}

Result<std::int64_t> cancel_all(const Tx& tx, const std::vector<Id>& items, const Cause& cause) {
  std::int64_t changed = 0;
  for (const Id id : items) {
    TRY(bool stopped, stop_waiting(tx, id, cause));
    if (!stopped) {
      TRY(stopped, cancel_held(tx, id, cause));
    }
    changed += stopped ? 1 : 0;
  }
  return changed;
}

Result<std::int64_t> prioritize(const Tx& tx, const std::vector<Id>& items, int priority, const Cause& cause) {
  if (priority < 0 || priority > kLowestPriority) {
    return Error(Code::invalid_argument,
                 fmt::format("priority {} is not between 0 (critical) and {} (low)", priority, kLowestPriority));
  }
  const Cause note{cause.actor,
                   fmt::format("priority {}{}{}", priority, cause.reason.empty() ? "" : ": ", cause.reason)};
  std::int64_t changed = 0;
  for (const Id id : items) {
    TRY(auto rows,
        tx.db.query(
            "UPDATE items SET priority = ?1 WHERE id = ?2 AND state < 6 AND priority <> ?1 RETURNING state, attempt",
            priority, id));
    TRY(const bool found, rows.next());
    if (!found) continue;
    auto state = ItemState::pending;
    int attempt = 1;
    rows.read(state, attempt);
    TRY_VOID(rows.next());
    TRY_VOID(add_event(tx, id, attempt, state, state, note));
    ++changed;
  }
  return changed;
}

Result<> remove_one(const Tx& tx, Id id, const Cause& cause) {
  TRY(auto row, must_load_item(tx.db, id));
  const ItemState state = row.item.state;
  if (state != ItemState::pending && !launch::is_terminal(state)) {
    return Error(Code::failed_precondition, fmt::format("item {} is {}", id, launch::state_name(state)))
        .hint("Cancel it first, and remove it when it has ended.");
  }
  TRY_VOID(add_event(tx, id, row.item.attempt, state, std::nullopt, cause));
  if (row.run) {
    TRY_VOID(
        tx.db.run("UPDATE runs SET item = 0, state = CASE WHEN ?1 THEN 'killed' ELSE state END,"
                  " finished_at = coalesce(finished_at, ?2) WHERE id = ?3 AND item = ?4",
                  state == ItemState::pending, tx.now, *row.run, id));
  }
  TRY_VOID(tx.db.run("DELETE FROM item_payloads WHERE item = ?", id));
  TRY_VOID(tx.db.run("DELETE FROM items WHERE id = ?", id));
  return Result<>();
}

Result<Item> requeue_one(const Tx& tx, Id id, const Cause& cause) {
  TRY(auto row, must_load_item(tx.db, id));
  if (!launch::is_terminal(row.item.state)) {
    return Error(Code::failed_precondition, fmt::format("item {} is {}; only an item that has ended can run again", id,
                                                        launch::state_name(row.item.state)));
  }
  TRY(const auto open,
      tx.db.value<Id>("SELECT id FROM queues WHERE id = ? AND deleting = 0 AND deleted_at IS NULL", row.item.queue));
  if (!open)
    return Error(Code::failed_precondition,
                 fmt::format("item {}: its queue '{}' was deleted", id, row.item.queue_name));
  row.item.cancel_requested = false;
  row.preemptions = 0;
  TRY_VOID(start_attempt(tx, row, cause));
  return public_item(row);
}

}  // namespace

Task<std::int64_t> SqliteStore::cancel(std::vector<Id> items, Cause cause) {
  return database_->write([this, items = std::move(items), cause = std::move(cause)](Connection& db) {
    return cancel_all(tx(db), items, cause);
  });
}

Task<std::int64_t> SqliteStore::set_priority(std::vector<Id> items, int priority, Cause cause) {
  return database_->write([this, items = std::move(items), priority, cause = std::move(cause)](Connection& db) {
    return prioritize(tx(db), items, priority, cause);
  });
}

Task<> SqliteStore::remove(Id item, Cause cause) {
  return database_->write(
      [this, item, cause = std::move(cause)](Connection& db) { return remove_one(tx(db), item, cause); });
}

Task<Item> SqliteStore::requeue(Id item, Cause cause) {
  return database_->write(
      [this, item, cause = std::move(cause)](Connection& db) { return requeue_one(tx(db), item, cause); });
}

}  // namespace slipway::server::sqlite
