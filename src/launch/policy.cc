#include "launch/policy.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/strings.h"
#include "launch/document_diff.h"
#include "launch/fields.h"

namespace slipway::launch {
namespace {

struct ModeRow {
  OverrideMode mode;
  std::string_view name;
  std::string_view rule;  ///< Completes "… may not be changed at submission: ".
};

constexpr std::array kModes = {
    ModeRow{OverrideMode::none, "none", "this queue takes no overrides"},
    ModeRow{OverrideMode::templated, "templated", "this queue lets submitters set its template variables only"},
    ModeRow{OverrideMode::allow_list, "allow-list",
            "it is not among the fields that submitters of this queue may change"},
    ModeRow{OverrideMode::any, "any", ""},
};

const ModeRow& row(OverrideMode mode) { return kModes.at(static_cast<std::size_t>(mode)); }

constexpr std::string_view kArgs = "resource_args";

/// Fields of the spec that a policy path may begin with; every other path is below resource_args.
bool is_spec_path(std::string_view path) {
  static constexpr std::array<std::string_view, 8> kRoots = {"overrides", "docker",   "image_uri",           "job",
                                                             "uri",       "priority", "additional_services", "run_id"};
  return std::ranges::find(kRoots, path.substr(0, path.find('.'))) != kRoots.end();
}

/// List indexes out, the first word as an option name: the form in which paths of the document are compared.
std::string normal_path(std::string_view path) {
  std::string out;
  bool inside_index = false;
  for (const char c : path) {
    if (c == '[') inside_index = true;
    if (!inside_index) out += c;
    if (c == ']') inside_index = false;
  }
  const auto dot = std::min(out.find('.'), out.size());
  return docker_option_name(std::string_view(out).substr(0, dot)) + out.substr(dot);
}

/// A policy path below resource_args, relative to the document of `resource`.
std::string document_path(std::string_view path, std::string_view resource) {
  const auto take = [&](std::string_view head) {
    if (path == head)
      path = {};
    else if (path.starts_with(head) && path.substr(head.size()).starts_with('.'))
      path.remove_prefix(head.size() + 1);
  };
  if (path == kArgs || path.starts_with(std::string(kArgs) + ".")) {
    take(kArgs);
    take(resource);
  }
  return normal_path(path);
}

/// `path` is `covering` or below it.
bool covers(std::string_view covering, std::string_view path) {
  return covering.empty() || path == covering ||
         (path.starts_with(covering) && path.substr(covering.size()).starts_with('.'));
}

class Checker {
 public:
  Checker(const Policy& policy, const ResourceRules& rules, bool has_templates)
      : rules_(rules), mode_(policy.mode.value_or(has_templates ? OverrideMode::templated : OverrideMode::allow_list)) {
    for (const auto& path : policy.lock) {
      if (!is_spec_path(path)) locks_.push_back(document_path(path, rules.resource));
    }
    for (const auto& path : policy.allow) allows_.push_back(document_path(path, rules.resource));
  }

  std::vector<Problem> check(const Json& admin, const Json& submitter) {
    const auto changes = changed_paths(admin, submitter);
    for (const auto& path : changes) check_change(path);
    if (changes.empty() || mode_ == OverrideMode::any || !rules_.refuse) return std::move(problems_);
    check_privileges(admin, merge_deep(admin, submitter));
    return std::move(problems_);
  }

 private:
  void add(const std::string& path, std::string_view why) {
    const auto full = fmt::format("{}.{}{}{}", kArgs, rules_.resource, path.empty() ? "" : ".", path);
    const bool known = std::ranges::find(problems_, full, &Problem::path) != problems_.end();
    if (!known)
      problems_.push_back(Problem{full, fmt::format("may not be changed at submission: {}. Ask {}", why, rules_.ask)});
  }

  void check_change(const std::string& path) {
    const auto normal = normal_path(path);
    // A change above a locked field (a whole list replaced) changes that field too.
    const auto locked = [&](const std::string& lock) { return covers(lock, normal) || covers(normal, lock); };
    if (std::ranges::any_of(locks_, locked)) return add(path, "it is locked by the queue's policy");
    if (mode_ == OverrideMode::any || (mode_ == OverrideMode::allow_list && is_allowed(normal))) return;
    add(path, row(mode_).rule);
  }

