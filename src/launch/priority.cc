#include "launch/priority.h"

#include <array>
#include <charconv>

#include <fmt/format.h>

#include "base/strings.h"

namespace slipway::launch {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"critical", "high", "medium", "low"};
constexpr std::string_view kRange = "Use critical (0), high (1), medium (2) or low (3)";

}  // namespace

std::string_view priority_name(int priority) { return kNames.at(static_cast<std::size_t>(priority)); }

Result<int> parse_priority(std::string_view text) {
  const std::string word = lower(trim(text));
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (word == kNames[i]) return static_cast<int>(i);
  }
  std::int64_t number = 0;
  const auto [end, ec] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (!word.empty() && ec == std::errc() && end == word.data() + word.size()) return check_priority(number);
  return Error(Code::invalid_argument, fmt::format("'{}' is no priority", text)).hint(std::string(kRange));
}

Result<int> check_priority(std::int64_t number) {
  if (number >= 0 && number < static_cast<std::int64_t>(kNames.size())) return static_cast<int>(number);
  return Error(Code::invalid_argument, fmt::format("priority {} is out of range", number)).hint(std::string(kRange));
}

}  // namespace slipway::launch
