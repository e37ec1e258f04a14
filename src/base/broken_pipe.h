// Broken pipes are errors of the write that met them, never the end of the program.
#pragma once

namespace slipway {

/// Sets SIGPIPE to be ignored, process-wide, unless somebody handles it. Idempotent and thread-safe. Programs that proc starts get the default action back.
void ignore_broken_pipes();

}  // namespace slipway