  bool is_allowed(const std::string& normal) const {
    const auto covering = [&](const std::string& allowed) { return covers(allowed, normal); };
    if (std::ranges::any_of(allows_, covering)) return true;
    return std::ranges::any_of(rules_.submitter_may_override, [&](const std::string& allowed) {
      return allowed == "*" ? !covers("builder", normal) : covers(normal_path(allowed), normal);
    });
  }

  /// Privileged fields that are new or different in `merged`, and those of the admin that are gone.
  void check_privileges(const Json& admin, const Json& merged) {
    for (const auto& problem : rules_.refuse(merged)) {
      const Json* before = value_at(admin, problem.path);
      const Json* now = value_at(merged, problem.path);
      if (before && now && *before == *now) continue;
      if (!explicitly_allowed(problem.path)) add(problem.path, problem.message);
    }
    for (const auto& problem : rules_.refuse(admin)) {
      const Json* before = value_at(admin, problem.path);
      const Json* now = value_at(merged, problem.path);
      if (before && (!now || *before != *now) && !explicitly_allowed(problem.path))
        add(problem.path, "the queue's configuration sets it");
    }
  }

  /// Only a path that names the privileged field itself opens it, not one above it.
  bool explicitly_allowed(const std::string& path) const {
    return std::ranges::find(allows_, normal_path(path)) != allows_.end();
  }

  const ResourceRules& rules_;
  OverrideMode mode_;
  std::vector<std::string> locks_;
  std::vector<std::string> allows_;
  std::vector<Problem> problems_;
};

}  // namespace

Result<Policy> parse_policy(const Json& value) {
  Policy policy;
  if (value.is_null()) return policy;
  if (!value.is_object())
    return Error(Code::invalid_argument, fmt::format("the queue policy must be a map, got {}", kind_name(value)));
  ProblemList problems;
  FieldReader fields(value.get_object(), "", problems);
  const auto word = lower(fields.text("overrides"));
  if (!word.empty()) {
    const auto name = word == "allow_list" ? std::string("allow-list") : word;
    const auto found = std::ranges::find(kModes, name, &ModeRow::name);
    if (found == kModes.end())
      problems.add("overrides", fmt::format("'{}' is not known. It is none, templated, allow-list or any", word));
    else
      policy.mode = found->mode;
  }
  policy.allow = fields.texts("allow", 1000, 1024);
  policy.lock = fields.texts("lock", 1000, 1024);
  for (const auto* list : {&policy.allow, &policy.lock}) {
    const auto empty = std::ranges::find(*list, std::string());
    if (empty != list->end())
      problems.add(list == &policy.allow ? "allow" : "lock",
                   "an empty path. Name a field such as 'env', or 'resource_args' for all");
  }
  fields.refuse_rest("key");
  if (!problems.empty()) return problems.error("the queue policy is not valid");
  return policy;
}

Json to_json(const Policy& policy) {
  JsonObject out;
  if (policy.mode) out["overrides"] = text_value(row(*policy.mode).name);
  const auto put = [&](std::string_view key, const std::vector<std::string>& paths) {
    JsonArray list;
    for (const auto& path : paths) list.push_back(text_value(path));
    if (!list.empty()) out[key] = std::move(list);
  };
  put("allow", policy.allow);
  put("lock", policy.lock);
  return out;
}

std::vector<Problem> check_resource_overrides(const Policy& policy, const ResourceRules& rules, bool has_templates,
                                              const Json& admin, const Json& submitter) {
  return Checker(policy, rules, has_templates).check(admin, submitter);
}

std::vector<Problem> check_locked_fields(const Policy& policy, const ResourceRules& rules, const LaunchSpec& spec) {
  Json fields = to_json(spec);
  if (!spec.docker_image.empty()) fields.get_object()["image_uri"] = text_value(spec.docker_image);
  std::vector<Problem> problems;
  for (const auto& path : policy.lock) {
    if (!is_spec_path(path) || !find_path(fields, path)) continue;
    problems.push_back(Problem{
        path, fmt::format("may not be set at submission: it is locked by the queue's policy. Ask {}", rules.ask)});
  }
  return problems;
}

}  // namespace slipway::launch
