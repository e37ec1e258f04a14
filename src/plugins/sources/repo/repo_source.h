// Git jobs: a commit of an https or ssh remote, with its submodules and the job's patch (D-18, D-19, S-140, L-37..L-40).
#pragma once
#include "plugins/sources/api.h"

namespace slipway::plugins::sources::repo {

SourcePlugin plugin();

}  // namespace slipway::plugins::sources::repo
