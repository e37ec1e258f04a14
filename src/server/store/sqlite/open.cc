#include "server/store/sqlite/migrations.h"
#include "server/store/sqlite/sqlite_store.h"

namespace slipway::server::sqlite {
namespace {

/// No agent could renew while the server was down: each gets a full term from now on, so that a restart takes nothing away (fault B8).
Result<> prolong_leases(const Tx& tx) {
  TRY_VOID(
      tx.db.run("UPDATE items SET lease_expires_at = max(lease_expires_at,"
                " ? + (SELECT lease_ttl FROM queues WHERE id = items.queue)) WHERE lease_expires_at IS NOT NULL",
                tx.now));
  return Result<>();
}

}  // namespace

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::string& path, const Clock& clock) {
  TRY(auto database, Database::open(db::sqlite::DatabaseOptions{.path = path, .migrations = kMigrations}));
  std::unique_ptr<SqliteStore> store(new SqliteStore(std::move(database), clock));
  // Queued first, so it is done before anything that the caller asks for.
  auto* self = store.get();
  store->database_->post([self](Connection& db) { return prolong_leases(self->tx(db)); });
  return store;
}

}  // namespace slipway::server::sqlite
