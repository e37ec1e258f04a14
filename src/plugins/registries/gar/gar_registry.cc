#include "plugins/registries/gar/gar_registry.h"

#include "plugins/registries/cloud_registry.h"

namespace slipway::plugins::registries::gar {

RegistryPlugin plugin() {
  return cloud_registry("gcr", "Google Artifact Registry", launch::RegistryKind::gar, "pkg.dev");
}

}  // namespace slipway::plugins::registries::gar
