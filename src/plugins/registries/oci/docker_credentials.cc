#include "plugins/registries/oci/docker_credentials.h"

#include <array>

#include "archive/archive.h"
#include "base/ids.h"
#include "base/strings.h"
#include "proc/process.h"

namespace slipway::plugins::registries::oci {
namespace {

using Environment = std::map<std::string, std::string>;

constexpr std::string_view kHubKey = "https://index.docker.io/v1/";

bool is_hub(std::string_view server) {
  return server.empty() || server == "docker.io" || server == "index.docker.io" || server == "registry-1.docker.io";
}

/// People log in with and without scheme and API version; Docker compares the bare host.
std::string host_of_key(std::string_view key) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (key.starts_with(scheme)) key.remove_prefix(scheme.size());
  }
  return lower(key.substr(0, key.find('/')));
}

bool is_helper_name(std::string_view name) {
  return !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") ==
                              std::string_view::npos;
}

std::string helper_for(const Json& config, const std::string& server, const std::string& key) {
  if (const auto* helpers = find(config, "credHelpers"); helpers && helpers->is_object()) {
    for (const auto& name : {server, key}) {
      if (const auto* helper = find(*helpers, name); helper && helper->is_string())
        return std::string(helper->get_string());
    }
  }
  return text_or(config, "credsStore");
}

Result<std::optional<Credentials>> from_auths(const Json& config, const std::string& server) {
  const auto* auths = find(config, "auths");
  if (!auths || !auths->is_object()) return std::optional<Credentials>();
  for (const auto& [key, entry] : auths->get_object()) {
    const auto host = host_of_key(key);
    if (host != server && !(is_hub(server) && is_hub(host))) continue;
    Credentials found{.user = text_or(entry, "username"),
                      .password = Secret(text_or(entry, "password")),
                      .identity_token = Secret(text_or(entry, "identitytoken"))};
    if (const auto auth = text_or(entry, "auth"); !auth.empty()) {
      const auto decoded = from_base64(auth);
      const auto colon = decoded ? decoded->find(':') : std::string::npos;
      if (colon == std::string::npos)
        return Error(Code::failed_precondition,
                     "the login of '" + std::string(key) + "' in Docker's config.json is broken")
            .hint("Run `docker login` for it again.");
      found.user = decoded->substr(0, colon);
      found.password = Secret(decoded->substr(colon + 1));
    }
    if (!found.password.empty() || !found.identity_token.empty()) return std::optional<Credentials>(std::move(found));
  }
  return std::optional<Credentials>();
}

Task<std::optional<Credentials>> ask_helper(Environment env, std::string helper, std::string key) {
  if (!is_helper_name(helper))
    co_return Error(Code::failed_precondition, "'" + helper + "' is no name of a Docker credential helper");
  proc::ProcessSpec spec;
  spec.argv = {"docker-credential-" + helper, "get"};
  spec.env = std::move(env);
  spec.input = key;
  spec.timeout = Millis(60'000);
  CO_TRY(const auto result, co_await proc::run(std::move(spec)));
  if (!result.ok()) {
    const auto said = lower(result.out + result.err);
    if (said.find("credentials not found") != std::string::npos) co_return std::optional<Credentials>();
    co_return Error(Code::unauthenticated,
                    "docker-credential-" + helper + " gave no login for " + key + ": " + result.tail(3));
  }
  const auto answer = parse_json(result.out);
  if (!answer)
    co_return Error(Code::failed_precondition, "docker-credential-" + helper + " gave an answer that is no JSON");
  Credentials found{.user = text_or(*answer, "Username"), .password = Secret(text_or(*answer, "Secret"))};
  if (found.user == "<token>") found.identity_token = std::exchange(found.password, Secret());
  co_return std::optional<Credentials>(std::move(found));
}

}  // namespace

std::filesystem::path docker_config_dir(const Environment& env) {
  if (const auto set = env.find("DOCKER_CONFIG"); set != env.end() && !set->second.empty()) return set->second;
  if (const auto home = env.find("HOME"); home != env.end() && !home->second.empty())
    return std::filesystem::path(home->second) / ".docker";
  return {};
}

Result<Json> read_docker_config(const Environment& env) {
  const auto dir = docker_config_dir(env);
  std::error_code ec;
  if (dir.empty() || !std::filesystem::exists(dir / "config.json", ec)) return Json(JsonObject());
  auto text = archive::read_file(dir / "config.json");
  if (!text) return std::move(text).error().wrap("reading Docker's config.json");
  auto value = parse_json(*text);
  if (!value) return std::move(value).error().wrap("reading " + (dir / "config.json").string());
  if (!value->is_object())
    return Error(Code::invalid_argument, (dir / "config.json").string() + " holds no JSON object");
  return *std::move(value);
}

Task<std::optional<Credentials>> find_credentials(Environment env, std::string server) {
  CO_TRY(const auto config, read_docker_config(env));
  server = is_hub(server) ? std::string("docker.io") : lower(server);
  const auto key = is_hub(server) ? std::string(kHubKey) : server;
  const auto helper = helper_for(config, server, key);
  if (!helper.empty()) {
    auto found = co_await ask_helper(std::move(env), helper, key);
    if (!found || *found) co_return found;
  }
  co_return from_auths(config, server);
}

}  // namespace slipway::plugins::registries::oci
