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

Result<ItemStore::Expired> expire(const Tx& tx) {
  TRY(auto rows, expired_rows(tx));
  ItemStore::Expired expired{.more = rows.size() > kBatch};
  if (expired.more) rows.pop_back();
  for (auto& row : rows) {
    TRY_VOID(lose_lease(tx, row, Cause{"server", "the lease ran out"}));
    const bool leasable = row.item.state == ItemState::pending || row.takeover;
    if (leasable && std::ranges::find(expired.queues, row.item.queue) == expired.queues.end()) {
      expired.queues.push_back(row.item.queue);
    }
  }
  return expired;
}

}  // namespace

Task<ItemStore::Expired> SqliteStore::expire_leases() {
  return database_->write([this](Connection& db) { return expire(tx(db)); });
}

Task<std::optional<UnixMillis>> SqliteStore::next_expiry() {
  return database_->read([](Connection& db) {
    return db.value<UnixMillis>(
        "SELECT lease_expires_at FROM items WHERE lease_expires_at IS NOT NULL ORDER BY lease_expires_at LIMIT 1");
  });
}

}  // namespace slipway::server::sqlite
