#include "server/tracking/tracking.h"

#include "async/periodic.h"
#include "server/tracking/artifact_resolvers.h"
#include "server/tracking/artifact_service.h"
#include "server/tracking/log_reader.h"
#include "server/tracking/metric_resolvers.h"
#include "server/tracking/run_resolvers.h"
#include "server/tracking/run_service.h"
#include "server/tracking/s3_blobs.h"
#include "server/tracking/storage_routes.h"
#include "server/tracking/stream_routes.h"

namespace slipway::server {

namespace {

class TrackingPart final : public Tracking {
 public:
  TrackingPart(Services& services, TrackingOptions options, std::unique_ptr<TrackingStore> store,
               std::unique_ptr<StreamStore> streams, Grants grants, std::unique_ptr<BlobFiles> files)
      : services_(services),
        options_(options),
        store_(std::move(store)),
        streams_(std::move(streams)),
        grants_(std::move(grants)),
        files_(std::move(files)) {}

  void bind(graphql::Resolvers& resolvers) override {
    run_resolvers_.bind(resolvers);
    metric_resolvers_.bind(resolvers);
    artifact_resolvers_.bind(resolvers);
  }
  void mount(Router& router) override {
    stream_routes_.mount(router);
    storage_routes_.mount(router);
  }
  void start() override {
    services_.scope.spawn("crashed runs", [this] {
      return run_periodic({.name = "crashed runs", .interval = Millis(30'000)}, [this] { return look_for_crashes(); });
    });
    services_.scope.spawn("unreferenced files", [this] {
      return run_periodic({.name = "unreferenced files", .interval = Millis(5 * 60'000)}, [this] { return collect(); });
    });
  }
  void close() override { streams_->close(); }
  Task<> check_job(Principal who, std::string job) override {
    return artifacts_.check_job(std::move(who), std::move(job));
  }
  TrackingStore& store() override { return *store_; }
  StreamStore& streams() override { return *streams_; }
  void on_item_cancelled(std::function<void(const Item&)> callback) override {
    runs_.on_cancelled = std::move(callback);
  }

 private:
  Task<> look_for_crashes() {
    CO_TRY_VOID(co_await runs_.mark_crashed(options_.crash_after));
    co_return Result<>();
  }
  Task<> collect() {
    CO_TRY_VOID(co_await files_->collect(options_.blob_grace));
    co_return Result<>();
  }

  Services& services_;
  const TrackingOptions options_;
  std::unique_ptr<TrackingStore> store_;
  std::unique_ptr<StreamStore> streams_;
  const Grants grants_;
  std::unique_ptr<BlobFiles> files_;
  LogSignals signals_{services_.executor};
  RunService runs_{services_, *store_, *streams_, signals_};
  ArtifactService artifacts_{services_, *store_, *files_, grants_};
  LogReader reader_{services_, *store_, *streams_, signals_};
  RunResolvers run_resolvers_{services_, *store_, *streams_, runs_, grants_};
  MetricResolvers metric_resolvers_{*streams_};
  ArtifactResolvers artifact_resolvers_{*store_, artifacts_};
  StreamRoutes stream_routes_{services_, *streams_, runs_, reader_};
  StorageRoutes storage_routes_{*store_, runs_, *files_, grants_};
};

Result<std::unique_ptr<BlobStore>> open_blobs(const Services& services) {
  const std::string& where = services.config.blobs;
  if (where.empty()) return open_local_blobs(services.config.data_dir / "blobs", services.blocking);
  TRY(S3Place place, parse_s3_place(where));
  TRY(S3Credentials credentials, find_s3_credentials([](const char* name) {
        const char* value = std::getenv(name);
        return std::string(value ? value : "");
      }));
  return open_s3_blobs(std::move(place), std::move(credentials), services.clock);
}

}  // namespace

Result<std::unique_ptr<Tracking>> Tracking::open(Services& services, TrackingOptions options) {
  const auto& folder = services.config.data_dir;
  auto store = open_tracking(services.store);
  StreamOptions how;
  how.path = (folder / "logs.db").string();
  how.max_bytes_per_run = options.max_log_bytes;
  how.clock = &services.clock;
  TRY(auto streams, open_streams(how));
  TRY(auto grants, Grants::load(folder / "storage.key", services.clock));
  const BlobLimits limits{.max_bytes = services.config.limits.max_upload};
  TRY(auto blobs, open_blobs(services));
  TRY(auto files, BlobFiles::open(folder, services.executor, services.blocking, *store, std::move(blobs), limits));
  return std::unique_ptr<Tracking>(std::make_unique<TrackingPart>(
      services, options, std::move(store), std::move(streams), std::move(grants), std::move(files)));
}

}  // namespace slipway::server
