// An Amazon Web Services account (S-57, S-58). Known by name; this version cannot create it.
#pragma once
#include "plugins/environments/api.h"

namespace slipway::plugins::environments::aws {

EnvironmentPlugin plugin();

}  // namespace slipway::plugins::environments::aws
