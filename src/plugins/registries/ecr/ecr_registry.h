// Amazon Elastic Container Registry: known by name, see cloud_registry.h.
#pragma once
#include "plugins/registries/api.h"

namespace slipway::plugins::registries::ecr {

RegistryPlugin plugin();

}  // namespace slipway::plugins::registries::ecr
