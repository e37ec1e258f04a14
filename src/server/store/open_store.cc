#include <fmt/format.h>

#include "server/store/sqlite/sqlite_store.h"

namespace slipway::server {

Result<std::unique_ptr<Store>> open_store(const StoreOptions& options) {
  constexpr std::string_view kSqlite = "sqlite:";
  const auto colon = options.url.find(':');
  const std::string scheme = options.url.substr(0, colon);
  if (!options.url.starts_with(kSqlite) || options.url.size() == kSqlite.size()) {
    return Error(Code::invalid_argument,
                 fmt::format("opening the store: '{}' is not a database that slipway knows", scheme))
        .hint("Use sqlite:PATH, for example sqlite:/var/lib/slipway/slipway.db.");
  }
  TRY(auto store, sqlite::SqliteStore::open(options.url.substr(kSqlite.size()), *options.clock));
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace slipway::server
