// From a queue's configuration, template values and a submitter's spec to the rendered resource arguments:
// step 1 of architecture 4, done by the server at push and by `slipway launch` without a queue.
#pragma once
#include <string>
#include <vector>

#include "launch/policy.h"
#include "launch/resource.h"
#include "launch/spec.h"
#include "launch/template.h"

namespace slipway::launch {

/// The queue's side.
struct QueueRules {
  JsonObject document;  ///< The admin's configuration, unwrapped.
  TemplateSchema templates;
  Policy policy;
  ResourceRules rules;
  ResourceKind kind;  ///< Finds the submitter's document under any alias.
};

struct RenderedArgs {
  JsonObject document;         ///< Of the queue's resource; {{…}} are filled, ${…} are not.
  JsonObject template_values;  ///< With defaults: what was used.
  std::vector<std::string> notices;
};

/// Template values come from the spec and `values`; `values` win (protocol 8.2). Refusals are
/// permission_denied when the policy forbids, invalid_argument when a value is wrong; all problems are
/// collected, with paths of the spec.
Result<RenderedArgs> render_resource_args(const QueueRules& queue, const LaunchSpec& spec, const JsonObject& values);

}  // namespace slipway::launch
