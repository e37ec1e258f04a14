// Google Artifact Registry: known by name, see cloud_registry.h.
#pragma once
#include "plugins/registries/api.h"

namespace slipway::plugins::registries::gar {

RegistryPlugin plugin();

}  // namespace slipway::plugins::registries::gar
