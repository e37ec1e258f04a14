// Builds with the Docker daemon of this machine, through the docker command line (S-45, S-50, S-51, S-54).
#pragma once
#include "plugins/builders/api.h"

namespace slipway::plugins::builders::docker {

BuilderPlugin plugin();

}  // namespace slipway::plugins::builders::docker
