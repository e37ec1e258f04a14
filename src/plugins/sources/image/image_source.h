// Image jobs: the code is in an image that exists already (S-139, D-21).
#pragma once
#include "plugins/sources/api.h"

namespace slipway::plugins::sources::image {

SourcePlugin plugin();

}  // namespace slipway::plugins::sources::image
