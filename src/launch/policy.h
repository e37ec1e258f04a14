// Who may change what (architecture 4, C-30, protocol 8.4, S-16). A queue's admin is trusted; a submitter may
// change what the policy lets through.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "launch/spec.h"

namespace slipway::launch {

enum class OverrideMode {
  none,        ///< No submitter changes resource_args, template values included.
  templated,   ///< Template values only (S-16).
  allow_list,  ///< Template values, and the paths of ResourceRules::submitter_may_override and Policy::allow.
  any,         ///< Everything but Policy::lock. Gives every submitter what the agent's account can do.
};

/// The policy of a queue, JSON: {"overrides": "none"|"templated"|"allow-list"|"any", "allow": [path…],
/// "lock": [path…]}, all optional. Without "overrides": "templated" once the queue has template variables,
/// "allow-list" before. Paths are of the spec: "resource_args.local-container.env", "resource_args.env" and
/// "env" are the same; "overrides.entry_point", "docker.docker_image". A path covers everything below it;
/// list indexes are left out ("spec.template.spec.containers.resources"). Option names match without case and
/// leading dashes.
struct Policy {
  std::optional<OverrideMode> mode;
  std::vector<std::string> allow;  ///< In addition to the resource's own list.
  std::vector<std::string> lock;   ///< Wins over everything, also in mode any.
};

Result<Policy> parse_policy(const Json& value);
Json to_json(const Policy& policy);

/// What the plugin record of the resource says, and whom to ask.
struct ResourceRules {
  std::string resource;                             ///< Wire name.
  std::vector<std::string> submitter_may_override;  ///< "*": everything that passes `refuse`, except "builder" (X-20).
  /// Problems of a submitter's document whatever the list says (privileged fields). Paths relative to the
  /// document. May be empty.
  std::function<std::vector<Problem>(const Json& document)> refuse;
  std::string ask = "an administrator of the queue";  ///< Ends the refusal's text.
};

/// Checks a submitter's document against the admin's rendered one. Values that equal the admin's are no
/// change, and admin values are never refused. Empty: allowed.
std::vector<Problem> check_resource_overrides(const Policy& policy, const ResourceRules& rules, bool has_templates,
                                              const Json& admin, const Json& submitter);
/// Locked fields of the spec outside resource_args that the submitter set.
std::vector<Problem> check_locked_fields(const Policy& policy, const ResourceRules& rules, const LaunchSpec& spec);
/// The agent's `secure_mode` (D-76, protocol 2.7): no entry point override, no container command, no host
/// namespaces, no init containers, anywhere in the document.
std::vector<Problem> check_secure_mode(const LaunchSpec& spec, const Json& document);

/// Data for plugin records: docker options that a submitter may set by default (protocol 8.4).
const std::vector<std::string>& docker_submitter_options();
/// Values of those options that docker would read as something else (maps, booleans, lists of a single-valued
/// option).
std::vector<Problem> refuse_docker_values(const Json& document);
/// Privileged fields of a Kubernetes manifest, searched in every map and list, custom resources included
/// (F7).
std::vector<Problem> refuse_privileged_fields(const Json& document);
/// "--Shm_Size" → "shm-size", "e" → "env".
std::string docker_option_name(std::string_view written);

}  // namespace slipway::launch
