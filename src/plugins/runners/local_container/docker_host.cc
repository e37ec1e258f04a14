#include "plugins/runners/local_container/docker_host.h"

#include <fmt/format.h>

#include "base/strings.h"
#include "proc/process.h"

namespace slipway::plugins::runners::local_container {
namespace {

constexpr std::string_view kUsualSocket = "unix:///var/run/docker.sock";

std::string value_of(const std::map<std::string, std::string>& env, const std::string& name) {
  const auto found = env.find(name);
  return found == env.end() ? "" : found->second;
}

}  // namespace

Result<DockerHost> parse_docker_host(const std::string& address, bool tls) {
  if (address.starts_with("unix://")) {
    return DockerHost{.address = address, .unix_socket = address.substr(7), .base_url = "http://docker"};
  }
  const bool tcp = address.starts_with("tcp://") || address.starts_with("http://");
  if (tcp && !tls) {
    std::string host = address.substr(address.find("//") + 2);
    while (host.ends_with('/')) host.pop_back();
    if (!host.empty()) return DockerHost{.address = address, .base_url = "http://" + host};
  }
  return Error(Code::failed_precondition,
               fmt::format("the Docker engine at '{}'{} cannot be used", address, tls && tcp ? " with TLS" : ""))
      .hint(
          "Give DOCKER_HOST as unix:///path/to/docker.sock or tcp://host:port. For ssh or TLS, forward the "
          "engine's socket: "
          "ssh -L /tmp/docker.sock:/var/run/docker.sock HOST.");
}

Task<DockerHost> find_docker_host(std::string cli, std::map<std::string, std::string> env) {
  const std::string verify = value_of(env, "DOCKER_TLS_VERIFY");
  std::string address = value_of(env, "DOCKER_HOST");
  if (!address.empty()) co_return parse_docker_host(address, !verify.empty());
  proc::ProcessSpec ask;
  ask.argv = {cli, "context", "inspect", "--format", "{{.Endpoints.docker.Host}}"};
  ask.env = env;
  ask.timeout = Millis(10'000);
  const auto answer = co_await proc::run(std::move(ask));
  if (answer && answer->ok()) address = trim(answer->out);
  if (address.empty()) address = kUsualSocket;
  co_return parse_docker_host(address, false);
}

}  // namespace slipway::plugins::runners::local_container
