// Authenticator: who sends a request. API keys as HTTP Basic (any user name) or Bearer, and web sessions (protocol 1.1.3, S-32).
#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <unordered_map>

#include "net/http_server.h"
#include "server/api/request_context.h"
#include "server/api/sessions.h"
#include "server/store/store.h"

namespace slipway::server {

inline constexpr std::string_view kSessionCookie = "slipway_session";

/// All calls on one executor's thread.
class Authenticator {
 public:
  Authenticator(Store& store, Sessions& sessions, std::string public_url)
      : store_(store), sessions_(sessions), public_url_(std::move(public_url)) {}

  /// Without a credential the context is empty; with one that is wrong the value is an unauthenticated error.
  Task<std::shared_ptr<RequestContext>> identify(net::ServerRequest request);
  /// The principal of a key; unauthenticated for an unknown or revoked one.
  Task<Principal> principal_of_key(std::string key_hash);
  /// Keys, roles or people have changed.
  void forget() { known_.clear(); }

 private:
  struct Known {
    Principal principal;
    std::chrono::steady_clock::time_point until;
  };
  Task<> act_for(Principal& principal, std::string username);

  Store& store_;
  Sessions& sessions_;
  std::string public_url_;
  std::unordered_map<std::string, Known> known_;  ///< By key hash, a few seconds each.
  std::uint64_t requests_ = 0;
};

/// Value of a cookie of the request, "" when it has none.
std::string cookie_value(const net::ServerRequest& request, std::string_view name);

}  // namespace slipway::server
