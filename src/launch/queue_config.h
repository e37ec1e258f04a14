// The configuration document of a queue: what an admin writes, how it travels (protocol 1.5, S-6, S-10, S-12,
// S-81, D-16).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/yaml.h"
#include "launch/resource.h"

namespace slipway::launch {

/// The document of one resource, never wrapped, always an object.
struct QueueConfig {
  JsonObject document;
  std::vector<Problem> notices;  ///< What was read differently from how it was written (an outer key taken off, tabs).
};

/// JSON or YAML text as people write it. Empty text is an empty document (D-16). An outer key that names the
/// resource ("kubernetes:", S-81), and "resource_args:" around it, are taken off. Problems carry line and
/// column.
Result<QueueConfig> parse_queue_config(std::string_view text, const ResourceKind& kind, std::string file = "");
/// The same for a value that is JSON already.
Result<QueueConfig> queue_config_from_json(const Json& value, const ResourceKind& kind);
/// {"resource_args": {"<name>": document}}: what createDefaultResourceConfig takes and defaultResourceConfig
/// gives.
Json to_wire(const ResourceKind& kind, const JsonObject& document);

}  // namespace slipway::launch
