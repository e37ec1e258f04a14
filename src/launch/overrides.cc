#include "launch/overrides.h"

#include <algorithm>

#include <fmt/format.h>

#include "launch/document_diff.h"
#include "launch/fields.h"
#include "launch/macro.h"

namespace slipway::launch {
namespace {

constexpr std::string_view kRefused = "the submission is refused by the queue's policy";

JsonObject merged_values(const LaunchSpec& spec, const JsonObject& values) {
  JsonObject out = spec.template_variables;
  for (const auto& value : values) out[value.key()] = value.value();
  return out;
}

/// The submitter's document for the queue's resource. Arguments for another resource are a mistake that
/// nobody would see otherwise.
Result<Json> submitted_document(const QueueRules& queue, const LaunchSpec& spec) {
  Json document = JsonObject();
  ProblemList problems;
  for (const auto& member : spec.resource_args) {
    const bool own = canonical_resource(std::span(&queue.kind, 1), member.key()).has_value();
    const auto* object = member.value().if_object();
    if (own && object) {
      document = merge_deep(std::move(document), member.value());
    } else if (!own && object && !object->empty()) {
      problems.add(
          join_path("resource_args", member.key()),
          fmt::format("the queue's resource is '{}', so these arguments would have no effect", queue.kind.name));
    }
  }
  if (!problems.empty()) return problems.error("resource_args do not fit the queue");
  return document;
}

/// A macro of the agent's environment in a submitter's text would read what only the admin may name.
void check_macros(const Json& admin, const Json& submitted, const std::string& root, std::vector<Problem>& problems) {
  for (const auto& use : find_macros(submitted)) {
    if (is_builtin_macro(use.name)) continue;
    const Json* before = value_at(admin, use.path);
    const Json* now = value_at(submitted, use.path);
    if (before && now && *before == *now) continue;
    problems.push_back(Problem{
        join_path(root, use.path),
        fmt::format("${{{}}} reads the agent's environment, which only the queue's configuration may do", use.name)});
  }
}

void check_value_macros(const QueueRules& queue, const JsonObject& values, std::vector<Problem>& problems) {
  for (const auto& value : values) {
    const auto* variable = find_variable(queue.templates, value.key());
    const bool chosen_by_admin = variable && (!variable->choices.empty() || variable->default_value == value.value());
    if (!chosen_by_admin)
      check_macros(Json(), JsonObject{{value.key(), value.value()}}, "template_variables", problems);
  }
}

Result<> check_required(const QueueRules& queue, const JsonObject& document) {
  ProblemList problems;
  for (const auto& path : find_required(document)) {
    problems.add(fmt::format("resource_args.{}.{}", queue.kind.name, path),
                 fmt::format("the placeholder REQUIRED was never filled. Ask {}", queue.rules.ask));
  }
  if (!problems.empty()) return problems.error("the queue's configuration is not complete");
  return {};
}

}  // namespace

Result<RenderedArgs> render_resource_args(const QueueRules& queue, const LaunchSpec& spec, const JsonObject& values) {
  RenderedArgs out;
  const JsonObject given = merged_values(spec, values);
  const bool open = queue.policy.mode == OverrideMode::any;
  std::vector<Problem> refusals = check_locked_fields(queue.policy, queue.rules, spec);
  if (queue.policy.mode == OverrideMode::none && !given.empty()) {
    refusals.push_back(
        Problem{"template_variables",
                fmt::format("may not be set at submission: this queue takes no overrides. Ask {}", queue.rules.ask)});
  }
  TRY(out.template_values, evaluate_values(queue.document, queue.templates, given));
  if (!open) check_value_macros(queue, out.template_values, refusals);
  const Json admin = render_template(queue.document, out.template_values);

  TRY(const Json submitted, submitted_document(queue, spec));
  for (auto& problem :
       check_resource_overrides(queue.policy, queue.rules, !queue.templates.empty(), admin, submitted)) {
    refusals.push_back(std::move(problem));
  }
  if (!open) check_macros(admin, submitted, join_path("resource_args", queue.kind.name), refusals);
  if (!refusals.empty()) return Error(Code::permission_denied, std::string(kRefused), std::move(refusals));
  out.document = merge_deep(admin, submitted).get_object();
  TRY_VOID(check_required(queue, out.document));
  return out;
}

}  // namespace slipway::launch
