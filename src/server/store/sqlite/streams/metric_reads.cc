#include "server/store/sqlite/streams/metric_reads.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "server/store/dotted.h"
#include "server/store/sqlite/streams/metric_segments.h"

namespace slipway::server::sqlite::streams {

namespace {

using Rows = std::vector<std::uint32_t>;

bool inside(const MetricRange& range, double x) {
  return (!range.from || x >= *range.from) && (!range.to || x < *range.to);
}

/// `samples` of the numbers, evenly spread, the first and the last among them.
std::vector<std::int64_t> spread(std::vector<std::int64_t> numbers, std::size_t samples) {
  if (numbers.size() <= samples) return numbers;
  if (samples <= 1) return {numbers.begin(), numbers.begin() + static_cast<std::ptrdiff_t>(samples)};
  std::vector<std::int64_t> chosen(samples);
  const std::size_t last = numbers.size() - 1;
  for (std::size_t i = 0; i < samples; ++i) chosen[i] = numbers[i * last / (samples - 1)];
  return chosen;
}

/// Can the segment have a row in the range?
Result<bool> may_match(MetricTable& table, const MetricSegment& segment, const MetricRange& range) {
  if (!range.bounded()) return true;
  TRY(const auto bounds, table.bounds(segment, range.axis));
  return !bounds || ((!range.from || bounds->second >= *range.from) && (!range.to || bounds->first < *range.to));
}

/// The rows of the segment that are in the range and have all keys.
Result<Rows> matching(MetricTable& table, const MetricSegment& segment, const std::vector<std::string>& keys,
                      const MetricRange& range) {
  Rows rows;
  if (range.bounded()) {
    TRY(const auto axis, table.column(segment, range.axis));
    if (!axis || !axis->numeric) return rows;
    for (std::size_t i = 0; i < axis->rows.size(); ++i) {
      if (inside(range, axis->values[i])) rows.push_back(axis->rows[i]);
    }
  } else {
    rows.resize(static_cast<std::size_t>(segment.rows));
    std::iota(rows.begin(), rows.end(), 0u);
  }
  for (const std::string& key : keys) {
    if (rows.empty()) return rows;
    TRY(const auto column, table.column(segment, key));
    if (!column) return Rows();
    if (column->rows.size() == static_cast<std::size_t>(segment.rows)) continue;
    Rows both;
    std::ranges::set_intersection(rows, column->rows, std::back_inserter(both));
    rows = std::move(both);
  }
  return rows;
}

/// Numbers of lines, all of the stream.
Result<std::vector<std::int64_t>> matching_lines(MetricTable& table, const std::vector<std::string>& keys,
                                                 const MetricRange& range) {
  std::vector<std::int64_t> numbers;
  for (const MetricSegment& segment : table.segments()) {
    TRY(const bool possible, may_match(table, segment, range));
    if (!possible) continue;
    TRY(const Rows rows, matching(table, segment, keys, range));
    for (const std::uint32_t row : rows) numbers.push_back(segment.first + row);
  }
  return numbers;
}

/// What the row logged under the keys, from its line: for values that no column holds.
JsonObject row_of_line(const std::string& line, const std::vector<std::string>& keys) {
  JsonObject row;
  const auto parsed = parse_json(line);
  if (!parsed || !parsed->is_object()) return row;
  for (const std::string& key : keys) {
    if (const Json* value = find_dotted(parsed->as_object(), key)) row[key] = *value;
  }
  return row;
}

Result<std::vector<JsonObject>> rows_of_segment(Connection& connection, const StreamRow& stream, MetricTable& table,
                                                const MetricSegment& segment, const std::vector<std::string>& keys,
                                                std::span<const std::int64_t> lines) {
  std::vector<MetricColumn> columns;
  for (const std::string& key : keys) {
    TRY(auto column, table.column(segment, key));
    if (!column || !column->numeric) break;
    columns.push_back(std::move(*column));
  }
  std::vector<JsonObject> rows;
  if (columns.size() < keys.size()) {
    TRY(const auto texts, lines_at(connection, stream, lines));
    for (const std::string& text : texts) rows.push_back(row_of_line(text, keys));
    return rows;
  }
  for (const std::int64_t line : lines) {
    JsonObject& row = rows.emplace_back();
    const auto number = static_cast<std::uint32_t>(line - segment.first);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const MetricColumn& column = columns[i];
      const auto place = std::ranges::lower_bound(column.rows, number) - column.rows.begin();
      row[keys[i]] = number_json(column.values[static_cast<std::size_t>(place)], column.integral);
    }
  }
  return rows;
}

struct Points {
  std::vector<double> x, y;
};

Result<> add_points(MetricTable& table, const MetricSegment& segment, const std::string& key, const MetricRange& range,
                    Points& points) {
  TRY(const auto values, table.column(segment, key));
  if (!values || !values->numeric) return Result<>();
  TRY(const auto axis, table.column(segment, range.axis));
  if (!axis || !axis->numeric) return Result<>();
  std::size_t at = 0;
  for (std::size_t i = 0; i < values->rows.size(); ++i) {
    while (at < axis->rows.size() && axis->rows[at] < values->rows[i]) ++at;
    if (at == axis->rows.size()) break;
    const double x = axis->values[at], y = values->values[i];
    if (axis->rows[at] != values->rows[i] || !std::isfinite(x) || !std::isfinite(y) || !inside(range, x)) continue;
    points.x.push_back(x);
    points.y.push_back(y);
  }
  return Result<>();
}

/// Equal stretches of the axis; those without a row give no point.
MetricSeries condensed(const Points& points, std::size_t wanted) {
  MetricSeries series;
  series.rows = static_cast<std::int64_t>(points.x.size());
  if (points.x.size() <= wanted) {
    series.x = points.x;
    series.mean = series.low = series.high = points.y;
    return series;
  }
  struct Stretch {
    std::int64_t rows = 0;
    double x = 0, sum = 0, low = 0, high = 0;
  };
  std::vector<Stretch> stretches(wanted);
  const auto [first, last] = std::ranges::minmax(points.x);
  const double width = (last - first) / static_cast<double>(wanted);
  for (std::size_t i = 0; i < points.x.size(); ++i) {
    const double x = points.x[i], y = points.y[i];
    const auto place = width > 0 ? static_cast<std::size_t>((x - first) / width) : 0;
    Stretch& stretch = stretches[std::min(place, wanted - 1)];
    stretch.low = stretch.rows == 0 ? y : std::min(stretch.low, y);
    stretch.high = stretch.rows == 0 ? y : std::max(stretch.high, y);
    stretch.x += x;
    stretch.sum += y;
    ++stretch.rows;
  }
  for (const Stretch& stretch : stretches) {
    if (stretch.rows == 0) continue;
    series.x.push_back(stretch.x / static_cast<double>(stretch.rows));
    series.mean.push_back(stretch.sum / static_cast<double>(stretch.rows));
    series.low.push_back(stretch.low);
    series.high.push_back(stretch.high);
  }
  return series;
}

}  // namespace

