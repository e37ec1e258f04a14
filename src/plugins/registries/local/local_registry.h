// The image store of the local Docker daemon: where built images stay when no registry is configured (S-54).
#pragma once
#include "plugins/registries/api.h"

namespace slipway::plugins::registries::local {

RegistryPlugin plugin();

}  // namespace slipway::plugins::registries::local
