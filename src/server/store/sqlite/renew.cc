// Renewing leases, and what an agent and the store believe about each other. Absolute state both ways: a lost reply is repaired by the next call.
#include <fmt/format.h>

#include "server/store/sqlite/sqlite_store.h"
#include "server/store/sqlite/transitions.h"

namespace slipway::server::sqlite {
namespace {

/// The reply that carries a lease may still be on its way to an agent that renews meanwhile: so long it is not missed.
constexpr Millis kReplyGrace{10'000};

std::string actor_of(const Holder& holder) { return "agent:" + holder.name; }

/// An agent that has held a submitted item for a whole term was not killed by it: its deliveries start anew (a long job may outlive many agents).
bool survived(const Tx& tx, const ItemRow& row) {
  return row.submitted && row.item.deliveries > 1 && row.item.leased_at && tx.now - *row.item.leased_at >= row.lease_ttl.count();
}

Result<> extend(const Tx& tx, const ItemRow& row) {
  const int deliveries = survived(tx, row) ? 1 : row.item.deliveries;
  TRY(const auto changed, tx.db.run("UPDATE items SET lease_expires_at = ?, deliveries = ? WHERE id = ? AND epoch = ?",
                                    lease_end(tx, row, row.item.state), deliveries, row.item.id, row.item.epoch));
  if (changed != 1) return Error(Code::stale, fmt::format("item {} has moved on", row.item.id));
  return Result<>();
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
  TRY(auto row, load_item(tx.db, held.item));
  if (!row || row->item.epoch != held.epoch || row->item.agent != holder.agent) return drop;
  if (launch::is_terminal(row->item.state) || (!row->held() && !row->takeover)) return drop;
  if (row->held()) {
    TRY_VOID(extend(tx, *row));
  } else {
    TRY_VOID(take_back(tx, *row, holder));
  }
  if (!row->item.cancel_requested) return std::optional<ItemDirective>();
  return ItemDirective{.item = held.item, .directive = Directive::cancel};
}

Result<std::vector<ItemRow>> leases_of(Connection& db, Id agent) {
  static const std::string sql =
      kSelectItem + "WHERE i.agent = ? AND i.state BETWEEN 1 AND 5 AND i.lease_expires_at IS NOT NULL AND i.wire = 0";
  std::vector<ItemRow> rows;
  TRY(auto found, db.query(sql, agent));
  TRY_VOID(found.each([&] { read_item(found, rows.emplace_back()); }));
  return rows;
}

/// What the agent does not know of: it lost the reply, or its journal.
Result<> give_up_missing(const Tx& tx, const Holder& holder, const std::vector<HeldItem>& held) {
  TRY(const auto registered_at, tx.db.value<UnixMillis>("SELECT registered_at FROM agents WHERE id = ?", holder.agent));
  TRY(auto rows, leases_of(tx.db, holder.agent));
  for (auto& row : rows) {
    const auto same = [&row](const HeldItem& item) { return item.item == row.item.id && item.epoch == row.item.epoch; };
    if (std::ranges::any_of(held, same)) continue;
    const auto leased_at = row.item.leased_at.value_or(0);
    const bool may_be_on_its_way = leased_at >= registered_at.value_or(0) && tx.now - leased_at < kReplyGrace.count();
    if (may_be_on_its_way) continue;
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
    return Error(Code::failed_precondition, fmt::format("item {}: it was submitted already, so it cannot go back to its queue", id));
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
  return database_->write(
      [this, item, epoch, cause = std::move(cause)](Connection& db) { return release_one(tx(db), item, epoch, cause); });
}

}  // namespace slipway::server::sqlite
