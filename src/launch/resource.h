// Names of target resources. What a kind can do is in its plugin record; here is only how people write its
// name.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace slipway::launch {

/// One target resource by its wire name ("local-container") and everything else that people write for it
/// ("Docker", "local", "").
struct ResourceKind {
  std::string name;
  std::vector<std::string> aliases;
};

/// Two spellings name the same when these are equal: without case; spaces, dashes and underscores are one.
std::string resource_key(std::string_view written);
/// The wire name, nothing for an unknown resource.
std::optional<std::string> canonical_resource(std::span<const ResourceKind> kinds, std::string_view written);
/// The wire name, or invalid_argument that lists the known ones and suggests the nearest.
Result<std::string> require_resource(std::span<const ResourceKind> kinds, std::string_view written);

}  // namespace slipway::launch
