#include "plugins/plugins.h"

#include <algorithm>

#include "base/strings.h"
#include "plugins/builders/docker/docker_builder.h"
#include "plugins/builders/kaniko/kaniko_builder.h"
#include "plugins/builders/noop/noop_builder.h"
#include "plugins/environments/aws/aws_environment.h"
#include "plugins/environments/azure/azure_environment.h"
#include "plugins/environments/gcp/gcp_environment.h"
#include "plugins/environments/local/local_environment.h"
#include "plugins/registries/acr/acr_registry.h"
#include "plugins/registries/ecr/ecr_registry.h"
#include "plugins/registries/gar/gar_registry.h"
#include "plugins/registries/local/local_registry.h"
#include "plugins/registries/oci/oci_registry.h"
#include "plugins/runners/kubernetes/kubernetes_record.h"
#include "plugins/runners/local_container/docker_runner.h"
#include "plugins/runners/local_process/local_process_runner.h"
#include "plugins/runners/sagemaker/sagemaker_record.h"
#include "plugins/runners/vertex/vertex_record.h"
#include "plugins/sources/artifact/artifact_source.h"
#include "plugins/sources/image/image_source.h"
#include "plugins/sources/repo/repo_source.h"

namespace slipway::plugins {
namespace {

/// The one list of everything pluggable. A new kind is one new folder and one line here.
Catalog build_catalog() {
  Catalog all;
  all.sources = {sources::image::plugin(), sources::repo::plugin(), sources::artifact::plugin()};
  all.environments = {environments::local::plugin(), environments::aws::plugin(), environments::gcp::plugin(), environments::azure::plugin()};
  all.registries = {registries::local::plugin(), registries::oci::plugin(), registries::ecr::plugin(), registries::gar::plugin(), registries::acr::plugin()};
  all.builders = {builders::docker::plugin(), builders::noop::plugin(), builders::kaniko::plugin()};
  all.runners = {runners::local_container::plugin(), runners::local_process::plugin(), runners::kubernetes::plugin(), runners::sagemaker::plugin(),
                 runners::vertex::plugin()};
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
    return plugin.name == wanted || std::ranges::any_of(plugin.aliases, [&](const auto& alias) { return lower(alias) == wanted; });
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
