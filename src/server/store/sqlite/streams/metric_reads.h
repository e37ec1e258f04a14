// Answers about metrics from their columns, inside a transaction.
#pragma once
#include "server/store/sqlite/streams/stream_rows.h"
#include "server/store/tracking_metrics.h"

namespace slipway::server::sqlite::streams {

Result<std::vector<std::string>> sampled_lines(Connection& connection, const StreamRow& stream,
                                               const MetricRange& range, std::size_t samples);
Result<std::vector<JsonObject>> sampled_rows(Connection& connection, const StreamRow& stream,
                                             const std::vector<std::string>& keys, const MetricRange& range,
                                             std::size_t samples);
Result<std::vector<MetricSeries>> series(Connection& connection, const StreamRow& stream,
                                         const std::vector<std::string>& keys, const MetricRange& range,
                                         std::size_t points);

}  // namespace slipway::server::sqlite::streams
