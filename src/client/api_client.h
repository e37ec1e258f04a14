// ApiClient: speaks GraphQL to a slipway or W&B server for the agent and the CLI. One server, one identity.
#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "async/task.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/secret.h"
#include "net/http_client.h"

namespace slipway::client {

/// Where and who, as the `wandb` CLI finds it (protocol 1.1.3, 1.2).
struct Connection {
  std::string base_url = "https://api.wandb.ai";  ///< No trailing slash.
  Secret api_key;
  std::string user_agent;  ///< "slipway/0.1.0".
  std::string username;    ///< WANDB_USERNAME: a service account acts for that person (S-32); sent as X-WANDB-USERNAME.

  /// Environment (WANDB_BASE_URL, WANDB_API_KEY, WANDB_USERNAME) before ~/.config/wandb/settings (base_url)
  /// before ~/.netrc (or NETRC, _netrc) for the key. `home` and `env` are passed in for tests. A missing key
  /// is no error here.
  static Result<Connection> discover(const std::map<std::string, std::string>& env, const std::filesystem::path& home);
};

struct CallOptions {
  Millis timeout{30'000};
  /// Total time for retries of calls that may be repeated; zero: one try. Retries with back-off on
  /// unavailable, 429, 5xx; Retry-After is a minimum.
  Millis retry_for{60'000};
};

class ApiClient {
 public:
  ApiClient(std::shared_ptr<net::HttpClient> http, Connection connection);
  const Connection& connection() const { return connection_; }

  /// Runs one operation. The value is `data`. GraphQL errors become an Error with the code of extensions.code
  /// (else of the HTTP status), the hint and the problems. Mutations that are not idempotent must be sent
  /// with retry_for = 0 or carry a client key.
  Task<Json> call(std::string document, JsonObject variables, CallOptions options = {});
  /// Does the server have "Type.field"? Asked by introspection once per type, then remembered. Unreachable:
  /// an error, not "no".
  Task<bool> has_field(std::string type, std::string field);

  /// PUT of a file to a signed address (no credentials unless the address is below base_url and asks for
  /// them). `headers`: "Key:Value" texts (protocol 1.6.3).
  Task<> upload(std::string url, std::filesystem::path file, std::vector<std::string> headers,
                std::function<void(std::uint64_t, std::uint64_t)> on_progress = {});
  /// GET of a signed address or of one below base_url (then with credentials) into a file.
  Task<> download(std::string url, std::filesystem::path file);
  /// POST of a JSON document below base_url ("/files/…/file_stream"); the value is the answer's JSON.
  Task<Json> post_json(std::string path, std::string body, CallOptions options = {});
  /// GET of a stream below base_url; `on_data` as in net::ClientRequest. Returns when the server ends it or
  /// on_data gives false.
  Task<> stream(std::string path, std::function<bool(std::string_view)> on_data,
                std::optional<Millis> idle_timeout = {});

 private:
  std::shared_ptr<net::HttpClient> http_;
  Connection connection_;
  std::map<std::string, std::map<std::string, bool>> known_fields_;
};

}  // namespace slipway::client
