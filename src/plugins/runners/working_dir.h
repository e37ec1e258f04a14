// overrides.working_dir, checked: a folder below the job's source.
#pragma once
#include <string>

#include "base/error.h"

namespace slipway::plugins::runners {

/// "" or a relative path without "." and ".." segments. Absolute paths and paths that leave the source are
/// refused.
Result<std::string> working_dir_below(const std::string& working_dir);

}  // namespace slipway::plugins::runners
