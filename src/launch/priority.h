// Priority of an item in a prioritised queue: 0 critical, 1 high, 2 medium, 3 low; lower runs first (D-40,
// D-71, protocol 8.3).
#pragma once
#include <cstdint>
#include <string_view>

#include "base/error.h"

namespace slipway::launch {

inline constexpr int kDefaultPriority = 2;

/// "critical", "high", "medium", "low". `priority` is 0 to 3.
std::string_view priority_name(int priority);
/// A name without case, or the number as text.
Result<int> parse_priority(std::string_view text);
Result<int> check_priority(std::int64_t number);

}  // namespace slipway::launch
