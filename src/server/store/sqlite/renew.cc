// Renewing leases, and what an agent and the store believe about each other. Absolute state both ways: a lost reply is repaired by the next call.
#include <set>

#include <fmt/format.h>

#include "server/store/sqlite/sqlite_store.h"
#include "server/store/sqlite/transitions.h"

namespace slipway::server::sqlite {
namespace {

/// The reply that carries a lease may still be on its way to an agent that renews meanwhile: so long it is not missed.
constexpr Millis kReplyGrace{10'000};

std::string actor_of(const Holder& holder) { return "agent:" + holder.name; }

/// The usual case in one statement: the lease is held. An agent that has held a submitted item for a whole term was not killed by it, so
/// the deliveries of that item start anew: a long job may outlive many agents. Nothing: it is not a lease of this agent.
Result<std::optional<bool>> extend(const Tx& tx, const HeldItem& held, Id agent) {
  return tx.db.value<bool>(
      "UPDATE items SET lease_expires_at = ?1 + q.lease_ttl,"
      " deliveries = CASE WHEN submitted AND deliveries > 1 AND leased_at <= ?1 - q.lease_ttl THEN 1 ELSE deliveries "
      "END"
      " FROM queues q WHERE q.id = items.queue AND items.id = ?2 AND items.epoch = ?3 AND items.agent = ?4"
      " AND items.state BETWEEN 1 AND 5 AND items.lease_expires_at IS NOT NULL AND items.wire = 0 RETURNING "
      "cancel_requested",
      tx.now, held.item, held.epoch, agent);
}

/// The lease ran out, but nobody has taken the item over yet.
Result<> take_back(const Tx& tx, ItemRow& row, const Holder& holder) {
  row.takeover = false;
  row.item.unreachable_since.reset();
  row.item.lease_expires_at = lease_end(tx, row, row.item.state);
  TRY_VOID(save_item(tx, row, row.item.state));
  return add_note(tx, row, Cause{actor_of(holder), "lease renewed after it ran out"});
}

Result<std::optional<ItemDirective>> renew_one(const Tx& tx, const HeldItem& held, const Holder& holder) {
  const ItemDirective drop{.item = held.item, .directive = Directive::drop};
  TRY(auto cancelled, extend(tx, held, holder.agent));
  if (!cancelled) {
    TRY(auto row, load_item(tx.db, held.item));
    const bool mine = row && row->takeover && row->item.epoch == held.epoch && row->item.agent == holder.agent;
    if (!mine) return drop;
    TRY_VOID(take_back(tx, *row, holder));
    cancelled = row->item.cancel_requested;
  }
  if (!*cancelled) return std::optional<ItemDirective>();
  return ItemDirective{.item = held.item, .directive = Directive::cancel};
}

/// What the agent does not know of: it lost the reply, or its journal.
Result<> give_up_missing(const Tx& tx, const Holder& holder, const std::vector<HeldItem>& held) {
  std::set<std::pair<Id, std::int64_t>> known;
  for (const auto& item : held) known.emplace(item.item, item.epoch);
  // A lease of an earlier incarnation is missed at once: no reply to that process can be under way.
  std::vector<Id> missing;
  Id id = 0;
  std::int64_t epoch = 0;
  TRY(auto rows,
      tx.db.query(
          "SELECT i.id, i.epoch FROM items i, agents a WHERE a.id = ?1 AND i.agent = ?1 AND i.state BETWEEN 1 AND 5"
          " AND i.lease_expires_at IS NOT NULL AND i.wire = 0"
          " AND (i.leased_at < a.registered_at OR i.leased_at <= ?2)",
          holder.agent, tx.now - kReplyGrace.count()));
  TRY_VOID(rows.each([&] {
    rows.read(id, epoch);
    if (!known.contains({id, epoch})) missing.push_back(id);
  }));
  for (const Id item : missing) {
    TRY(auto row, must_load_item(tx.db, item));
    TRY_VOID(lose_lease(tx, row, Cause{actor_of(holder), "the agent does not hold it"}));
  }
  return Result<>();
}

Result<std::vector<ItemDirective>> renew_all(const Tx& tx, Id agent, const std::string& incarnation,
                                             const std::vector<HeldItem>& held) {
  TRY(const auto holder, current_holder(tx.db, agent, incarnation));
  std::vector<ItemDirective> directives;
  for (const auto& item : held) {
    TRY(const auto directive, renew_one(tx, item, holder));
    if (directive) directives.push_back(*directive);
  }
  TRY_VOID(give_up_missing(tx, holder, held));
  return directives;
}

Result<> release_one(const Tx& tx, Id id, std::int64_t epoch, const Cause& cause) {
  TRY(auto row, must_load_item(tx.db, id));
  if (row.item.epoch != epoch) return Error(Code::stale, fmt::format("item {}: the lease has moved on", id));
  // Given back twice, or given back after it ran out or ended: there is nothing left to do.
  if (!row.held()) return Result<>();
  if (row.submitted) {
    return Error(Code::failed_precondition,
                 fmt::format("item {}: it was submitted already, so it cannot go back to its queue", id));
  }
  --row.item.deliveries;
  return put_back(tx, row, cause);
}

}  // namespace

Task<std::vector<ItemDirective>> SqliteStore::renew(Id agent, std::string incarnation, std::vector<HeldItem> held) {
  touch(agent);
  return database_->write([this, agent, incarnation = std::move(incarnation), held = std::move(held)](Connection& db) {
    return renew_all(tx(db), agent, incarnation, held);
  });
}

Task<> SqliteStore::release(Id item, std::int64_t epoch, Cause cause) {
  return database_->write([this, item, epoch, cause = std::move(cause)](Connection& db) {
    return release_one(tx(db), item, epoch, cause);
  });
}

}  // namespace slipway::server::sqlite
