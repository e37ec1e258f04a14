#include "plugins/registries/acr/acr_registry.h"

#include "plugins/registries/cloud_registry.h"

namespace slipway::plugins::registries::acr {

RegistryPlugin plugin() {
  return cloud_registry("acr", "Azure Container Registry", launch::RegistryKind::acr, "azurecr.io");
}

}  // namespace slipway::plugins::registries::acr
