// Where the Docker engine listens.
#pragma once
#include <map>
#include <string>

#include "async/task.h"

namespace slipway::plugins::runners::local_container {

struct DockerHost {
  std::string address;      ///< "unix:///var/run/docker.sock": DOCKER_HOST of the docker CLI, so that both speak
                            ///< to the same engine.
  std::string unix_socket;  ///< "" for TCP.
  std::string base_url;     ///< "http://docker" or "http://host:port", without a slash at the end.
};

/// unix:// and tcp:// (without TLS). ssh://, npipe:// and TLS are refused with what to do instead.
Result<DockerHost> parse_docker_host(const std::string& address, bool tls);

/// DOCKER_HOST, else the endpoint of the current docker context, else the usual socket. `cli`: path of the
/// docker program.
Task<DockerHost> find_docker_host(std::string cli, std::map<std::string, std::string> env);

}  // namespace slipway::plugins::runners::local_container
