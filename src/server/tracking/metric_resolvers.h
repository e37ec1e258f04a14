// MetricResolvers: a run's history and system events as the fields of Run give them out.
#pragma once
#include "graphql/engine.h"
#include "server/store/tracking_streams.h"

namespace slipway::server {

class MetricResolvers {
 public:
  explicit MetricResolvers(StreamStore& streams) : streams_(streams) {}
  void bind(graphql::Resolvers& resolvers);

 private:
  using Call = graphql::FieldCall;
  Task<Json> history(const Call& call);
  Task<Json> events(const Call& call);
  Task<Json> sampled_history(const Call& call);
  Task<Json> history_keys(const Call& call);
  Task<Json> parquet_history(const Call& call);
  Task<Json> system_metrics(const Call& call);
  Task<Json> series(const Call& call);
  Task<Json> keys(const Call& call);

  StreamStore& streams_;
};

}  // namespace slipway::server
