// Macros: ${name} in string leaves of a queue configuration, filled by the agent when it dequeues
// (S-25..S-28, protocol 8.1).
#pragma once
#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace slipway::launch {

inline constexpr std::array<std::string_view, 6> kBuiltinMacros = {"project_name", "entity_name", "run_id",
                                                                   "run_name",     "image_uri",   "author"};

/// Which variables of the agent's environment a macro may read. Built-ins always win over a variable of the
/// same name.
enum class EnvironmentMacros {
  allow_list,  ///< Only names in MacroScope::allowed (the default, S-28).
  all,         ///< What W&B's agent does: every variable, keys included. The agent's configuration must ask for it
               ///< in words.
};

/// What macros may become.
struct MacroScope {
  std::map<std::string, std::string, std::less<>> builtins;  ///< An absent or empty one is an error where it is used.
  std::map<std::string, std::string, std::less<>> environment;
  EnvironmentMacros mode = EnvironmentMacros::allow_list;
  std::set<std::string, std::less<>> allowed;
};

struct MacroUse {
  std::string name;
  std::string path;
};

bool is_builtin_macro(std::string_view name);
/// All macros in string leaves, in document order, without escaped ones.
std::vector<MacroUse> find_macros(const Json& value);
/// Fills every macro in string leaves (not in keys). "$${x}" gives the text "${x}", so that a shell variable
/// can be written; "${" with anything but letters, digits and '_' up to '}' is left alone. Values are put in
/// as they are, not searched again. Unknown, forbidden and missing macros are invalid_argument, all of them,
/// with the paths below `root`.
Result<Json> fill_macros(const Json& value, const MacroScope& scope, std::string root = "");

}  // namespace slipway::launch
