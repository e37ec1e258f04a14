// A Microsoft Azure subscription (S-62, S-63). Known by name; this version cannot create it.
#pragma once
#include "plugins/environments/api.h"

namespace slipway::plugins::environments::azure {

EnvironmentPlugin plugin();

}  // namespace slipway::plugins::environments::azure
