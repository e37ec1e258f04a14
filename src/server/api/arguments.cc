#include "server/api/arguments.h"

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>

#include <fmt/format.h>

#include "base/ids.h"
#include "base/strings.h"
#include "server/service/access.h"

namespace slipway::server {
namespace {

constexpr std::size_t kMostRows = 1000;

Result<Id> number_of(std::string_view name, std::string_view type, std::string_view text) {
  const auto number = parse_global_id(type, text);
  if (number) return *number;
  return absent(type, to_utf8_lossy(text.substr(0, 100))).wrap(fmt::format("'{}'", name));
}

}  // namespace

Arguments Arguments::input(const graphql::FieldCall& call) {
  static const JsonObject kNone;
  const Json* input = slipway::find(call.args, "input");
  return Arguments(input != nullptr && input->is_object() ? input->get_object() : kNone);
}

const Json* Arguments::find(std::string_view name) const {
  const Json* value = slipway::find(*members_, name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

bool Arguments::has(std::string_view name) const { return find(name) != nullptr; }

std::optional<std::string> Arguments::optional_text(std::string_view name) const {
  const Json* value = find(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string(value->get_string().data(), value->get_string().size());
}

std::string Arguments::text(std::string_view name) const { return optional_text(name).value_or(""); }

std::optional<std::int64_t> Arguments::integer(std::string_view name) const {
  const Json* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (const auto exact = as_integer(*value)) return exact;
  // Int64 may come as decimal text.
  const std::string digits = text(name);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

std::optional<double> Arguments::number(std::string_view name) const {
  const Json* value = find(name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return value->to_number<double>();
}

std::optional<bool> Arguments::flag(std::string_view name) const {
  const Json* value = find(name);
  if (value == nullptr || !value->is_bool()) return std::nullopt;
  return value->get_bool();
}

std::vector<std::string> Arguments::texts(std::string_view name) const {
  std::vector<std::string> out;
  const Json* value = find(name);
  if (value == nullptr || !value->is_array()) return out;
  for (const auto& each : value->get_array()) {
    if (each.is_string()) out.emplace_back(each.get_string().data(), each.get_string().size());
  }
  return out;
}

std::vector<Arguments> Arguments::objects(std::string_view name) const {
  std::vector<Arguments> out;
  const Json* value = find(name);
  if (value == nullptr || !value->is_array()) return out;
  for (const auto& each : value->get_array()) {
    if (each.is_object()) out.emplace_back(each.get_object());
  }
  return out;
}

Result<std::optional<Json>> Arguments::document(std::string_view name, std::size_t max_bytes) const {
  const auto written = optional_text(name);
  if (!written || trim(*written).empty()) return std::optional<Json>();
  JsonLimits limits;
  limits.max_bytes = max_bytes;
  auto parsed = parse_json(*written, limits);
  if (!parsed) return std::move(parsed).error().wrap(fmt::format("reading '{}'", name));
  return std::optional<Json>(*std::move(parsed));
}

Result<Id> Arguments::id(std::string_view name, std::string_view type) const {
  return number_of(name, type, text(name));
}

Result<std::vector<Id>> Arguments::ids(std::string_view name, std::string_view type) const {
  std::vector<Id> out;
  for (const auto& each : texts(name)) {
    TRY(const Id id, number_of(name, type, each));
    out.push_back(id);
  }
  return out;
}

Result<Page> Arguments::page(std::size_t otherwise) const {
  Page page;
  page.first = otherwise;
  if (const auto first = integer("first")) {
    if (*first < 0) return Error(Code::invalid_argument, fmt::format("'first' is {}; it must not be negative", *first));
    page.first = std::min<std::size_t>(static_cast<std::size_t>(*first), kMostRows);
  }
  page.after = optional_text("after");
  if (page.after && page.after->empty()) page.after.reset();
  return page;
}

Result<UnixMillis> Arguments::time(std::string_view name) const {
  const std::string written = text(name);
  int year = 0, hour = 0, minute = 0;
  unsigned month = 0, day = 0;
  double second = 0;
  int length = 0;
  const int read =
      std::sscanf(written.c_str(), "%4d-%2u-%2uT%2d:%2d:%9lf%n", &year, &month, &day, &hour, &minute, &second, &length);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  const std::string zone = read == 6 ? written.substr(static_cast<std::size_t>(length)) : "";
  const bool good = read == 6 && date.ok() && hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 &&
                    second < 61 && (zone == "Z" || zone == "+00:00");
  if (!good) {
    return Error(Code::invalid_argument, fmt::format("'{}' is no time in UTC such as 2026-01-31T12:00:00Z", name));
  }
  const auto midnight = std::chrono::sys_days(date).time_since_epoch();
  const auto minutes = std::chrono::hours(hour) + std::chrono::minutes(minute);
  return std::chrono::duration_cast<Millis>(midnight + minutes).count() +
         static_cast<UnixMillis>(std::llround(second * 1000));
}

}  // namespace slipway::server
