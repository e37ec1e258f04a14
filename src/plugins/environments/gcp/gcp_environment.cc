#include "plugins/environments/gcp/gcp_environment.h"

namespace slipway::plugins::environments::gcp {

EnvironmentPlugin plugin() {
  return {.name = "gcp",
          .doc = "A Google Cloud project: Artifact Registry, Cloud Storage, Vertex AI. Not in this version.",
          .create = {}};
}

}  // namespace slipway::plugins::environments::gcp
