#include "launch/resource.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/strings.h"

namespace slipway::launch {

std::string resource_key(std::string_view written) {
  std::string key = lower(trim(written));
  std::ranges::replace_if(key, [](char c) { return c == ' ' || c == '_'; }, '-');
  return key;
}

std::optional<std::string> canonical_resource(std::span<const ResourceKind> kinds, std::string_view written) {
  const std::string key = resource_key(written);
  const auto same = [&](const std::string& name) { return resource_key(name) == key; };
  const auto found = std::ranges::find_if(
      kinds, [&](const ResourceKind& kind) { return same(kind.name) || std::ranges::any_of(kind.aliases, same); });
  if (found == kinds.end()) return std::nullopt;
  return found->name;
}

Result<std::string> require_resource(std::span<const ResourceKind> kinds, std::string_view written) {
  if (auto name = canonical_resource(kinds, written)) return *std::move(name);
  std::vector<std::string> names;
  std::vector<std::string> spellings;
  for (const auto& kind : kinds) {
    names.push_back(kind.name);
    spellings.push_back(kind.name);
    spellings.insert(spellings.end(), kind.aliases.begin(), kind.aliases.end());
  }
  return Error(Code::invalid_argument, fmt::format("unknown resource '{}'.{} Known resources: {}", written,
                                                   did_you_mean(written, spellings), join(names, ", ")));
}

}  // namespace slipway::launch
