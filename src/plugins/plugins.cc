#include "plugins/plugins.h"

#include <algorithm>

#include "base/strings.h"

// The one list of everything pluggable: family, folder. A new kind is one new folder and one line here.
// clang-format off
#define SLIPWAY_PLUGINS(PLUGIN)        \
  PLUGIN(sources, image)               \
  PLUGIN(sources, repo)                \
  PLUGIN(sources, artifact)            \
  PLUGIN(environments, local)          \
  PLUGIN(environments, aws)            \
  PLUGIN(environments, gcp)            \
  PLUGIN(environments, azure)          \
  PLUGIN(registries, local)            \
  PLUGIN(registries, oci)              \
  PLUGIN(registries, ecr)              \
  PLUGIN(registries, gar)              \
  PLUGIN(registries, acr)              \
  PLUGIN(builders, docker)             \
  PLUGIN(builders, noop)               \
  PLUGIN(builders, kaniko)             \
  PLUGIN(runners, local_container)     \
  PLUGIN(runners, local_process)       \
  PLUGIN(runners, kubernetes)          \
  PLUGIN(runners, sagemaker)           \
  PLUGIN(runners, vertex)
// clang-format on

namespace slipway::plugins {

// Each folder offers plugin() in its own namespace.
#define SLIPWAY_DECLARE_PLUGIN(family, folder)    \
  namespace family::folder {                      \
  decltype(Catalog::family)::value_type plugin(); \
  }
SLIPWAY_PLUGINS(SLIPWAY_DECLARE_PLUGIN)
#undef SLIPWAY_DECLARE_PLUGIN

namespace {

Catalog build_catalog() {
  Catalog all;
#define SLIPWAY_ADD_PLUGIN(family, folder) all.family.push_back(family::folder::plugin());
  SLIPWAY_PLUGINS(SLIPWAY_ADD_PLUGIN)
#undef SLIPWAY_ADD_PLUGIN
  return all;
}

template <class P>
const P* by_name(const std::vector<P>& plugins, std::string_view name) {
  const auto found = std::ranges::find(plugins, name, &P::name);
  return found == plugins.end() ? nullptr : &*found;
}

}  // namespace

const Catalog& catalog() {
  static const Catalog instance = build_catalog();
  return instance;
}

const RunnerPlugin* Catalog::runner(std::string_view name_or_alias) const {
  const std::string wanted = lower(name_or_alias);
  const auto answers = [&](const RunnerPlugin& plugin) {
    return plugin.name == wanted ||
           std::ranges::any_of(plugin.aliases, [&](const auto& alias) { return lower(alias) == wanted; });
  };
  const auto found = std::ranges::find_if(runners, answers);
  return found == runners.end() ? nullptr : &*found;
}

const SourcePlugin* Catalog::source(std::string_view name) const { return by_name(sources, name); }
const BuilderPlugin* Catalog::builder(std::string_view name) const { return by_name(builders, name); }
const EnvironmentPlugin* Catalog::environment(std::string_view name) const { return by_name(environments, name); }

const RegistryPlugin* Catalog::registry(std::string_view name) const { return by_name(registries, name); }

const RegistryPlugin* Catalog::registry_for(const std::string& destination) const {
  const RegistryPlugin* best = nullptr;
  int best_score = 0;
  for (const auto& plugin : registries) {
    const int score = plugin.matches(destination);
    if (score > best_score) {
      best = &plugin;
      best_score = score;
    }
  }
  return best;
}

}  // namespace slipway::plugins
