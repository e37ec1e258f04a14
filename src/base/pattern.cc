#include "base/pattern.h"

#include <fmt/format.h>

namespace slipway {

namespace {

/// std::regex adds up the digits of a count or a back-reference without looking at their number.
bool counts_too_far(std::string_view pattern) {
  std::size_t digits = 0;
  bool counting = false;
  for (const char c : pattern) {
    const bool digit = c >= '0' && c <= '9';
    digits = digit && counting ? digits + 1 : 0;
    if (digits > 4) return true;
    if (!digit) counting = c == '{' || c == '\\' || (counting && c == ',');
  }
  return false;
}

}  // namespace

Result<std::regex> compile_pattern(const std::string& pattern) {
  if (pattern.size() > kMostPattern)
    return Error(Code::invalid_argument, fmt::format("the pattern is longer than {} characters", kMostPattern));
  if (counts_too_far(pattern))
    return Error(Code::invalid_argument, fmt::format("'{}' repeats more often than 9999 times", pattern));
  try {
    // The polynomial matcher has no back-references and no exponential cases.
    return std::regex(pattern, std::regex_constants::ECMAScript | std::regex_constants::__polynomial);
  } catch (const std::regex_error& error) {
    return Error(Code::invalid_argument, fmt::format("'{}' is no regular expression: {}", pattern, error.what()));
  }
}

}  // namespace slipway
