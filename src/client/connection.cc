// Connection::discover: environment, settings file, netrc.
#include <fmt/format.h>

#include "archive/archive.h"
#include "base/strings.h"
#include "client/api_client.h"
#include "client/netrc.h"

namespace slipway::client {
namespace {

namespace fs = std::filesystem;
using Environment = std::map<std::string, std::string>;

constexpr std::uint64_t kMaxSettings = 1 << 20;

std::string variable(const Environment& env, const std::string& name) {
  const auto found = env.find(name);
  return found == env.end() ? std::string() : std::string(trim(found->second));
}

/// A file that is not there is as good as an empty one; one that cannot be read is an error.
Result<std::string> read_optional(const fs::path& file) {
  auto content = archive::read_file(file, kMaxSettings);
  if (!content && content.error().code() == Code::not_found) return std::string();
  return content;
}

/// The section [default] of the settings file that `wandb login` writes: "key = value" lines.
std::map<std::string, std::string> parse_settings(std::string_view text) {
  std::map<std::string, std::string> settings;
  bool in_default = true;
  for (const auto& raw : split(text, '\n')) {
    const auto line = trim(raw);
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') {
      in_default = line == "[default]";
      continue;
    }
    const auto equals = line.find('=');
    if (in_default && equals != std::string_view::npos) {
      settings[std::string(trim(line.substr(0, equals)))] = std::string(trim(line.substr(equals + 1)));
    }
  }
  return settings;
}

Result<Secret> key_from_netrc(const Environment& env, const fs::path& home, std::string_view host) {
  std::vector<fs::path> files = {home / ".netrc", home / "_netrc"};
  if (const auto named = variable(env, "NETRC"); !named.empty()) files = {named};
  for (const auto& file : files) {
    TRY(const auto text, read_optional(file));
    if (auto password = netrc_password(text, host)) return Secret(*std::move(password));
  }
  return Secret();
}

}  // namespace

Result<Connection> Connection::discover(const Environment& env, const fs::path& home) {
  const auto config = variable(env, "WANDB_CONFIG_DIR");
  const auto settings_file = (config.empty() ? home / ".config" / "wandb" : fs::path(config)) / "settings";
  TRY(const auto settings_text, read_optional(settings_file));
  auto settings = parse_settings(settings_text);

  Connection connection;
  connection.user_agent = "slipway/" SLIPWAY_VERSION;
  connection.username = variable(env, "WANDB_USERNAME");
  if (auto url = variable(env, "WANDB_BASE_URL"); !url.empty()) {
    connection.base_url = std::move(url);
  } else if (!settings["base_url"].empty()) {
    connection.base_url = settings["base_url"];
  }
  while (connection.base_url.ends_with('/')) connection.base_url.pop_back();
  auto parsed = net::parse_url(connection.base_url);
  if (!parsed)
    return std::move(parsed)
        .error()
        .wrap("the server's address")
        .hint("Set WANDB_BASE_URL to something like http://127.0.0.1:8080.");

  connection.api_key = Secret(variable(env, "WANDB_API_KEY"));
  if (connection.api_key.empty()) connection.api_key = Secret(settings["api_key"]);
  if (connection.api_key.empty()) {
    TRY(connection.api_key, key_from_netrc(env, home, parsed->host));
  }
  return connection;
}

}  // namespace slipway::client
