// Azure Container Registry: known by name, see cloud_registry.h.
#pragma once
#include "plugins/registries/api.h"

namespace slipway::plugins::registries::acr {

RegistryPlugin plugin();

}  // namespace slipway::plugins::registries::acr
