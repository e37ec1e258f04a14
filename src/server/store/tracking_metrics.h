// Metrics: the JSON lines of a stream (history, system events) read by key. A million rows stay quick to read, because they are kept in columns beside the lines.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "async/task.h"
#include "base/json.h"
#include "server/store/types.h"

namespace slipway::server {

struct StreamKey;

/// Rows whose `axis` is a number with from ≤ x < to. Without bounds: all rows.
struct MetricRange {
  std::string axis = "_step";
  std::optional<double> from, to;
  bool bounded() const { return from || to; }
};

struct MetricKeys {
  /// What was logged under each key, and how often: "number", "string", "boolean", "list", "map", "nil" or the "_type" of an object. Members of plain objects have keys with dots.
  std::map<std::string, std::map<std::string, std::int64_t>> types;
  std::optional<double> first_step, last_step;  ///< Of the first and last row with a number for "_step".
};

/// A curve with at most as many points as were asked for. When there are more rows, each point stands for the rows of one of equal stretches of the axis.
struct MetricSeries {
  std::string key;
  std::int64_t rows = 0;  ///< That the points stand for.
  std::vector<double> x, mean, low, high;
};

class MetricStore {
 public:
  virtual ~MetricStore() = default;
  /// The lines as they came, at most `samples`, evenly spread, the first and the last among them.
  virtual Task<std::vector<std::string>> metric_lines(StreamKey stream, MetricRange range, std::size_t samples) = 0;
  /// Rows that have every one of `keys`, with these only; sampled like metric_lines.
  virtual Task<std::vector<JsonObject>> metric_rows(StreamKey stream, std::vector<std::string> keys, MetricRange range,
                                                    std::size_t samples) = 0;
  virtual Task<std::vector<MetricSeries>> metric_series(StreamKey stream, std::vector<std::string> keys,
                                                        MetricRange range, std::size_t points) = 0;
  virtual Task<MetricKeys> metric_keys(StreamKey stream) = 0;
};

}  // namespace slipway::server
