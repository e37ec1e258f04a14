#include "server/sweeps/sweep_resolvers.h"

#include <algorithm>

#include "base/ids.h"
#include "server/api/arguments.h"
#include "server/api/request_context.h"
#include "server/tracking/shapes.h"

namespace slipway::server {
namespace {

using Call = graphql::FieldCall;
using tracking::connection_json;
using tracking::hidden_id;
using tracking::time_json;

Json text_or_null(const std::string& text) { return text.empty() ? Json() : text_value(text); }

Json sweep_json(const Sweep& sweep) {
  const auto config = launch::parse_sweep_config(sweep.config);
  const auto expected = SweepService::expected_runs(sweep);
  JsonObject out;
  out["__typename"] = "Sweep";
  out["_sweep"] = sweep.id;
  out["id"] = text_value(global_id("Sweep", sweep.id));
  out["name"] = text_value(sweep.key.name);
  out["displayName"] = text_or_null(sweep.display_name);
  out["method"] = text_value(config ? launch::method_name(config->method) : "custom");
  out["state"] = text_value(sweep.state);
  out["description"] = text_or_null(sweep.description);
  out["config"] = text_value(sweep.config);
  out["createdAt"] = time_json(sweep.created_at);
  out["updatedAt"] = time_json(sweep.updated_at);
  out["heartbeatAt"] = time_json(sweep.heartbeat_at);
  out["earlyStopJobRunning"] = false;
  out["controller"] = text_or_null(sweep.controller);
  out["scheduler"] = text_or_null(sweep.scheduler);
  out["runCountExpected"] = expected ? Json(*expected) : Json();
  out["user"] =
      Json{{"id", text_value(sweep.user)}, {"name", text_value(sweep.user)}, {"username", text_value(sweep.user)}};
  out["project"] = tracking::project_json(sweep.key.entity, sweep.key.project);
  return Json(std::move(out));
}

Json agent_json(const SweepAgent& agent) {
  JsonObject out;
  out["__typename"] = "Agent";
  out["_agent"] = agent.id;
  out["id"] = text_value(global_id("SweepAgent", agent.id));
  out["name"] = out["id"];
  out["host"] = text_value(agent.host);
  out["state"] = agent.run.empty() ? "idle" : "running";
  out["totalRuns"] = agent.runs;
  out["createdAt"] = time_json(agent.created_at);
  out["heartbeatAt"] = time_json(agent.heartbeat_at);
  return Json(std::move(out));
}

/// `order` is a field with + or - before it: only time is known, oldest first without a minus.
Json runs_page(std::vector<Run> runs, const Call& call) {
  const Page page = tracking::page_of(call.args, 1000);
  if (tracking::text_arg(call.args, "order").starts_with('-')) std::ranges::reverse(runs);
  const auto from = static_cast<std::size_t>(std::max(0, std::atoi(page.after.value_or("0").c_str())));
  std::vector<Json> nodes;
  for (std::size_t i = from; i < runs.size() && nodes.size() < page.first; ++i)
    nodes.push_back(tracking::run_json(runs[i]));
  const std::size_t end = from + nodes.size();
  Json out = connection_json(std::move(nodes), std::to_string(end), end < runs.size());
  out.get_object()["totalCount"] = runs.size();
  return out;
}

RunKey key_of(const Json& project, std::string name) {
  return {.entity = text_or(project, "entityName"), .project = text_or(project, "name"), .name = std::move(name)};
}

std::string entity_or_default(const Arguments& input, const Principal& who) {
  std::string name = input.text("entityName");
  if (!name.empty()) return name;
  for (const auto& membership : who.memberships)
    if (membership.entity.id == who.user.default_entity) return membership.entity.name;
  return who.memberships.empty() ? "" : who.memberships.front().entity.name;
}

Json commands_json(const std::vector<SweepCommand>& commands) {
  JsonArray list;
  for (const auto& command : commands) {
    JsonObject out;
    switch (command.kind) {
      case SweepCommand::Kind::run:
        out["type"] = "run";
        out["args"] = command.args;
        out["program"] = text_value(command.program);
        break;
      case SweepCommand::Kind::stop:
        out["type"] = "stop";
        break;
      case SweepCommand::Kind::exit:
        out["type"] = "exit";
        break;
    }
    if (!command.run.empty()) out["run_id"] = text_value(command.run);
    list.push_back(std::move(out));
  }
  return text_value(to_text(list));
}

}  // namespace

void SweepResolvers::bind(graphql::Resolvers& resolvers) {
  resolvers.bind("Project.sweep", [this](const Call& call) { return sweep_of_project(call); });
  resolvers.bind("Project.sweeps", [this](const Call& call) { return sweeps_of_project(call); });
  resolvers.bind("Project.totalSweeps", [this](const Call& call) { return count_of_project(call); });
  resolvers.bind("Sweep.runs", [this](const Call& call) { return runs(call); });
  resolvers.bind("Sweep.runCount", [this](const Call& call) { return run_count(call); });
  resolvers.bind("Sweep.bestLoss", [this](const Call& call) { return best_loss(call); });
  resolvers.bind("Sweep.agents", [this](const Call& call) { return agents(call); });
  resolvers.bind("Sweep.agent", [this](const Call& call) { return agent(call); });
  resolvers.bind("Agent.runs", [this](const Call& call) { return runs_of_agent(call); });
  resolvers.bind("Mutation.upsertSweep", [this](const Call& call) { return upsert(call); });
  resolvers.bind("Mutation.createAgent", [this](const Call& call) { return create_agent(call); });
  resolvers.bind("Mutation.agentHeartbeat", [this](const Call& call) { return heartbeat(call); });
}

Task<Json> SweepResolvers::sweep_of_project(const Call& call) {
  auto sweep = co_await store_.find_sweep(key_of(call.parent, Arguments(call.args).text("sweepName")));
  if (!sweep) co_return std::move(sweep).error();
  co_return *sweep ? sweep_json(**sweep) : Json();
}

Task<Json> SweepResolvers::sweeps_of_project(const Call& call) {
  const RunKey key = key_of(call.parent, "");
  CO_TRY(const auto page, co_await store_.list_sweeps(key.entity, key.project, tracking::page_of(call.args)));
  co_return tracking::connection_of(page, sweep_json);
}

Task<Json> SweepResolvers::count_of_project(const Call& call) {
  const RunKey key = key_of(call.parent, "");
  CO_TRY(const auto count, co_await store_.count_sweeps(key.entity, key.project));
  co_return Json(count);
}

Task<Json> SweepResolvers::runs(const Call& call) {
  CO_TRY(auto runs, co_await store_.list_runs(hidden_id(call.parent, "_sweep")));
  co_return runs_page(std::move(runs), call);
}

Task<Json> SweepResolvers::run_count(const Call& call) {
  CO_TRY(const auto runs, co_await store_.list_runs(hidden_id(call.parent, "_sweep")));
  co_return Json(runs.size());
}

Task<Json> SweepResolvers::best_loss(const Call& call) {
  CO_TRY(const auto sweep, co_await store_.get_sweep(hidden_id(call.parent, "_sweep")));
  if (!sweep) co_return Json();
  CO_TRY(const auto runs, co_await store_.list_runs(sweep->id));
  const auto best = SweepService::best_loss(*sweep, runs);
  co_return best ? Json(*best) : Json();
}

Task<Json> SweepResolvers::agents(const Call& call) {
  CO_TRY(const auto agents, co_await store_.list_agents(hidden_id(call.parent, "_sweep")));
  std::vector<Json> nodes;
  for (const auto& agent : agents) nodes.push_back(agent_json(agent));
  co_return connection_json(std::move(nodes), "", false);
}

Task<Json> SweepResolvers::agent(const Call& call) {
  CO_TRY(const Id id, Arguments(call.args).id("agentName", "SweepAgent"));
  CO_TRY(const auto agent, co_await store_.get_agent(id));
  if (!agent || agent->sweep != hidden_id(call.parent, "_sweep")) co_return Json();
  co_return agent_json(*agent);
}

Task<Json> SweepResolvers::runs_of_agent(const Call& call) {
  CO_TRY(auto runs, co_await store_.list_agent_runs(hidden_id(call.parent, "_agent")));
  co_return runs_page(std::move(runs), call);
}

Task<Json> SweepResolvers::upsert(const Call& call) {
  const Arguments input = Arguments::input(call);
  const auto& request = request_of(call);
  SweepInput wanted;
  if (input.has("id")) {
    CO_TRY(wanted.id, input.id("id", "Sweep"));
  }
  wanted.entity = entity_or_default(input, request.principal);
  wanted.project = input.text("projectName").empty() ? "uncategorized" : input.text("projectName");
  wanted.change.display_name = input.optional_text("displayName");
  wanted.change.description = input.optional_text("description");
  wanted.change.config = input.optional_text("config");
  wanted.change.state = input.optional_text("state");
  wanted.change.controller = input.optional_text("controller");
  wanted.change.scheduler = input.optional_text("scheduler");
  wanted.launch_scheduler = input.optional_text("launchScheduler");
  wanted.template_values = input.text("templateVariableValues");
  CO_TRY(const auto saved, co_await sweeps_.save(request.principal, request.author(), std::move(wanted)));
  JsonArray warnings;
  for (const auto& warning : saved.warnings) warnings.push_back(text_value(warning));
  JsonObject out;
  out["sweep"] = sweep_json(saved.sweep);
  out["inserted"] = saved.inserted;
  out["configValidationWarnings"] = std::move(warnings);
  out["clientMutationId"] = text_value(input.text("clientMutationId"));
  co_return Json(std::move(out));
}

Task<Json> SweepResolvers::create_agent(const Call& call) {
  const Arguments input = Arguments::input(call);
  const auto& who = request_of(call).principal;
  RunKey sweep{
      .entity = entity_or_default(input, who), .project = input.text("projectName"), .name = input.text("sweep")};
  CO_TRY(const auto agent, co_await sweeps_.register_agent(who, std::move(sweep), input.text("host")));
  JsonObject out;
  out["agent"] = agent_json(agent);
  out["clientMutationId"] = text_value(input.text("clientMutationId"));
  co_return Json(std::move(out));
}

Task<Json> SweepResolvers::heartbeat(const Call& call) {
  const Arguments input = Arguments::input(call);
  CO_TRY(const Id id, input.id("id", "SweepAgent"));
  CO_TRY(const auto states, input.document("runState"));
  std::vector<std::string> active;
  if (states && states->is_object()) {
    for (const auto& [run, alive] : states->get_object())
      if (alive.is_bool() && alive.get_bool()) active.emplace_back(run);
  }
  CO_TRY(const auto commands, co_await sweeps_.heartbeat(request_of(call).principal, id, std::move(active)));
  JsonObject out;
  out["agent"] = Json{{"id", text_value(input.text("id"))}};
  out["commands"] = commands_json(commands);
  out["clientMutationId"] = text_value(input.text("clientMutationId"));
  co_return Json(std::move(out));
}

}  // namespace slipway::server
