// A Google Cloud project (S-60, S-61). Known by name; this version cannot create it.
#pragma once
#include "plugins/environments/api.h"

namespace slipway::plugins::environments::gcp {

EnvironmentPlugin plugin();

}  // namespace slipway::plugins::environments::gcp
