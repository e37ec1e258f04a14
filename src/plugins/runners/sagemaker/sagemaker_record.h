// The record of the target resource sagemaker: names, defaults, schema and policy. Jobs cannot be run on it
// yet.
#pragma once
#include "plugins/runners/api.h"

namespace slipway::plugins::runners::sagemaker {

RunnerPlugin plugin();

}  // namespace slipway::plugins::runners::sagemaker
