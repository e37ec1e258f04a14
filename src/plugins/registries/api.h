// Registries: where built images are kept. One folder here and one line in plugins.cc each.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/secret.h"
#include "plugins/context.h"
#include "plugins/environments/api.h"

namespace slipway::plugins {

struct RegistryLogin {
  std::string server;  ///< "registry.example.com:5000".
  std::string user;
  Secret password;
};

class Registry {
 public:
  virtual ~Registry() = default;
  /// "<host>/<path>" without scheme and tag, "" for the local image store.
  virtual std::string repository() const = 0;
  /// Nothing: no login is needed or configured.
  virtual Task<std::optional<RegistryLogin>> login() = 0;
  /// One request. unavailable when the registry cannot be reached (which never means "no").
  virtual Task<bool> image_exists(std::string tag) = 0;
};

struct RegistryPlugin {
  std::string name;  ///< "local", "oci", later "ecr", "gcr", "acr".
  std::string doc;
  /// How sure this plugin is that it serves that destination ("host/path"): 0 no, 1 generic, 2 its own host pattern. The highest wins.
  std::function<int(const std::string& destination)> matches;
  std::function<Result<std::unique_ptr<Registry>>(Context&, const std::string& destination, const Json& config,
                                                  Environment*)>
      create;
};

}  // namespace slipway::plugins
