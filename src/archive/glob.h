// Path patterns with '*', '?', '[...]' and '**'. Pure; time is bounded by the product of both lengths.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace slipway::archive {

/// One path segment against one pattern segment. '*' and '?' never match '/'; a backslash takes the next
/// character literally.
bool segment_matches(std::string_view pattern, std::string_view name);
/// Segment by segment; "**" stands for any number of segments (at the end: at least one).
bool path_matches(const std::vector<std::string>& pattern, const std::vector<std::string>& path);

}  // namespace slipway::archive
