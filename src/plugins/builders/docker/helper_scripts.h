// Small programs that run inside the image while it is built. They take no text of a submitter but files.
#pragma once

namespace slipway::plugins::builders::docker {

/// sh: makes /env with the wanted Python; `apt-get` brings it when the base image lacks it (S-142).
extern const char* const kPreparePython;
/// sh: makes /env out of /slipway/environment.yml with the first of micromamba, mamba and conda that is there.
extern const char* const kInstallConda;
/// Python: installs a frozen list; what cannot be installed is left out and named (protocol 5.5).
extern const char* const kInstallFrozen;

}  // namespace slipway::plugins::builders::docker
