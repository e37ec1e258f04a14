// RequestContext: who asks, for everything below the HTTP edge. One per request, shared with the GraphQL engine.
#pragma once
#include <memory>
#include <string>

#include "graphql/engine.h"
#include "server/store/types.h"

namespace slipway::server {

/// How the caller proved who they are.
enum class Credential { none, api_key, session };

struct RequestContext final : graphql::Context {
  Principal principal;  ///< Empty (user.id 0) without a credential.
  Credential credential = Credential::none;
  std::string request_id;  ///< In log lines and the X-Request-Id header.
  std::string peer;        ///< Address of the client.
  std::string
      base_url;  ///< "http://host:port" as the client addressed this server, for the addresses that it is given.

  bool signed_in() const { return principal.user.id != 0; }
  /// Whom the work belongs to: the person that a service account acts for (S-32), else the user.
  const std::string& author() const {
    return principal.acting_for.empty() ? principal.user.name : principal.acting_for;
  }
  /// "user:ann", for events (I5).
  std::string actor() const { return "user:" + principal.user.name; }
};

/// The context of a resolver's request: every GraphQL request of this server runs with one.
inline RequestContext& request_of(const graphql::FieldCall& call) { return static_cast<RequestContext&>(call.context); }

}  // namespace slipway::server
