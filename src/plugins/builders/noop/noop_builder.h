// The builder that never builds: for agents that run images only (S-45, S-48).
#pragma once
#include "plugins/builders/api.h"

namespace slipway::plugins::builders::noop {

BuilderPlugin plugin();

}  // namespace slipway::plugins::builders::noop
