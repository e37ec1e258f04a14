// Code jobs: an uploaded directory (D-20, S-139).
#pragma once
#include "plugins/sources/api.h"

namespace slipway::plugins::sources::artifact {

SourcePlugin plugin();

}  // namespace slipway::plugins::sources::artifact
