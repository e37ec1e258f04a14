// Everything pluggable. plugins.cc is the one list; nothing registers itself.
#pragma once
#include <string_view>
#include <vector>

#include "plugins/builders/api.h"
#include "plugins/environments/api.h"
#include "plugins/registries/api.h"
#include "plugins/runners/api.h"
#include "plugins/sources/api.h"

namespace slipway::plugins {

struct Catalog {
  std::vector<SourcePlugin> sources;
  std::vector<EnvironmentPlugin> environments;
  std::vector<RegistryPlugin> registries;
  std::vector<BuilderPlugin> builders;
  std::vector<RunnerPlugin> runners;

  /// By wire name or alias, without case; nullptr for an unknown one.
  const RunnerPlugin* runner(std::string_view name_or_alias) const;
  const SourcePlugin* source(std::string_view name) const;
  const BuilderPlugin* builder(std::string_view name) const;
  const EnvironmentPlugin* environment(std::string_view name) const;
  const RegistryPlugin* registry(std::string_view name) const;
  /// The best match for a destination ("" : the local image store).
  const RegistryPlugin* registry_for(const std::string& destination) const;
};

/// The list of plugins.cc. Built once; immutable.
const Catalog& catalog();

}  // namespace slipway::plugins
