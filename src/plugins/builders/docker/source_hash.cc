#include "plugins/builders/docker/source_hash.h"

#include "base/ids.h"

namespace slipway::plugins::builders::docker {
namespace {

constexpr std::size_t kDigits = 40;

JsonObject as_object(const std::map<std::string, std::string>& values) {
  JsonObject object;
  for (const auto& [key, value] : values) object[key] = value;
  return object;
}

}  // namespace

std::string source_hash(const BuildPlan& plan, const DockerConfig& config,
                        const std::map<std::string, std::string>& base_identities) {
  JsonObject helpers;
  for (const auto& [path, content] : plan.helpers) helpers[path] = sha256_hex(content);
  const JsonObject everything{{"format", 1},
                              {"tree", plan.tree_hash},
                              {"prefix", plan.prefix},
                              {"dockerfile", plan.plain_dockerfile},
                              {"helpers", std::move(helpers)},
                              {"platform", config.platform},
                              {"build_args", as_object(config.build_args)},
                              {"bases", as_object(base_identities)}};
  return sha256_hex(canonical_text(everything)).substr(0, kDigits);
}

}  // namespace slipway::plugins::builders::docker
