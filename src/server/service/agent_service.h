// AgentService: agents as people and agents see them: register, list, what they should do (C-18, protocol 1.4).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "server/service/dispatch_service.h"

namespace slipway::server {

struct AgentInput {
  std::string entity;
  std::vector<Id> queues;
  std::string hostname;
  std::string config;  ///< JSON text, "" for none.
  std::string version;
  std::string stable_id;  ///< "" for W&B agents.
  std::string incarnation;
  std::int64_t max_jobs = 1;
};

class AgentService {
 public:
  AgentService(Store& store, QueueDirectory& directory, DispatchService& dispatch, Live& live, const Clock& clock)
      : store_(store), directory_(directory), dispatch_(dispatch), live_(live), clock_(clock) {}

  /// The same agent again for a stable id that is known in this entity; its older process is superseded.
  Task<Agent> register_agent(Principal who, AgentInput input);
  Task<Agent> get(Principal who, Id id);
  Task<std::vector<Agent>> list(Principal who, std::string entity);
  /// Those of the queue's entity that serve it, the ones not heard of lately left out. Without an access check.
  Task<std::vector<Agent>> serving(Queue queue);
  Task<> set_status(Principal who, Id id, std::string status);
  Task<Agent> set_desire(Principal who, Id id, AgentDesire desire);
  /// Items that it holds, oldest first; at most 1,000 of its entity's running items are looked at.
  Task<std::vector<Item>> items_of(Agent agent);
  /// Heard of within two minutes.
  bool alive(const Agent& agent) const;

 private:
  Task<Agent> find(Principal who, Id id, Role needed);

  Store& store_;
  QueueDirectory& directory_;
  DispatchService& dispatch_;
  Live& live_;
  const Clock& clock_;
};

std::string_view desire_name(AgentDesire desire);
std::optional<AgentDesire> desire_from_name(std::string_view name);

}  // namespace slipway::server
