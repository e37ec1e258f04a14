#include "launch/macro.h"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "base/strings.h"
#include "launch/fields.h"

namespace slipway::launch {
namespace {

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

/// Length of "${name}" at the front of `text`, 0 when there is none.
std::size_t macro_length(std::string_view text) {
  if (!text.starts_with("${")) return 0;
  std::size_t end = 2;
  while (end < text.size() && is_word(text[end])) ++end;
  return end > 2 && end < text.size() && text[end] == '}' ? end + 1 : 0;
}

/// Copies `text` to `out`; each macro becomes what `replace(name)` gives.
template <class F>
std::string replace_macros(std::string_view text, F replace) {
  std::string out;
  while (!text.empty()) {
    if (text.starts_with('$') && macro_length(text.substr(1)) > 0) {
      const auto length = macro_length(text.substr(1));
      out += text.substr(1, length);
      text.remove_prefix(1 + length);
    } else if (const auto length = macro_length(text); length > 0) {
      out += replace(text.substr(2, length - 3));
      text.remove_prefix(length);
    } else {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

/// Calls `visit(text, path)` for every string leaf.
void for_each_text(const Json& value, const std::string& path,
                   const std::function<void(std::string_view, const std::string&)>& visit) {
  if (const auto* object = value.if_object()) {
    for (const auto& member : *object) for_each_text(member.value(), join_path(path, member.key()), visit);
  } else if (const auto* array = value.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) for_each_text((*array)[i], join_path(path, i), visit);
  } else if (const auto* text = value.if_string()) {
    visit(*text, path);
  }
}

class Filler {
 public:
  explicit Filler(const MacroScope& scope) : scope_(scope) {}

  Json fill(const Json& value, const std::string& path) {
    if (const auto* object = value.if_object()) {
      JsonObject out;
      for (const auto& member : *object) out.emplace(member.key(), fill(member.value(), join_path(path, member.key())));
      return out;
    }
    if (const auto* array = value.if_array()) {
      JsonArray out;
      for (std::size_t i = 0; i < array->size(); ++i) out.push_back(fill((*array)[i], join_path(path, i)));
      return out;
    }
    const auto* text = value.if_string();
    if (!text) return value;
    return text_value(replace_macros(*text, [&](std::string_view name) { return lookup(name, path); }));
  }

  ProblemList problems;

 private:
  std::string lookup(std::string_view name, const std::string& path) {
    if (is_builtin_macro(name)) {
      const auto found = scope_.builtins.find(name);
      if (found != scope_.builtins.end() && !found->second.empty()) return found->second;
      problems.add(path, fmt::format("macro ${{{}}} has no value for this item", name));
      return "";
    }
    const auto found = scope_.environment.find(name);
    const bool allowed = scope_.mode == EnvironmentMacros::all || scope_.allowed.contains(name);
    if (found != scope_.environment.end() && allowed) return found->second;
    problems.add(path, allowed ? fmt::format("macro ${{{0}}}: the agent's environment has no variable {0}. "
                                             "To keep the text as it is, write $${{{0}}}",
                                             name)
                               : unknown(name));
    return "";
  }

  /// The same text whether the variable exists or not: a submitter must not learn that from an error.
  std::string unknown(std::string_view name) const {
    const std::vector<std::string> builtins(kBuiltinMacros.begin(), kBuiltinMacros.end());
    return fmt::format(
        "macro ${{{0}}} is neither built in nor allowed by this agent.{1} The agent's administrator can add "
        "{0} to environment_macros in "
        "launch-config.yaml. To keep the text as it is, write $${{{0}}}",
        name, did_you_mean(name, builtins));
  }

  const MacroScope& scope_;
};

}  // namespace

bool is_builtin_macro(std::string_view name) { return std::ranges::find(kBuiltinMacros, name) != kBuiltinMacros.end(); }

std::vector<MacroUse> find_macros(const Json& value) {
  std::vector<MacroUse> uses;
  for_each_text(value, "", [&](std::string_view text, const std::string& path) {
    replace_macros(text, [&](std::string_view name) {
      uses.push_back({std::string(name), path});
      return "";
    });
  });
  return uses;
}

Result<Json> fill_macros(const Json& value, const MacroScope& scope, std::string root) {
  Filler filler(scope);
  Json filled = filler.fill(value, root);
  if (!filler.problems.empty()) return filler.problems.error("macros cannot be filled");
  return filled;
}

}  // namespace slipway::launch
