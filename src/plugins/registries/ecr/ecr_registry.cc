#include "plugins/registries/ecr/ecr_registry.h"

#include "plugins/registries/cloud_registry.h"

namespace slipway::plugins::registries::ecr {

RegistryPlugin plugin() {
  return cloud_registry("ecr", "Amazon Elastic Container Registry", launch::RegistryKind::ecr, "amazonaws.com");
}

}  // namespace slipway::plugins::registries::ecr
