// Registry credentials as `docker login` keeps them: config.json's `auths`, credential helpers and the credential store.
#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "async/task.h"
#include "base/json.h"
#include "base/secret.h"

namespace slipway::plugins::registries::oci {

struct Credentials {
  std::string user;
  Secret password;
  Secret identity_token;  ///< OAuth2 refresh token; instead of a password.
};

/// The folder that holds config.json: DOCKER_CONFIG, else ~/.docker by HOME. "" when neither is set.
std::filesystem::path docker_config_dir(const std::map<std::string, std::string>& env);
/// An absent file is an empty object.
Result<Json> read_docker_config(const std::map<std::string, std::string>& env);

/// What Docker would use for that registry host ("registry.example.com:5000", "docker.io"). Nothing: it would go there anonymously.
/// Errors: config.json is broken, or a helper failed (its name and message, never what it printed on success).
Task<std::optional<Credentials>> find_credentials(std::map<std::string, std::string> env, std::string server);

}  // namespace slipway::plugins::registries::oci
