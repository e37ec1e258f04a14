// The Docker Engine API, as far as the runner needs it.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "base/json.h"
#include "net/http_client.h"
#include "plugins/runners/local_container/docker_host.h"

namespace slipway::plugins::runners::local_container {

/// Codes: unavailable (the engine cannot be reached: says nothing about containers), not_found, conflict,
/// invalid_argument (400), failed_precondition (the engine's own error). The engine's message is the error's.
/// Does not own the client, because calls in flight own the EngineApi: when the client goes, they end with
/// Code::cancelled.
class EngineApi {
 public:
  EngineApi(std::weak_ptr<net::HttpClient> http, DockerHost host) : http_(std::move(http)), host_(std::move(host)) {}
  const DockerHost& host() const { return host_; }

  Task<Json> get(std::string path) const;
  /// Success is any 2xx and 304 (it is so already).
  Task<> post(std::string path, Millis timeout = Millis(60'000)) const;
  Task<> remove(std::string path) const;
  /// Puts a tar into a container's file system, at its root.
  Task<> put_tar(std::string container, std::filesystem::path tar) const;

  struct Stream {
    std::string method = "GET";
    std::string path;
    net::Headers headers;
    std::optional<Millis> idle_timeout;
    std::function<void()> on_open;  ///< The engine has answered with 200.
    std::function<Task<bool>(std::string)> consume;
  };
  /// Until the engine ends it or `consume` has enough. Errors of `consume` are passed on.
  Task<> stream(Stream stream) const;

 private:
  net::ClientRequest request(std::string method, const std::string& path) const;
  Task<net::ClientResponse> exchange(net::ClientRequest request) const;
  Task<net::ClientResponse> send(net::ClientRequest request) const;

  std::weak_ptr<net::HttpClient> http_;
  DockerHost host_;
};

}  // namespace slipway::plugins::runners::local_container
