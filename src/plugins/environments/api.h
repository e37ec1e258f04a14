// Environments: the cloud account that agent and registry work in. One folder here and one line in plugins.cc each.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "plugins/context.h"

namespace slipway::plugins {

class Environment {
 public:
  virtual ~Environment() = default;
  /// Are there credentials, and do they work? The error says how to get them.
  virtual Task<> verify() = 0;
};

struct EnvironmentPlugin {
  std::string name;  ///< `environment.type`: "aws", "gcp", "azure"; "local" when the block is absent.
  std::string doc;
  /// `config`: the block of launch-config.yaml. Empty function: known by name, but this version cannot create it.
  std::function<Result<std::unique_ptr<Environment>>(Context&, const Json& config)> create;
};

}  // namespace slipway::plugins
