#include <algorithm>

#include "server/store/sqlite/sqlite_store.h"
#include "server/store/sqlite/transitions.h"

namespace slipway::server::sqlite {
namespace {

constexpr std::size_t kBatch = 256;

Result<std::vector<ItemRow>> expired_rows(const Tx& tx) {
  static const std::string sql =
      kSelectItem +
      "WHERE i.lease_expires_at IS NOT NULL AND i.lease_expires_at <= ? ORDER BY i.lease_expires_at LIMIT ?";
  std::vector<ItemRow> rows;
  TRY(auto found, tx.db.query(sql, tx.now, kBatch + 1));
  TRY_VOID(found.each([&] { read_item(found, rows.emplace_back()); }));
  return rows;
}

/// Nobody could come back while the store was closed, so that time does not count.
Result<std::vector<ItemRow>> lost_rows(const Tx& tx, UnixMillis opened_at) {
  static const std::string sql =
      kSelectItem +
      "WHERE i.unreachable_since IS NOT NULL AND i.lease_expires_at IS NULL AND i.state BETWEEN 1 AND 5"
      " AND q.lost_after > 0 AND max(i.unreachable_since, ?2) + q.lost_after <= ?1 LIMIT ?3";
  std::vector<ItemRow> rows;
  TRY(auto found, tx.db.query(sql, tx.now, opened_at, kBatch + 1));
  TRY_VOID(found.each([&] { read_item(found, rows.emplace_back()); }));
  return rows;
}

Result<> give_up_lost_items(const Tx& tx, UnixMillis opened_at, ItemStore::Expired& expired) {
  TRY(auto rows, lost_rows(tx, opened_at));
  if (rows.size() > kBatch) {
    expired.more = true;
    rows.pop_back();
  }
  for (auto& row : rows) {
    TRY_VOID(give_up_lost(tx, row));
    expired.items.push_back(public_item(row));
  }
  return Result<>();
}

Result<ItemStore::Expired> expire(const Tx& tx, UnixMillis opened_at) {
  TRY(auto rows, expired_rows(tx));
  ItemStore::Expired expired{.more = rows.size() > kBatch};
  if (expired.more) rows.pop_back();
  TRY_VOID(give_up_lost_items(tx, opened_at, expired));
  for (auto& row : rows) {
    TRY_VOID(lose_lease(tx, row, Cause{"server", "the lease ran out"}));
    expired.items.push_back(public_item(row));
    const bool leasable = row.item.state == ItemState::pending || row.takeover;
    if (leasable && std::ranges::find(expired.queues, row.item.queue) == expired.queues.end()) {
      expired.queues.push_back(row.item.queue);
    }
  }
  return expired;
}

}  // namespace

Task<ItemStore::Expired> SqliteStore::expire_leases() {
  return database_->write([this](Connection& db) { return expire(tx(db), opened_at_); });
}

Task<std::optional<UnixMillis>> SqliteStore::next_expiry() {
  return database_->read([opened_at = opened_at_](Connection& db) -> Result<std::optional<UnixMillis>> {
    TRY(const auto lease, db.value<UnixMillis>("SELECT lease_expires_at FROM items WHERE lease_expires_at IS NOT NULL"
                                               " ORDER BY lease_expires_at LIMIT 1"));
    TRY(const auto lost,
        db.value<UnixMillis>(
            "SELECT min(max(i.unreachable_since, ?) + q.lost_after) FROM items i CROSS JOIN queues q ON q.id = i.queue"
            " WHERE i.unreachable_since IS NOT NULL AND i.lease_expires_at IS NULL AND i.state BETWEEN 1 AND 5"
            " AND q.lost_after > 0",
            opened_at));
    if (lease && lost) return std::min(*lease, *lost);
    return lease ? lease : lost;
  });
}

}  // namespace slipway::server::sqlite
