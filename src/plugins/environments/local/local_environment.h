// No cloud account: what an agent works in when its configuration has no `environment` block.
#pragma once
#include "plugins/environments/api.h"

namespace slipway::plugins::environments::local {

EnvironmentPlugin plugin();

}  // namespace slipway::plugins::environments::local
