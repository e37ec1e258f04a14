#include "net/file_answer.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/strings.h"

namespace slipway::net {
namespace {

bool lists_etag(std::string_view list, std::string_view etag) {
  if (trim(list) == "*") return true;
  for (const auto& item : split(list, ',')) {
    auto candidate = trim(item);
    if (candidate.starts_with("W/")) candidate.remove_prefix(2);
    if (candidate == etag) return true;
  }
  return false;
}

std::optional<std::uint64_t> number(std::string_view digits) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

struct Range {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

enum class RangeKind { none, one, unsatisfiable };

/// A header that cannot be read is ignored, as the RFC asks.
RangeKind parse_range(std::string_view text, std::uint64_t size, Range& range) {
  text = trim(text);
  if (!text.starts_with("bytes=") || text.find(',') != std::string_view::npos) return RangeKind::none;
  text.remove_prefix(6);
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return RangeKind::none;
  const auto first = number(trim(text.substr(0, dash)));
  const auto last_text = trim(text.substr(dash + 1));
  const auto last = number(last_text);

  if (!first) {
    const bool is_suffix = dash == 0 && last;
    if (!is_suffix) return RangeKind::none;
    if (*last == 0 || size == 0) return RangeKind::unsatisfiable;
    range = {size - std::min(*last, size), size - 1};
    return RangeKind::one;
  }
  if (!last && !last_text.empty()) return RangeKind::none;
  if (last && *last < *first) return RangeKind::none;
  if (*first >= size) return RangeKind::unsatisfiable;
  range = {*first, std::min(last.value_or(size - 1), size - 1)};
  return RangeKind::one;
}

}  // namespace

FileAnswer plan_file_answer(const Headers& request, std::string_view etag, std::uint64_t file_size) {
  if (!etag.empty() && lists_etag(request.get("If-None-Match"), etag)) return {.status = 304};
  const FileAnswer whole{.status = 200, .offset = 0, .length = file_size};
  // If-Range with a date or another tag means: the client's part is of an older file.
  if (request.has("If-Range") && request.get("If-Range") != etag) return whole;
  Range range;
  switch (parse_range(request.get("Range"), file_size, range)) {
    case RangeKind::none:
      return whole;
    case RangeKind::unsatisfiable:
      return {.status = 416};
    case RangeKind::one:
      return {.status = 206, .offset = range.first, .length = range.last - range.first + 1};
  }
  return whole;
}

}  // namespace slipway::net
