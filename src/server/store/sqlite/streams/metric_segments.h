// Segments: the columns of metrics in the database, inside a transaction. Lines become columns a segment at a time, so that an append costs what its lines cost
// and a column is read in few pieces. What is behind the last segment is at most one segment long and is read from its lines.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/store/sqlite/streams/metric_columns.h"
#include "server/store/sqlite/streams/stream_rows.h"
#include "server/store/tracking_metrics.h"

namespace slipway::server::sqlite::streams {

/// Makes segments of the lines for which one is due. Changes `stream.sealed`, which is the caller's to save.
Result<> seal(Connection& connection, StreamRow& stream);
/// Forgets the segments that hold line `from` or a later one.
Result<> unseal(Connection& connection, StreamRow& stream, std::int64_t from);

struct MetricSegment {
  std::int64_t first = 0;
  std::int64_t rows = 0;
};

/// The columns of one stream in one read. The lines behind the last segment are parsed when it is opened and are the last segment.
class MetricTable {
 public:
  static Result<MetricTable> open(Connection& connection, const StreamRow& stream);

  const std::vector<MetricSegment>& segments() const { return segments_; }
  /// Nothing when no row of the segment has the key.
  Result<std::optional<MetricColumn>> column(const MetricSegment& segment, const std::string& key);
  /// The lowest and highest number of the key in the segment; nothing when it has no numbers or the segment is the last one.
  Result<std::optional<std::pair<double, double>>> bounds(const MetricSegment& segment, const std::string& key);
  Result<MetricKeys> keys();

 private:
  MetricTable(Connection& connection, const StreamRow& stream) : connection_(connection), stream_(stream) {}
  bool is_tail(const MetricSegment& segment) const { return segment.first >= stream_.sealed; }
  Result<std::int64_t> key_id(const std::string& key);

  Connection& connection_;
  const StreamRow& stream_;
  std::vector<MetricSegment> segments_;
  MetricColumns tail_;
  std::map<std::string, std::int64_t> ids_;
};

}  // namespace slipway::server::sqlite::streams
