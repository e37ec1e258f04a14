#include "server/service/wait_reason.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/strings.h"

namespace slipway::server {
namespace {

bool is_full(const ServingAgent& each) {
  if (each.load) return each.load->slots <= 0;
  return each.agent.max_jobs >= 0 && each.held >= each.agent.max_jobs;
}

std::string capacity(const ServingAgent& each) {
  if (each.agent.max_jobs < 0) return fmt::format("agent '{}' takes no more now ({} jobs)", each.agent.name, each.held);
  return fmt::format("agent '{}' is at capacity {}/{}", each.agent.name, each.held, each.agent.max_jobs);
}

std::string no_capacity(const std::vector<const ServingAgent*>& agents) {
  std::string out;
  constexpr std::size_t kNamed = 3;
  for (std::size_t i = 0; i < agents.size() && i < kNamed; ++i) out += (out.empty() ? "" : ", ") + capacity(*agents[i]);
  if (agents.size() > kNamed) out += fmt::format(" and {} more are full", agents.size() - kNamed);
  out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out + ". Raise max_jobs, or start another agent.";
}

std::vector<const ServingAgent*> willing_agents(const WaitFacts& facts) {
  std::vector<const ServingAgent*> willing;
  for (const auto& each : facts.agents) {
    if (each.agent.desire == AgentDesire::run) willing.push_back(&each);
  }
  return willing;
}

bool all_full(const std::vector<const ServingAgent*>& agents) {
  return std::ranges::all_of(agents, [](const auto* each) { return is_full(*each); });
}

/// It was submitted, and no agent holds it.
bool is_out_of_reach(const Item& item) {
  return !launch::is_terminal(item.state) && item.state != launch::ItemState::pending && !item.lease_expires_at &&
         item.unreachable_since.has_value();
}

std::string out_of_reach(const Item& item) {
  return fmt::format(
      "Agent '{}' has not been heard of since {}; the job goes on when an agent on its machine is back. "
      "If that will not happen: slipway item cancel --force, or item requeue --force.",
      item.agent_name, to_iso8601(*item.unreachable_since));
}

std::string why_pending(const WaitFacts& facts) {
  const auto& queue = facts.queue;
  if (queue.state == QueueState::paused) return fmt::format("Queue '{}' is paused.", queue.name);
  if (facts.agents.empty()) {
    return fmt::format("No agent serves queue '{}' now. Start one with: slipway launch-agent -e {} -q {}", queue.name,
                       quote_word(queue.entity_name), quote_word(queue.name));
  }
  const auto willing = willing_agents(facts);
  if (willing.empty()) return fmt::format("The agents of queue '{}' are paused, draining or stopping.", queue.name);
  if (all_full(willing)) return no_capacity(willing);
  if (facts.position == 1) return "1 item goes first.";
  if (facts.position >= ItemStore::kMostCounted) return fmt::format("At least {} items go first.", facts.position);
  if (facts.position > 1) return fmt::format("{} items go first.", facts.position);
  return "It is next: an agent takes it at its next call.";
}

}  // namespace

bool position_matters(const WaitFacts& facts) {
  return facts.item.state == launch::ItemState::pending && facts.queue.state == QueueState::active &&
         !all_full(willing_agents(facts));
}

std::optional<std::string> wait_reason(const WaitFacts& facts) {
  const Item& item = facts.item;
  if (is_out_of_reach(item)) return out_of_reach(item);
  switch (item.state) {
    case launch::ItemState::pending:
      if (item.cancel_requested) return "It is being cancelled.";
      return why_pending(facts);
    case launch::ItemState::leased:
      return fmt::format("Agent '{}' has taken it and is about to begin.", item.agent_name);
    case launch::ItemState::claimed:
    case launch::ItemState::starting:
      if (!item.message.empty()) return item.message;
      return fmt::format("Agent '{}' prepares it{}.", item.agent_name,
                         item.stage.empty() ? "" : fmt::format(" ({})", item.stage));
    case launch::ItemState::preempted:
      return "It was preempted and goes back to its place in the queue.";
    default:
      return std::nullopt;
  }
}

}  // namespace slipway::server
