// Api: calls to one Kubernetes API server.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "kube/credentials.h"

namespace slipway::kube {

/// One kind as the API server offers it: what a path is made of.
struct Resource {
  std::string group_version;  ///< "v1", "batch/v1", "kubeflow.org/v1".
  std::string plural;         ///< "jobs".
  std::string kind;           ///< "Job".
  bool namespaced = true;

  /// "/apis/batch/v1/namespaces/<space>/jobs[/<name>]"; `space` "" is the whole cluster.
  std::string path(std::string_view space, std::string_view name = "") const;
  std::string group() const;  ///< "" for the core.
  friend auto operator<=>(const Resource&, const Resource&) = default;
};

namespace resources {
inline const Resource jobs{"batch/v1", "jobs", "Job", true};
inline const Resource pods{"v1", "pods", "Pod", true};
inline const Resource secrets{"v1", "secrets", "Secret", true};
inline const Resource config_maps{"v1", "configmaps", "ConfigMap", true};
inline const Resource events{"v1", "events", "Event", true};
inline const Resource namespaces{"v1", "namespaces", "Namespace", false};
}  // namespace resources

enum class Propagation { background, foreground, orphan };

/// Error codes: not_found, conflict (409: exists already, or changed meanwhile), invalid_argument (400, 422: with the
/// API server's causes as problems), permission_denied (403), unauthenticated (401), resource_exhausted (403 of a
/// quota), unavailable (no connection, 429, 5xx: what happened is not known), stale (410: the list has to be read
/// again), failed_precondition (everything else). Texts are the API server's.
/// All calls on one executor's thread. Calls in flight own the object; its HTTP client's end cancels them.
class Api : public std::enable_shared_from_this<Api> {
 public:
  Api(std::weak_ptr<net::HttpClient> http, Access access, std::map<std::string, std::string> env, const Clock& clock);

  const Access& access() const { return credentials_.access(); }
  const std::string& space() const { return access().space; }

  /// `path` with the query, url-encoded.
  Task<Json> get(std::string path);
  Task<Json> create(std::string path, Json object);
  /// Merge patch (RFC 7396).
  Task<Json> patch(std::string path, Json changes);
  /// Also when it is gone already. `uid`: only that very object; another one is left alone and is a conflict.
  Task<> remove(std::string path, Propagation propagation = Propagation::background,
                std::optional<int> grace_seconds = {}, std::string uid = "");
  /// Nothing when there is none.
  Task<std::optional<Json>> find(std::string path);
  /// Plain text such as a pod's log, in pieces as they come; until the server ends it or `consume` has had enough.
  /// Errors of `consume` are passed on; silence for longer than `idle_timeout` is deadline_exceeded.
  struct Stream {
    std::string path;
    std::optional<Millis> idle_timeout;
    std::function<void()> on_open;  ///< Answered with 200.
    std::function<Task<bool>(std::string)> consume;
  };
  Task<> stream(Stream stream);

 private:
  net::ClientRequest request(std::string method, const std::string& path) const;
  Task<net::ClientResponse> exchange(net::ClientRequest request);
  Task<net::ClientResponse> send(net::ClientRequest request);
  Task<Json> send_json(std::string method, std::string path, Json body, std::string content_type);

  std::weak_ptr<net::HttpClient> http_;
  Credentials credentials_;
};

/// The error that a Status object (or any other answer of that status) stands for.
Error api_error(int status, const std::string& body);
/// "a=b,c=d" for labelSelector, url-encoded.
std::string selector(const std::map<std::string, std::string>& labels);
/// Members of metadata, "" when absent.
std::string metadata(const Json& object, std::string_view key);
std::string label(const Json& object, std::string_view key);

}  // namespace slipway::kube
