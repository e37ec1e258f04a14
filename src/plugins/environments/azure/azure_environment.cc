#include "plugins/environments/azure/azure_environment.h"

namespace slipway::plugins::environments::azure {

EnvironmentPlugin plugin() {
  return {.name = "azure",
          .doc = "A Microsoft Azure subscription: Container Registry, Blob Storage. Not in this version.",
          .create = {}};
}

}  // namespace slipway::plugins::environments::azure
