#include "plugins/builders/kaniko/kaniko_builder.h"

namespace slipway::plugins::builders::kaniko {

BuilderPlugin plugin() {
  return {.name = "kaniko",
          .doc = "Builds in a Kubernetes cluster, without a Docker daemon. Not in this version.",
          .create = {}};
}

}  // namespace slipway::plugins::builders::kaniko
