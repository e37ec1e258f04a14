// Why an item waits, in one sentence a person can act on (C-5).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "server/service/dispatch_service.h"

namespace slipway::server {

/// What is known of an agent that serves the queue.
struct ServingAgent {
  Agent agent;
  std::int64_t held = 0;          ///< Jobs that it holds now.
  std::optional<AgentLoad> load;  ///< What it said last; nothing for W&B agents and after a restart of the server.
};

struct WaitFacts {
  Item item;
  Queue queue;
  std::vector<ServingAgent> agents;  ///< Alive ones.
  std::int64_t position = 0;
};

/// Only then is `position` used: counting what goes first costs time in a deep queue.
bool position_matters(const WaitFacts& facts);
/// Nothing when the item does not wait: it runs, or has ended.
std::optional<std::string> wait_reason(const WaitFacts& facts);

}  // namespace slipway::server
