// Regular expressions of strangers: matched in time that grows with pattern and text only, never exponentially.
#pragma once
#include <regex>
#include <string>

#include "base/error.h"

namespace slipway {

inline constexpr std::size_t kMostPattern = 256;

/// invalid_argument: too long, or no regular expression (ECMAScript without back-references).
Result<std::regex> compile_pattern(const std::string& pattern);

}  // namespace slipway
