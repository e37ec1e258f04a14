#include "server/service/agent_service.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "server/service/changes.h"

namespace slipway::server {
namespace {

constexpr std::array kDesires = {std::pair{AgentDesire::run, "RUN"}, std::pair{AgentDesire::pause, "PAUSE"},
                                 std::pair{AgentDesire::drain, "DRAIN"}, std::pair{AgentDesire::stop, "STOP"}};

Result<> check_length(std::string_view what, const std::string& text, std::size_t longest) {
  if (text.size() <= longest) return {};
  return Error(Code::invalid_argument,
               fmt::format("registering the agent: '{}' has more than {} characters", what, longest));
}

Result<Json> parse_config(const std::string& text) {
  if (text.empty()) return Json(JsonObject());
  auto parsed = parse_json(text, {.max_bytes = 256 << 10});
  if (!parsed) return std::move(parsed).error().wrap("reading agentConfig");
  return parsed;
}

}  // namespace

std::string_view desire_name(AgentDesire desire) { return kDesires.at(static_cast<std::size_t>(desire)).second; }

std::optional<AgentDesire> desire_from_name(std::string_view name) {
  for (const auto& [desire, text] : kDesires) {
    if (name == text) return desire;
  }
  return std::nullopt;
}

Task<Agent> AgentService::register_agent(Principal who, AgentInput input) {
  CO_TRY_VOID(require(who, input.entity, Role::agent));
  CO_TRY_VOID(check_length("hostname", input.hostname, 256));
  CO_TRY_VOID(check_length("version", input.version, 64));
  CO_TRY_VOID(check_length("stableId", input.stable_id, 128));
  CO_TRY_VOID(check_length("incarnation", input.incarnation, 128));
  if (input.max_jobs < -1 || input.max_jobs > 100'000) {
    co_return Error(Code::invalid_argument,
                    fmt::format("registering the agent: maxJobs is {}; it is a number up to 100000, or -1 for no limit",
                                input.max_jobs));
  }
  if (input.queues.empty() || input.queues.size() > 1000) {
    co_return Error(Code::invalid_argument, "registering the agent: it needs 1 to 1000 queues");
  }
  for (const Id queue : input.queues) CO_TRY_VOID(co_await directory_.get(who, queue, Role::agent));
  CO_TRY(const auto owner, co_await store_.find_entity(input.entity));
  if (!owner) co_return absent("entity", input.entity);
  Agent agent;
  CO_TRY(agent.config, parse_config(input.config));
  agent.entity = owner->id;
  agent.entity_name = owner->name;
  agent.stable_id = std::move(input.stable_id);
  agent.incarnation = std::move(input.incarnation);
  agent.hostname = std::move(input.hostname);
  agent.version = std::move(input.version);
  agent.status = "POLLING";
  agent.queues = std::move(input.queues);
  agent.max_jobs = static_cast<int>(input.max_jobs);
  CO_TRY(auto registered, co_await store_.register_agent(std::move(agent)));
  dispatch_.agent_changed(registered.id);
  publish_agent(live_, registered, "registered");
  co_return registered;
}

Task<Agent> AgentService::find(Principal who, Id id, Role needed) {
  if (who.user.id == 0) co_return require(who, "", needed).error();
  CO_TRY(auto agent, co_await store_.get_agent(id));
  if (!agent || !role_in(who, agent->entity_name)) co_return absent("agent", std::to_string(id));
  CO_TRY_VOID(require(who, agent->entity_name, needed));
  co_return *std::move(agent);
}

Task<Agent> AgentService::get(Principal who, Id id) { co_return co_await find(std::move(who), id, Role::viewer); }

Task<std::vector<Agent>> AgentService::list(Principal who, std::string entity) {
  CO_TRY_VOID(require(who, entity, Role::viewer));
  CO_TRY(const auto owner, co_await store_.find_entity(entity));
  if (!owner) co_return absent("entity", entity);
  co_return co_await store_.list_agents(owner->id);
}

Task<std::vector<Agent>> AgentService::serving(Queue queue) {
  CO_TRY(auto agents, co_await store_.list_agents(queue.entity));
  std::erase_if(agents, [&](const Agent& agent) {
    return !alive(agent) || std::ranges::find(agent.queues, queue.id) == agent.queues.end();
  });
  co_return agents;
}

Task<> AgentService::set_status(Principal who, Id id, std::string status) {
  CO_TRY_VOID(check_length("agentStatus", status, 64));
  CO_TRY(auto agent, co_await find(std::move(who), id, Role::agent));
  store_.touch(id);
  if (agent.status == status) co_return Result<>();
  CO_TRY_VOID(co_await store_.set_agent_status(id, status));
  agent.status = std::move(status);
  publish_agent(live_, agent, "status");
  co_return Result<>();
}

Task<Agent> AgentService::set_desire(Principal who, Id id, AgentDesire desire) {
  CO_TRY(auto agent, co_await find(who, id, Role::member));
  Cause cause{"user:" + who.user.name, fmt::format("the agent is to {}", desire_name(desire))};
  CO_TRY_VOID(co_await store_.set_agent_desire(id, desire, std::move(cause)));
  agent.desire = desire;
  dispatch_.agent_changed(id);
  publish_agent(live_, agent, "desire");
  co_return agent;
}

Task<std::vector<Item>> AgentService::items_of(Agent agent) {
  ItemFilter filter;
  filter.states = {launch::ItemState::leased, launch::ItemState::claimed, launch::ItemState::starting,
                   launch::ItemState::running, launch::ItemState::preempted};
  // Its queues may be of several entities, each of which its keeper could see when it was registered.
  std::vector<Item> held;
  for (const Id queue : agent.queues) {
    filter.queue = queue;
    Page page;
    page.first = 1000;
    CO_TRY(auto found, co_await store_.list(filter, page));
    for (auto& item : found.rows) {
      if (item.agent == agent.id) held.push_back(std::move(item));
    }
  }
  co_return held;
}

bool AgentService::alive(const Agent& agent) const {
  constexpr UnixMillis kTwoLeases = 120'000;
  return agent.status != "KILLED" && clock_.now() - agent.heartbeat_at <= kTwoLeases;
}

}  // namespace slipway::server
