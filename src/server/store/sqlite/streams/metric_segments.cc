#include "server/store/sqlite/streams/metric_segments.h"

#include <algorithm>
#include <cmath>

namespace slipway::server::sqlite::streams {

namespace {

constexpr std::size_t kSegmentRows = 4096;
constexpr std::size_t kSegmentBytes = 1u << 20;
/// Of one stream. A client that makes up keys without end finds the later ones in the lines only.
constexpr std::int64_t kMaxKeys = 10'000;

struct Bounds {
  std::optional<double> low, high;
};

Bounds bounds_of(const MetricColumn& column) {
  Bounds bounds;
  for (const double value : column.values) {
    if (!std::isfinite(value)) continue;
    bounds.low = std::min(bounds.low.value_or(value), value);
    bounds.high = std::max(bounds.high.value_or(value), value);
  }
  return bounds;
}

std::string types_text(const MetricColumn& column) {
  JsonObject types;
  for (const auto& [type, count] : column.types) types[type] = count;
  return to_text(types);
}

/// 0: the stream has as many keys as it may have.
Result<std::int64_t> make_key(Connection& connection, std::int64_t stream, const std::string& name) {
  TRY(const auto known,
      connection.value<std::int64_t>("SELECT id FROM metric_keys WHERE stream = ? AND name = ?", stream, name));
  if (known) return *known;
  TRY(const auto count, connection.value<std::int64_t>("SELECT count(*) FROM metric_keys WHERE stream = ?", stream));
  if (count.value_or(0) >= kMaxKeys) return 0;
  TRY_VOID(connection.run("INSERT INTO metric_keys (stream, name) VALUES (?, ?)", stream, name));
  return connection.last_id();
}

Result<> put_segment(Connection& connection, std::int64_t stream, std::int64_t first,
                     const std::vector<std::string>& lines) {
  TRY_VOID(connection.run("INSERT INTO metric_segments (stream, first, rows) VALUES (?, ?, ?)", stream, first,
                          lines.size()));
  for (const auto& [name, column] : columns_of(lines)) {
    TRY(const std::int64_t key, make_key(connection, stream, name));
    if (key == 0) continue;
    const std::string bytes = pack_column(column, lines.size());
    const db::sqlite::Blob data{bytes};
    const Bounds bounds = bounds_of(column);
    TRY_VOID(connection.run(
        "INSERT INTO metric_columns (key, first, count, low, high, types, data) VALUES (?, ?, ?, ?, ?, ?, ?)", key,
        first, column.rows.size(), bounds.low, bounds.high, types_text(column), data));
  }
  return Result<>();
}

Result<bool> segment_is_due(Connection& connection, const StreamRow& stream) {
  const std::int64_t loose = stream.info.lines - stream.sealed;
  if (loose <= 0) return false;
  if (loose >= static_cast<std::int64_t>(kSegmentRows)) return true;
  // Of the chunks that begin there: precise enough, and no chunk has to be read.
  TRY(const auto bytes,
      connection.value<std::int64_t>("SELECT sum(length(data)) FROM chunks WHERE stream = ? AND first >= ?", stream.id,
                                     stream.sealed));
  return bytes.value_or(0) >= static_cast<std::int64_t>(kSegmentBytes);
}

void count_types(MetricKeys& keys, const std::string& name, const std::string& types) {
  const auto parsed = parse_json(types);
  if (!parsed || !parsed->is_object()) return;
  for (const auto& [type, count] : parsed->as_object())
    keys.types[name][std::string(type)] += as_integer(count).value_or(0);
}

}  // namespace

Result<> seal(Connection& connection, StreamRow& stream) {
  for (;;) {
    TRY(const bool due, segment_is_due(connection, stream));
    if (!due) return Result<>();
    TRY(const auto lines, lines_from(connection, stream, stream.sealed, kSegmentRows, kSegmentBytes));
    TRY_VOID(put_segment(connection, stream.id, stream.sealed, lines));
    stream.sealed += static_cast<std::int64_t>(lines.size());
  }
}

Result<> unseal(Connection& connection, StreamRow& stream, std::int64_t from) {
  if (from >= stream.sealed) return Result<>();
  TRY_VOID(connection.run("DELETE FROM metric_segments WHERE stream = ? AND first + rows > ?", stream.id, from));
  TRY(const auto kept,
      connection.value<std::int64_t>("SELECT max(first + rows) FROM metric_segments WHERE stream = ?", stream.id));
  stream.sealed = kept.value_or(0);
  TRY_VOID(connection.run(
      "DELETE FROM metric_columns WHERE key IN (SELECT id FROM metric_keys WHERE stream = ?) AND first >= ?", stream.id,
      stream.sealed));
  return Result<>();
}

Result<MetricTable> MetricTable::open(Connection& connection, const StreamRow& stream) {
  MetricTable table(connection, stream);
  TRY(auto rows,
      connection.query("SELECT first, rows FROM metric_segments WHERE stream = ? ORDER BY first", stream.id));
  TRY_VOID(rows.each([&] {
    MetricSegment& segment = table.segments_.emplace_back();
    rows.read(segment.first, segment.rows);
  }));
  TRY(const auto lines, lines_from(connection, stream, stream.sealed, SIZE_MAX, SIZE_MAX));
  if (lines.empty()) return table;
  table.tail_ = columns_of(lines);
  table.segments_.push_back({.first = stream.sealed, .rows = static_cast<std::int64_t>(lines.size())});
  return table;
}

Result<std::int64_t> MetricTable::key_id(const std::string& key) {
  if (const auto found = ids_.find(key); found != ids_.end()) return found->second;
  TRY(const auto id,
      connection_.value<std::int64_t>("SELECT id FROM metric_keys WHERE stream = ? AND name = ?", stream_.id, key));
  return ids_[key] = id.value_or(0);
}

Result<std::optional<MetricColumn>> MetricTable::column(const MetricSegment& segment, const std::string& key) {
  std::optional<MetricColumn> column;
  if (is_tail(segment)) {
    if (const auto found = tail_.find(key); found != tail_.end()) column = found->second;
    return column;
  }
  TRY(const std::int64_t id, key_id(key));
  if (id == 0) return column;
  TRY(const auto bytes,
      connection_.value<std::string>("SELECT data FROM metric_columns WHERE key = ? AND first = ?", id, segment.first));
  if (bytes) {
    TRY(column, unpack_column(*bytes));
  }
  return column;
}

Result<std::optional<std::pair<double, double>>> MetricTable::bounds(const MetricSegment& segment,
                                                                     const std::string& key) {
  std::optional<std::pair<double, double>> bounds;
  if (is_tail(segment)) return bounds;
  TRY(const std::int64_t id, key_id(key));
  TRY(auto rows, connection_.query("SELECT low, high FROM metric_columns WHERE key = ? AND first = ? AND low NOT NULL",
                                   id, segment.first));
  TRY(const bool found, rows.next());
  if (!found) return bounds;
  bounds.emplace();
  rows.read(bounds->first, bounds->second);
  return bounds;
}

Result<MetricKeys> MetricTable::keys() {
  MetricKeys keys;
  TRY(auto rows, connection_.query("SELECT k.name, c.types FROM metric_keys k JOIN metric_columns c ON c.key = k.id "
                                   "WHERE k.stream = ?",
                                   stream_.id));
  TRY_VOID(rows.each([&] {
    std::string name, types;
    rows.read(name, types);
    count_types(keys, name, types);
  }));
  for (const auto& [name, column] : tail_) {
    for (const auto& [type, count] : column.types) keys.types[name][type] += count;
  }
  for (const MetricSegment& segment : segments_) {
    const bool first = !keys.first_step;
    if (!first && &segment != &segments_.back()) continue;
    TRY(const auto steps, column(segment, "_step"));
    if (!steps || steps->values.empty()) continue;
    if (first) keys.first_step = steps->values.front();
    keys.last_step = steps->values.back();
  }
  return keys;
}

}  // namespace slipway::server::sqlite::streams
