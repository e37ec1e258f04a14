// Entity and queue names to ids, for both ways of control (protocol 1.4, 2.2).
#pragma once
#include <string>
#include <vector>

#include "client/api_client.h"

namespace slipway::agent {

/// Queues of all modern clients live in this project (protocol 0.1).
inline constexpr const char* kQueueProject = "model-registry";

struct QueueRef {
  std::string id;
  std::string name;
};

/// `entity`, or the key's default entity when that is empty (S-39); unauthenticated when the server does not know the key.
Task<std::string> resolve_entity(client::ApiClient& api, std::string entity);
/// In the order of `names`. not_found names what is missing and lists what there is.
Task<std::vector<QueueRef>> resolve_queues(client::ApiClient& api, std::string entity, std::vector<std::string> names);

}  // namespace slipway::agent
