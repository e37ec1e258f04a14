#include "server/store/sqlite/sqlite_store.h"
#include "server/store/sqlite/tracking_sqlite.h"

namespace slipway::server {

std::unique_ptr<TrackingStore> open_tracking(Store& store) {
  // The one engine there is; another engine brings its own tracking tables and is asked for here.
  auto& engine = dynamic_cast<sqlite::SqliteStore&>(store);
  return std::make_unique<sqlite::SqliteTracking>(engine.database(), engine.clock());
}

}  // namespace slipway::server
