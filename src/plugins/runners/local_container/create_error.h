// What the docker CLI and the engine say when a container cannot be had, as errors with a mend.
#pragma once
#include <string>

#include "base/error.h"

namespace slipway::plugins::runners::local_container {

/// Of `docker create`. conflict: the name is taken. unavailable: the engine is away. not_found: no such
/// image. invalid_argument: an option is wrong.
Error create_error(const std::string& name, int exit_code, const std::string& output);
/// Of starting it.
Error start_error(const Error& engine);

}  // namespace slipway::plugins::runners::local_container
