#include <algorithm>

#include <fmt/format.h>

#include "server/store/sqlite/sqlite_store.h"

namespace slipway::server::sqlite {
namespace {

constexpr int kLowestPriority = 3;  ///< 0 critical … 3 low (D-71).

/// An item to push, its documents as text already.
struct Pushed {
  PushItem item;
  std::string spec, submitted;
};

struct PushRows {
  std::vector<ItemRow> items;
  std::vector<LeaseRow> leases;
};

/// What pushes need of their queue; the last one is kept, because items of one call mostly go to one queue.
struct Target {
  Id id = 0;
  std::string name, entity;
  bool deleting = false;
};

Result<> load_target(Connection& db, Id queue, Target& target) {
  if (target.id == queue) return Result<>();
  TRY(auto rows, db.query("SELECT q.name, e.name, q.deleting FROM queues q JOIN entities e ON e.id = q.entity"
                          " WHERE q.id = ? AND q.deleted_at IS NULL",
                          queue));
  TRY(const bool found, rows.next());
  if (!found) return Error(Code::not_found, fmt::format("there is no queue {}", queue));
  rows.read(target.name, target.entity, target.deleting);
  if (target.deleting) return Error(Code::failed_precondition, fmt::format("queue '{}' is being deleted", target.name));
  target.id = queue;
  return Result<>();
}

Result<> add_run(const Tx& tx, ItemRow& row) {
  const Item& item = row.item;
  if (item.run_name.empty()) return Result<>();
  TRY(row.run, tx.db.value<Id>(
                   "INSERT INTO runs (entity, project, name, display_name, user, item, created_at)"
                   " VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6) ON CONFLICT (entity, project, name) DO UPDATE SET"
                   " item = excluded.item, state = 'pending', exit_code = NULL, finished_at = NULL, stop_requested = 0"
                   " RETURNING id",
                   item.run_entity, item.run_project, item.run_name, item.author, item.id, tx.now));
  TRY_VOID(tx.db.run("UPDATE items SET run = ? WHERE id = ?", row.run, item.id));
  return Result<>();
}

Result<ItemRow> insert_item(const Tx& tx, const Pushed& pushed, const Target& target, const Cause& cause) {
  const PushItem& from = pushed.item;
  const auto key = from.client_key.empty() ? std::optional<std::string>() : from.client_key;
  TRY_VOID(tx.db.run(
      "INSERT INTO items (queue, state, priority, run_entity, run_project, run_name, author, job, client_key, "
      "pushed_at)"
      " VALUES (?, 0, ?, ?, ?, ?, ?, ?, ?, ?)",
      from.queue, from.priority, from.run_entity, from.run_project, from.run_name, from.author, from.job, key, tx.now));
  ItemRow row;
  row.item = Item{.id = tx.db.last_id(),
                  .queue = from.queue,
                  .queue_name = target.name,
                  .queue_entity = target.entity,
                  .priority = from.priority,
                  .run_entity = from.run_entity,
                  .run_project = from.run_project,
                  .run_name = from.run_name,
                  .author = from.author,
                  .job = from.job,
                  .pushed_at = tx.now};
  TRY_VOID(tx.db.run("INSERT INTO item_payloads (item, spec, submitted) VALUES (?, ?, ?)", row.item.id, pushed.spec,
                     pushed.submitted));
  TRY_VOID(add_event(tx, row.item.id, 1, std::nullopt, ItemState::pending, cause));
  TRY_VOID(add_run(tx, row));
  return row;
}

Result<ItemRow> push_one(const Tx& tx, const Pushed& pushed, Target& target, const Cause& cause) {
  const PushItem& item = pushed.item;
  if (item.priority < 0 || item.priority > kLowestPriority) {
    return Error(Code::invalid_argument,
                 fmt::format("priority {} is not between 0 (critical) and {} (low)", item.priority, kLowestPriority));
  }
  TRY_VOID(load_target(tx.db, item.queue, target));
  if (!item.client_key.empty()) {
    TRY(const auto first,
        tx.db.value<Id>("SELECT id FROM items WHERE queue = ? AND client_key = ?", item.queue, item.client_key));
    if (first) return must_load_item(tx.db, *first);
  }
  return insert_item(tx, pushed, target, cause);
}

/// The items of this push are the newest, so what the parked agent gets is what it would have got by asking now.
Result<std::vector<LeaseRow>> offer_to(const Tx& tx, const LeaseRequest& offer, Turns& turns) {
  auto leases = grant_leases(tx, offer, turns);
  const bool agent_is_gone =
      !leases && (leases.error().code() == Code::stale || leases.error().code() == Code::not_found);
  if (agent_is_gone) return std::vector<LeaseRow>();
  return leases;
}

}  // namespace

Task<ItemStore::PushOutcome> SqliteStore::push(std::vector<PushItem> items, std::optional<LeaseRequest> offer,
                                               Cause cause) {
  std::vector<Pushed> pushed;
  pushed.reserve(items.size());
  for (auto& item : items) {
    std::string spec = document_text(item.spec, "{}");
    std::string submitted = document_text(item.submitted, "{}");
    item.spec = nullptr;
    item.submitted = nullptr;
    pushed.push_back(Pushed{.item = std::move(item), .spec = std::move(spec), .submitted = std::move(submitted)});
  }
  auto work = [this, pushed = std::move(pushed), offer, cause](Connection& db) -> Result<PushRows> {
    const Tx now = tx(db);
    PushRows out;
    Target target;
    for (const auto& each : pushed) {
      TRY(auto row, push_one(now, each, target, cause));
      out.items.push_back(std::move(row));
    }
    if (!offer) return out;
    TRY(out.leases, offer_to(now, *offer, turns_));
    for (const auto& lease : out.leases) {
      const auto same = std::ranges::find(out.items, lease.row.item.id, [](const ItemRow& row) { return row.item.id; });
      if (same != out.items.end()) *same = lease.row;
    }
    return out;
  };
  auto written = co_await database_->write(std::move(work));
  CO_TRY(auto rows, std::move(written));
  PushOutcome outcome;
  for (const auto& row : rows.items) outcome.items.push_back(public_item(row));
  for (auto& lease : rows.leases) outcome.leases.push_back(parse_lease(std::move(lease)));
  co_return outcome;
}

}  // namespace slipway::server::sqlite