Result<std::vector<std::string>> sampled_lines(Connection& connection, const StreamRow& stream,
                                               const MetricRange& range, std::size_t samples) {
  std::vector<std::int64_t> numbers;
  if (range.bounded()) {
    TRY(MetricTable table, MetricTable::open(connection, stream));
    TRY(numbers, matching_lines(table, {}, range));
  } else {
    numbers.resize(static_cast<std::size_t>(stream.info.lines));
    std::iota(numbers.begin(), numbers.end(), 0);
  }
  const auto chosen = spread(std::move(numbers), samples);
  return lines_at(connection, stream, chosen);
}

Result<std::vector<JsonObject>> sampled_rows(Connection& connection, const StreamRow& stream,
                                             const std::vector<std::string>& keys, const MetricRange& range,
                                             std::size_t samples) {
  TRY(MetricTable table, MetricTable::open(connection, stream));
  TRY(auto numbers, matching_lines(table, keys, range));
  const auto chosen = spread(std::move(numbers), samples);
  std::vector<JsonObject> rows;
  std::span<const std::int64_t> left(chosen);
  for (const MetricSegment& segment : table.segments()) {
    const auto end = std::ranges::lower_bound(left, segment.first + segment.rows);
    const auto count = static_cast<std::size_t>(end - left.begin());
    if (count == 0) continue;
    TRY(auto found, rows_of_segment(connection, stream, table, segment, keys, left.first(count)));
    std::ranges::move(found, std::back_inserter(rows));
    left = left.subspan(count);
  }
  return rows;
}

Result<std::vector<MetricSeries>> series(Connection& connection, const StreamRow& stream,
                                         const std::vector<std::string>& keys, const MetricRange& range,
                                         std::size_t points) {
  TRY(MetricTable table, MetricTable::open(connection, stream));
  std::vector<MetricSeries> all;
  for (const std::string& key : keys) {
    Points found;
    for (const MetricSegment& segment : table.segments()) {
      TRY(const bool possible, may_match(table, segment, range));
      if (possible) TRY_VOID(add_points(table, segment, key, range, found));
    }
    MetricSeries& curve = all.emplace_back(condensed(found, points));
    curve.key = key;
  }
  return all;
}

}  // namespace slipway::server::sqlite::streams
