#include "base/pattern.h"

#include <fmt/format.h>

namespace slipway {

Result<std::regex> compile_pattern(const std::string& pattern) {
  if (pattern.size() > kMostPattern)
    return Error(Code::invalid_argument, fmt::format("the pattern is longer than {} characters", kMostPattern));
  try {
    // The polynomial matcher has no back-references and no exponential cases.
    return std::regex(pattern, std::regex_constants::ECMAScript | std::regex_constants::__polynomial);
  } catch (const std::regex_error& error) {
    return Error(Code::invalid_argument, fmt::format("'{}' is no regular expression: {}", pattern, error.what()));
  }
}

}  // namespace slipway
