// Builds in a Kubernetes cluster without a daemon (S-45, S-46). Known by name; this version cannot create it.
#pragma once
#include "plugins/builders/api.h"

namespace slipway::plugins::builders::kaniko {

BuilderPlugin plugin();

}  // namespace slipway::plugins::builders::kaniko
