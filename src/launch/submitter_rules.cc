// The default submitter policies of protocol 8.4 as data, for the plugin records, and the agent's secure
// mode.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/strings.h"
#include "launch/fields.h"
#include "launch/policy.h"

namespace slipway::launch {
namespace {

using Names = std::initializer_list<std::string_view>;

bool is_one_of(std::string_view name, Names names) { return std::ranges::find(names, name) != names.end(); }

bool is_truthy(const Json& value) {
  if (value.is_bool()) return value.get_bool();
  if (value.is_number()) return value.to_number<double>() != 0;
  if (!value.is_string()) return false;
  const auto word = lower(trim(std::string_view(value.get_string())));
  return word == "1" || word == "true" || word == "yes" || word == "on";
}

bool is_empty(const Json& value) {
  if (value.is_null()) return true;
  const auto* text = value.if_string();
  return text && text->empty();
}

/// Calls `visit(key, value, path)` for every member of every map, at any depth.
template <class F>
void for_each_member(const Json& value, const std::string& path, const F& visit) {
  if (const auto* object = value.if_object()) {
    for (const auto& member : *object) {
      const auto below = join_path(path, member.key());
      visit(std::string_view(member.key()), member.value(), below);
      for_each_member(member.value(), below, visit);
    }
  } else if (const auto* array = value.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) for_each_member((*array)[i], join_path(path, i), visit);
  }
}

/// Why a member of a manifest gives more than a job needs, "" when it does not.
std::string_view privilege_of(std::string_view key, const Json& value) {
  if (is_one_of(key, {"securityContext", "podSecurityContext"})) return "it sets the security context of the pod";
  if (key == "hostPath") return "it mounts a directory of the node";
  if (key == "serviceAccountToken") return "it mounts a token of the service account";
  if (is_one_of(key, {"serviceAccountName", "serviceAccount"}) && !is_empty(value))
    return "it chooses the service account";
  if (is_one_of(key, {"hostPID", "hostIPC", "hostNetwork", "shareProcessNamespace", "hostUsers"}) && is_truthy(value))
    return "it shares a namespace of the node";
  if (key == "automountServiceAccountToken" && is_truthy(value)) return "it mounts a token of the service account";
  if (key == "hostPort" && is_truthy(value)) return "it opens a port of the node";
  if (is_one_of(key, {"privileged", "allowPrivilegeEscalation"}) && is_truthy(value))
    return "it gives the container the node's privileges";
  if (key == "mountPropagation" && value.is_string() && value.get_string() == "Bidirectional")
    return "its mounts reach the node";
  return "";
}

bool unconfines(std::string_view key, const Json& value) {
  const auto name = lower(key);
  const bool profile = name.find("apparmor") != std::string::npos || name.find("seccomp") != std::string::npos;
  return profile && value.is_string() &&
         lower(std::string_view(value.get_string())).find("unconfined") != std::string::npos;
}

bool is_plain_value(const Json& value) { return value.is_string() || value.is_number(); }

void check_environment_item(const Json& item, const std::string& path, std::vector<Problem>& problems) {
  if (!item.is_string() || std::string_view(item.get_string()).find('=') != std::string_view::npos) return;
  problems.push_back(Problem{path, "a name without '=value' takes the variable from the agent's environment (S-129)"});
}

}  // namespace

std::string docker_option_name(std::string_view written) {
  while (written.starts_with('-')) written.remove_prefix(1);
  std::string name = lower(written);
  std::ranges::replace(name, '_', '-');
  // Docker's short forms, so that a rule about "env" is not passed by with "e".
  static constexpr std::array<std::pair<char, std::string_view>, 10> kShort = {{{'e', "env"},
                                                                                {'m', "memory"},
                                                                                {'w', "workdir"},
                                                                                {'v', "volume"},
                                                                                {'p', "publish"},
                                                                                {'u', "user"},
                                                                                {'h', "hostname"},
                                                                                {'l', "label"},
                                                                                {'c', "cpu-shares"},
                                                                                {'a', "attach"}}};
  if (name.size() != 1) return name;
  const auto found = std::ranges::find(kShort, name[0], [](const auto& each) { return each.first; });
  return found == kShort.end() ? name : std::string(found->second);
}

const std::vector<std::string>& docker_submitter_options() {
  static const std::vector<std::string> kOptions = {
      "command",     "cpu",  "cpu-period", "cpu-quota", "cpu-shares", "cpus",   "cpuset-cpus",
      "cpuset-mems", "e",    "env",        "gpus",      "m",          "memory", "memory-reservation",
      "memory-swap", "name", "pids-limit", "platform",  "shm-size",   "ulimit", "w",
      "workdir"};
  return kOptions;
}

std::vector<Problem> refuse_docker_values(const Json& document) {
  std::vector<Problem> problems;
  const auto* object = document.if_object();
  if (!object) return problems;
  const auto& options = docker_submitter_options();
  for (const auto& member : *object) {
    const std::string key(member.key());
    const auto name = docker_option_name(key);
    if (std::ranges::find(options, name) == options.end()) continue;
    const bool repeatable = name == "env" || name == "ulimit";
    const Json& value = member.value();
    if (repeatable && value.is_array()) {
      const auto& items = value.get_array();
      if (items.empty()) problems.push_back(Problem{key, "an empty list"});
      for (std::size_t i = 0; i < items.size(); ++i) {
        const auto path = join_path(key, i);
        if (!is_plain_value(items[i]))
          problems.push_back(Problem{path, fmt::format("expected text or a number, got {}", kind_name(items[i]))});
        if (name == "env") check_environment_item(items[i], path, problems);
      }
    } else if (!is_plain_value(value)) {
      problems.push_back(Problem{key, fmt::format("expected text or a number, got {}", kind_name(value))});
    } else if (name == "env") {
      check_environment_item(value, key, problems);
    }
  }
  return problems;
}

std::vector<Problem> refuse_privileged_fields(const Json& document) {
  std::vector<Problem> problems;
  for_each_member(document, "", [&](std::string_view key, const Json& value, const std::string& path) {
    if (const auto why = privilege_of(key, value); !why.empty()) {
      problems.push_back(Problem{path, std::string(why)});
    } else if (unconfines(key, value)) {
      problems.push_back(Problem{path, "it takes the security profile away"});
    }
  });
  return problems;
}

std::vector<Problem> check_secure_mode(const LaunchSpec& spec, const Json& document) {
  std::vector<Problem> problems;
  const auto refuse = [&](const std::string& path) {
    problems.push_back(Problem{path,
                               "this agent runs in secure mode, which does not allow it. Ask the agent's "
                               "administrator (secure_mode in launch-config.yaml)"});
  };
  if (!spec.overrides.entry_point.empty()) refuse("overrides.entry_point");
  for_each_member(document, "resource_args", [&](std::string_view key, const Json& value, const std::string& path) {
    if (is_one_of(key, {"hostPID", "hostIPC", "hostNetwork", "initContainers"})) refuse(path);
    if (!is_one_of(key, {"containers", "ephemeralContainers"}) || !value.is_array()) return;
    for (std::size_t i = 0; i < value.get_array().size(); ++i) {
      if (find(value.get_array()[i], "command")) refuse(join_path(path, i) + ".command");
    }
  });
  return problems;
}

}  // namespace slipway::launch
