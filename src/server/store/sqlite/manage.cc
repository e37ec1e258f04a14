// What people do to items: cancel, priority, remove, requeue.
#include <map>

#include <fmt/format.h>

#include "server/store/sqlite/audit.h"
#include "server/store/sqlite/sqlite_store.h"
#include "server/store/sqlite/transitions.h"

namespace slipway::server::sqlite {
namespace {

constexpr int kLowestPriority = 3;

/// Which items of which queue have changed.
using Changed = std::map<Id, std::vector<Id>>;

Result<std::int64_t> audit_changed(const Tx& tx, const Cause& cause, std::string_view action, const Changed& changed) {
  std::int64_t count = 0;
  for (const auto& [queue, items] : changed) {
    TRY_VOID(add_items_audit(tx, cause, action, queue, items));
    count += static_cast<std::int64_t>(items.size());
  }
  return count;
}

/// A waiting item, without reading its whole row: people cancel 100,000 at once (fault B9).
Result<bool> stop_waiting(const Tx& tx, Id id, const Cause& cause, Changed& changed) {
  TRY(auto rows,
      tx.db.query("UPDATE items SET state = 8, finished_at = ?, cancel_requested = 1 WHERE id = ? AND state = 0"
                  " RETURNING queue, attempt, run",
                  tx.now, id));
  TRY(const bool found, rows.next());
  if (!found) return false;
  Id queue = 0;
  int attempt = 1;
  std::optional<Id> run;
  rows.read(queue, attempt, run);
  TRY_VOID(rows.next());
  changed[queue].push_back(id);
  TRY_VOID(add_event(tx, id, attempt, ItemState::pending, ItemState::stopped, cause));
  if (!run) return true;
  TRY_VOID(tx.db.run("UPDATE runs SET state = 'killed', stop_requested = 1, finished_at = ? WHERE id = ? AND item = ?",
                     tx.now, *run, id));
  return true;
}

/// An item that nobody can be told about (a W&B agent that is gone) ends at once; with `force` also one that waits for its machine to come back.
Result<> cancel_held(const Tx& tx, Id id, bool force, const Cause& cause, Changed& changed) {
  TRY(auto row, load_item(tx.db, id));
  if (!row || launch::is_terminal(row->item.state)) return Result<>();
  TRY_VOID(ask_run_to_stop(tx, *row));
  const bool nobody_there = !row->held() && (row->wire || (force && row->out_of_reach()));
  const bool again = row->item.cancel_requested;
  row->item.cancel_requested = true;
  if (again && !nobody_there) return Result<>();
  changed[row->item.queue].push_back(id);
  if (nobody_there) return move_item(tx, *row, ItemState::stopped, cause);
  TRY_VOID(save_item(tx, *row, row->item.state));
  const Cause note{cause.actor, cause.reason.empty() ? "cancel asked for" : "cancel asked for: " + cause.reason};
  return add_note(tx, *row, note);
}

Result<std::int64_t> cancel_all(const Tx& tx, const std::vector<Id>& items, bool force, const Cause& cause) {
  Changed changed;
  for (const Id id : items) {
    TRY(const bool stopped, stop_waiting(tx, id, cause, changed));
    if (!stopped) TRY_VOID(cancel_held(tx, id, force, cause, changed));
  }
  return audit_changed(tx, cause, "item.cancel", changed);
}

Result<std::int64_t> prioritize(const Tx& tx, const std::vector<Id>& items, int priority, const Cause& cause) {
  if (priority < 0 || priority > kLowestPriority) {
    return Error(Code::invalid_argument,
                 fmt::format("priority {} is not between 0 (critical) and {} (low)", priority, kLowestPriority));
  }
  const Cause note{cause.actor,
                   fmt::format("priority {}{}{}", priority, cause.reason.empty() ? "" : ": ", cause.reason)};
  Changed changed;
  for (const Id id : items) {
    TRY(auto rows, tx.db.query("UPDATE items SET priority = ?1 WHERE id = ?2 AND state < 6 AND priority <> ?1 "
                               "RETURNING queue, state, attempt",
                               priority, id));
    TRY(const bool found, rows.next());
    if (!found) continue;
    auto state = ItemState::pending;
    Id queue = 0;
    int attempt = 1;
    rows.read(queue, state, attempt);
    TRY_VOID(rows.next());
    TRY_VOID(add_event(tx, id, attempt, state, state, note));
    changed[queue].push_back(id);
  }
  return audit_changed(tx, note, "item.priority", changed);
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
  return add_items_audit(tx, cause, "item.remove", row.item.queue, {id});
}

Result<Item> requeue_one(const Tx& tx, Id id, bool force, const Cause& cause) {
  TRY(auto row, must_load_item(tx.db, id));
  const bool given_up = force && row.out_of_reach();
  if (!launch::is_terminal(row.item.state) && !given_up) {
    if (row.out_of_reach()) {
      return Error(Code::failed_precondition,
                   fmt::format("item {} is {}, and no agent reaches its job", id, launch::state_name(row.item.state)))
          .hint("Requeue it by force when its machine will not come back: should it, two of its jobs run.");
    }
    return Error(Code::failed_precondition, fmt::format("item {} is {}; only an item that has ended can run again", id,
                                                        launch::state_name(row.item.state)));
  }
  TRY(const auto open,
      tx.db.value<Id>("SELECT id FROM queues WHERE id = ? AND deleting = 0 AND deleted_at IS NULL", row.item.queue));
  if (!open)
    return Error(Code::failed_precondition,
                 fmt::format("item {}: its queue '{}' was deleted", id, row.item.queue_name));
  if (given_up) TRY_VOID(move_item(tx, row, ItemState::stopped, cause));
  row.item.cancel_requested = false;
  row.preemptions = 0;
  TRY_VOID(add_items_audit(tx, cause, "item.requeue", row.item.queue, {id}));
  TRY_VOID(start_attempt(tx, row, cause));
  return public_item(row);
}

}  // namespace

Task<std::int64_t> SqliteStore::cancel(std::vector<Id> items, Cause cause, bool force) {
  return database_->write([this, items = std::move(items), cause = std::move(cause), force](Connection& db) {
    return cancel_all(tx(db), items, force, cause);
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

Task<Item> SqliteStore::requeue(Id item, Cause cause, bool force) {
  return database_->write([this, item, cause = std::move(cause), force](Connection& db) {
    return requeue_one(tx(db), item, force, cause);
  });
}

}  // namespace slipway::server::sqlite
