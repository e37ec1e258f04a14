// Runner of `local-container`: jobs are containers of the Docker engine that the agent's docker CLI speaks to.
#pragma once
#include "plugins/runners/api.h"

namespace slipway::plugins::runners::local_container {

RunnerPlugin plugin();

}  // namespace slipway::plugins::runners::local_container
