// Asks registries about manifests over the OCI distribution API: anonymous, Basic and Bearer logins.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "launch/image_ref.h"
#include "net/http_client.h"
#include "plugins/registries/oci/auth_challenge.h"
#include "plugins/registries/oci/docker_credentials.h"

namespace slipway::plugins::registries::oci {

/// Not thread-safe; one executor. Keeps bearer tokens until shortly before they expire, so that a question costs one request.
class RegistryClient {
 public:
  /// `env`: where Docker's config.json and its helpers are found. `insecure`: hosts (with port) that may be asked without TLS;
  /// loopback addresses always may.
  RegistryClient(std::shared_ptr<net::HttpClient> http, std::map<std::string, std::string> env,
                 std::set<std::string> insecure = {});

  /// Digest of the manifest or index behind `image`'s tag or digest ("latest" when it has neither). Nothing: the registry has no
  /// such image. unavailable: no answer, which never means "no". unauthenticated, permission_denied: the login is missing or wrong.
  Task<std::optional<std::string>> manifest_digest(launch::ImageRef image);

 private:
  struct Token {
    Secret value;
    std::chrono::steady_clock::time_point expires;
  };
  using Clock = std::chrono::steady_clock;

  Task<net::ClientResponse> head(std::string host, std::string path, std::string authorization);
  Task<net::ClientResponse> head_by(std::string scheme, std::string host, std::string path, std::string authorization);
  Task<std::string> authorize(Challenge challenge, std::string host, std::string repository);
  Task<Secret> fetch_token(Challenge challenge, std::string host, std::string repository);
  bool may_be_plain(const std::string& host) const;

  std::shared_ptr<net::HttpClient> http_;
  std::map<std::string, std::string> env_;
  std::set<std::string> insecure_;
  std::map<std::string, std::string> schemes_;  ///< What answered at a host that may be asked without TLS.
  std::map<std::string, Token> tokens_;         ///< By host and repository.
  std::set<std::string> basic_;                 ///< Hosts that want Basic.
};

}  // namespace slipway::plugins::registries::oci
