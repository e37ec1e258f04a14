// Tracking: runs, their output, files and artifacts as one part of the server. Built by app.cc after the store.
//
//   TRY(auto tracking, Tracking::open(services));
//   tracking->bind(resolvers); tracking->mount(router);
//   tracking->start();
//   …  co_await services.scope.stop();  tracking->close();
#pragma once
#include <functional>
#include <memory>

#include "graphql/engine.h"
#include "server/api/router.h"
#include "server/services.h"
#include "server/store/tracking_store.h"
#include "server/store/tracking_streams.h"

namespace slipway::server {

struct TrackingOptions {
  std::int64_t max_log_bytes = 1ll << 30;  ///< Of each log of a run.
  Millis crash_after{10 * 60'000};         ///< Silence after which a run that nobody watches is crashed.
  Millis blob_grace{24 * 3'600'000};       ///< Unreferenced bytes are kept that long, twice.
};

class Tracking {
 public:
  /// In the data directory: logs.db, blobs/, uploads/, storage.key (0600). Codes: failed_precondition, resource_exhausted, internal.
  static Result<std::unique_ptr<Tracking>> open(Services& services, TrackingOptions options = {});
  virtual ~Tracking() = default;
  virtual void bind(graphql::Resolvers& resolvers) = 0;
  virtual void mount(Router& router) = 0;
  /// Background loops in services.scope: crashed runs, unreferenced bytes.
  virtual void start() = 0;
  /// Everything durable, threads joined. After the scope and the requests have stopped.
  virtual void close() = 0;

  /// Is there such a job ("entity/project/name:alias"), and may the caller read it? not_found otherwise. For the check at push.
  virtual Task<> check_job(Principal who, std::string job) = 0;
  virtual TrackingStore& store() = 0;
  virtual StreamStore& streams() = 0;
  /// Called when stopRun cancelled a run's item: the dispatch side wakes the agent that holds it.
  virtual void on_item_cancelled(std::function<void(const Item&)> callback) = 0;
};

}  // namespace slipway::server
