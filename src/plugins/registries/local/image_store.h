// What the local Docker daemon holds, asked through the docker CLI.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "async/task.h"

namespace slipway::plugins::registries::local {

struct StoredImage {
  std::string id;                         ///< "sha256:…" of the image's configuration.
  std::vector<std::string> repo_digests;  ///< "repository@sha256:…" of the registries it came from or went to.
};

/// Needs the `docker` program in the PATH of `env`, which also says where the daemon is (DOCKER_HOST, DOCKER_CONTEXT).
/// Nothing: there is no such image. failed_precondition: no docker program. unavailable: no answer from the daemon.
Task<std::optional<StoredImage>> inspect_image(std::map<std::string, std::string> env, std::string reference);

/// The error for output of a docker command that failed because nobody answers at the daemon's address; nothing for other failures.
std::optional<Error> daemon_error(const std::string& output);

}  // namespace slipway::plugins::registries::local
