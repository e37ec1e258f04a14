// The blocks of launch-config.yaml: environment, registry, builder. Internal to agent_config.cc.
#pragma once
#include <string>
#include <vector>

#include "launch/agent_config.h"
#include "launch/fields.h"

namespace slipway::launch {

struct BlockContext {
  ProblemList& problems;
  const YamlDocument& document;
  std::vector<Problem>& notices;

  void notice(std::string path, std::string message) {
    notices.push_back(document.problem(std::move(path), std::move(message)));
  }
};

EnvironmentConfig read_environment(FieldReader& top, BlockContext& context);
RegistryConfig read_registry(FieldReader& top, const EnvironmentConfig& environment, BlockContext& context);
BuilderConfig read_builder(FieldReader& top, const RegistryConfig& registry, BlockContext& context);
/// The registry's region must be the environment's (S-58).
void check_regions(const EnvironmentConfig& environment, const std::string& destination, BlockContext& context);

}  // namespace slipway::launch
