#include "server/store/sqlite/streams/metric_columns.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <optional>

namespace slipway::server::sqlite::streams {

namespace {

static_assert(std::endian::native == std::endian::little, "columns are stored as they are in memory");

constexpr int kMaxDepth = 8;
constexpr double kMaxExact = 9007199254740992.0;  // 2^53
constexpr std::uint32_t kMaxRows = 1u << 20;

enum Flag : std::uint8_t {
  kDense = 1,  ///< Every row has the key: no row numbers follow.
  kIntegral = 2,
  kNumeric = 4,
  kArithmetic = 8,  ///< Start and step instead of the values: what "_step" mostly is.
};

struct Number {
  double value = 0;
  bool integral = false;
};

/// Whole numbers that a double cannot hold are no numbers here: they are read from their lines.
std::optional<Number> number_of(const Json& value) {
  if (value.is_int64()) {
    const auto number = static_cast<double>(value.get_int64());
    if (std::abs(number) < kMaxExact) return Number{number, true};
    return std::nullopt;
  }
  if (value.is_double()) return Number{value.get_double(), false};
  const auto* text = value.if_string();
  if (!text) return std::nullopt;
  if (*text == "NaN") return Number{std::numeric_limits<double>::quiet_NaN(), false};
  if (*text == "Infinity") return Number{std::numeric_limits<double>::infinity(), false};
  if (*text == "-Infinity") return Number{-std::numeric_limits<double>::infinity(), false};
  return std::nullopt;
}

std::string type_of(const Json& value) {
  if (value.is_number() || number_of(value)) return "number";
  if (value.is_string()) return "string";
  if (value.is_bool()) return "boolean";
  if (value.is_null()) return "nil";
  if (value.is_array()) return "list";
  const std::string named = text_or(value, "_type");
  return named.empty() ? "map" : named.substr(0, 64);
}

void add(MetricColumns& columns, const std::string& key, std::uint32_t row, const Json& value) {
  MetricColumn& column = columns[key];
  if (!column.rows.empty() && column.rows.back() == row) return;
  column.rows.push_back(row);
  ++column.types[type_of(value)];
  const auto number = number_of(value);
  column.numeric = column.numeric && number.has_value();
  if (!column.numeric) return column.values.clear();
  column.integral = column.integral && number->integral;
  column.values.push_back(number->value);
}

void add_members(MetricColumns& columns, const std::string& prefix, std::uint32_t row, const JsonObject& object,
                 int depth) {
  for (const auto& [name, value] : object) {
    std::string key = prefix.empty() ? std::string(name) : prefix + "." + std::string(name);
    if (key.size() > kMaxMetricKey) continue;
    const auto* members = value.if_object();
    if (members && !members->empty() && !members->contains("_type") && depth < kMaxDepth)
      add_members(columns, key, row, *members, depth + 1);
    else
      add(columns, key, row, value);
  }
}

template <class T>
void put(std::string& bytes, const T* values, std::size_t count) {
  bytes.append(reinterpret_cast<const char*>(values), count * sizeof(T));
}

template <class T>
bool take(std::string_view& bytes, T* values, std::size_t count) {
  if (bytes.size() / sizeof(T) < count) return false;
  if (count == 0) return true;
  std::memcpy(values, bytes.data(), count * sizeof(T));
  bytes.remove_prefix(count * sizeof(T));
  return true;
}

double element(double start, double step, std::size_t i) { return start + step * static_cast<double>(i); }

bool is_arithmetic(const std::vector<double>& values) {
  if (values.size() < 3) return false;
  const double step = values[1] - values[0];
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] != element(values[0], step, i)) return false;
  }
  return true;
}

Error damaged() { return Error(Code::internal, "a column of metrics in the logs database is damaged"); }

}  // namespace

MetricColumns columns_of(std::span<const std::string> lines) {
  MetricColumns columns;
  for (std::uint32_t row = 0; row < lines.size(); ++row) {
    const auto parsed = parse_json(lines[row]);
    if (parsed && parsed->is_object()) add_members(columns, "", row, parsed->as_object(), 0);
  }
  return columns;
}

Json number_json(double value, bool integral) {
  if (std::isnan(value)) return Json("NaN");
  if (std::isinf(value)) return Json(value > 0 ? "Infinity" : "-Infinity");
  if (integral) return Json(static_cast<std::int64_t>(value));
  return Json(value);
}

std::string pack_column(const MetricColumn& column, std::size_t segment_rows) {
  const bool dense = column.rows.size() == segment_rows;
  const bool arithmetic = column.numeric && is_arithmetic(column.values);
  const auto flags = static_cast<std::uint8_t>((dense ? kDense : 0) | (column.integral ? kIntegral : 0) |
                                               (column.numeric ? kNumeric : 0) | (arithmetic ? kArithmetic : 0));
  const auto count = static_cast<std::uint32_t>(column.rows.size());
  std::string bytes;
  put(bytes, &flags, 1);
  put(bytes, &count, 1);
  if (!dense) put(bytes, column.rows.data(), count);
  if (arithmetic) {
    const double line[] = {column.values[0], column.values[1] - column.values[0]};
    put(bytes, line, 2);
  } else if (column.numeric) {
    put(bytes, column.values.data(), count);
  }
  return bytes;
}

Result<MetricColumn> unpack_column(std::string_view bytes) {
  std::uint8_t flags = 0;
  std::uint32_t count = 0;
  if (!take(bytes, &flags, 1) || !take(bytes, &count, 1) || count > kMaxRows) return damaged();
  MetricColumn column;
  column.integral = flags & kIntegral;
  column.numeric = flags & kNumeric;
  if (!(flags & kDense) && bytes.size() / sizeof(std::uint32_t) < count) return damaged();
  column.rows.resize(count);
  if (flags & kDense)
    std::iota(column.rows.begin(), column.rows.end(), 0u);
  else if (!take(bytes, column.rows.data(), count) ||
           std::ranges::adjacent_find(column.rows, std::greater_equal{}) != column.rows.end())
    return damaged();
  if (flags & kArithmetic) {
    double line[2] = {};
    if (!take(bytes, line, 2)) return damaged();
    column.values.resize(count);
    for (std::size_t i = 0; i < count; ++i) column.values[i] = element(line[0], line[1], i);
  } else if (column.numeric) {
    if (bytes.size() / sizeof(double) < count) return damaged();
    column.values.resize(count);
    take(bytes, column.values.data(), count);
  }
  return column;
}

}  // namespace slipway::server::sqlite::streams
