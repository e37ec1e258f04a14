// Which exact image a base image's name stands for now: a moved tag must give another source hash.
#pragma once
#include <map>
#include <memory>
#include <string>

#include "plugins/context.h"
#include "plugins/registries/oci/registry_client.h"

namespace slipway::plugins::builders::docker {

enum class Pull { missing, always };

/// "sha256:…": the registry's digest of what the local store has under that name, else the id of a local image that no registry knows, else the digest that the registry
/// has now. Only when nobody knows it, it is pulled. The error says how to use another base image.
Task<std::string> base_identity(std::map<std::string, std::string> env,
                                std::shared_ptr<registries::oci::RegistryClient> client, std::string image, Pull pull,
                                LineSink log);

}  // namespace slipway::plugins::builders::docker
