// The tag of an image: a hash over everything that goes into it (S-50, X-11).
#pragma once
#include <map>
#include <string>

#include "plugins/builders/docker/build_plan.h"

namespace slipway::plugins::builders::docker {

/// 40 hexadecimal digits of SHA-256 over the context's tree, Dockerfile, helper files, platform, build arguments and the identities of the base images (image → digest). No
/// name of a machine, person or job goes in: equal sources have equal tags on every agent.
std::string source_hash(const BuildPlan& plan, const DockerConfig& config,
                        const std::map<std::string, std::string>& base_identities);

}  // namespace slipway::plugins::builders::docker
