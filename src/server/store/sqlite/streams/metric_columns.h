// Lines of metrics as columns, and how a column is packed. Pure.
#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace slipway::server::sqlite::streams {

/// One key in the rows of a segment.
struct MetricColumn {
  std::vector<std::uint32_t> rows;  ///< That have the key, counted in the segment, ascending.
  std::vector<double> values;       ///< One for each of `rows`, when all of them are numbers; otherwise none.
  bool numeric = true;
  bool integral = true;  ///< All numbers are whole and exact.
  std::map<std::string, std::int64_t> types;
};
using MetricColumns = std::map<std::string, MetricColumn, std::less<>>;

/// Longer keys stay in the lines only.
inline constexpr std::size_t kMaxMetricKey = 512;

/// Lines that are no JSON objects are rows without keys.
MetricColumns columns_of(std::span<const std::string> lines);
/// NaN and infinities as clients write them, whole numbers as such.
Json number_json(double value, bool integral);

/// `segment_rows`: how many rows the segment has.
std::string pack_column(const MetricColumn& column, std::size_t segment_rows);
/// internal when the bytes are damaged. Without `types`.
Result<MetricColumn> unpack_column(std::string_view bytes);

}  // namespace slipway::server::sqlite::streams
