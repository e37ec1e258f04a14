// Agents: registering, reading, telling them what to do (protocol 1.4, C-18).
#include "base/ids.h"
#include "server/api/arguments.h"
#include "server/api/resolvers.h"
#include "server/api/shapes.h"

namespace slipway::server {
namespace {

Task<Json> agent(UseCases& use, const Call& call) {
  CO_TRY(const Id id, Arguments(call.args).id("id", "LaunchAgent"));
  CO_TRY(const auto found, co_await use.agents.get(request_of(call).principal, id));
  co_return agent_json(found, use.agents.alive(found));
}

Task<Json> items(UseCases& use, const Call& call) {
  CO_TRY(auto found, co_await use.agents.get(request_of(call).principal, hidden_id(call.parent)));
  CO_TRY(const auto held, co_await use.agents.items_of(std::move(found)));
  JsonArray out;
  for (const auto& item : held) out.push_back(item_json(item));
  co_return Json(std::move(out));
}

Task<Json> register_agent(UseCases& use, const Call& call) {
  const Arguments input = Arguments::input(call);
  AgentInput wanted;
  wanted.entity = input.text("entityName");
  CO_TRY(wanted.queues, input.ids("runQueues", "RunQueue"));
  wanted.hostname = input.text("hostname");
  wanted.config = input.text("agentConfig");
  wanted.version = input.text("version");
  wanted.stable_id = input.text("stableId");
  wanted.incarnation = input.text("incarnation");
  wanted.max_jobs = input.integer("maxJobs").value_or(1);
  CO_TRY(const auto registered, co_await use.agents.register_agent(request_of(call).principal, std::move(wanted)));
  JsonObject out;
  out["launchAgentId"] = text_value(global_id("LaunchAgent", registered.id));
  out["clientMutationId"] = text_value(input.text("clientMutationId"));
  out["agent"] = agent_json(registered, true);
  out["serverId"] = text_value(use.server_id);
  co_return Json(std::move(out));
}

Task<Json> update_agent(UseCases& use, const Call& call) {
  const Arguments input = Arguments::input(call);
  CO_TRY(const Id id, input.id("launchAgentId", "LaunchAgent"));
  CO_TRY_VOID(co_await use.agents.set_status(request_of(call).principal, id, input.text("agentStatus")));
  JsonObject out;
  out["success"] = true;
  out["clientMutationId"] = text_value(input.text("clientMutationId"));
  co_return Json(std::move(out));
}

Task<Json> set_desire(UseCases& use, const Call& call) {
  const Arguments input = Arguments::input(call);
  CO_TRY(const Id id, input.id("id", "LaunchAgent"));
  const auto desire = desire_from_name(input.text("desire")).value_or(AgentDesire::run);
  CO_TRY(const auto changed, co_await use.agents.set_desire(request_of(call).principal, id, desire));
  JsonObject out;
  out["agent"] = agent_json(changed, use.agents.alive(changed));
  co_return Json(std::move(out));
}

}  // namespace

void bind_agents(graphql::Resolvers& to, UseCases& use) {
  bind(to, use, "Query.launchAgent", agent);
  bind(to, use, "LaunchAgent.items", items);
  bind(to, use, "Mutation.createLaunchAgent", register_agent);
  bind(to, use, "Mutation.updateLaunchAgent", update_agent);
  bind(to, use, "Mutation.setLaunchAgentDesire", set_desire);
}

}  // namespace slipway::server
