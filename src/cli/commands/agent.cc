// agent list, pause, resume, drain, stop.
#include <algorithm>

#include <fmt/format.h>

#include "base/strings.h"
#include "cli/commands/all.h"
#include "cli/commands/item_view.h"
#include "cli/session.h"

namespace slipway::cli::commands {
namespace {

Result<JsonArray> list_agents(Session& session, const std::string& entity) {
  TRY(const Json data, session.call("query Agents($entity: String) { entity(name: $entity) { launchAgents { id name "
                                    "hostname version agentStatus alive"
                                    " desire maxJobs heartbeatAt createdAt items { id phase run { name } } } } }",
                                    JsonObject{{"entity", entity}}));
  const Json* agents = find_path(data, "entity.launchAgents");
  if (!agents || !agents->is_array()) return Error(Code::not_found, fmt::format("there is no entity '{}'", entity));
  return agents->get_array();
}

class AgentListCommand final : public Command {
 public:
  void declare(Options& options) override {
    options.text("-e,--entity", entity_, "Entity", "WANDB_ENTITY");
    options.flag("-a,--all", all_, "Also agents that have left");
  }

  Result<int> run(Terminal& terminal) override {
    TRY(auto session, Session::open(terminal));
    TRY(const auto entity, session->entity(entity_));
    TRY(JsonArray agents, list_agents(*session, entity));
    JsonArray shown;
    for (const auto& agent : agents) {
      if (all_ || bool_or(agent, "alive", false)) shown.push_back(agent);
    }
    agents = std::move(shown);
    terminal.print_json(agents);
    if (terminal.json()) return 0;
    if (agents.empty()) {
      terminal.print(fmt::format("No agent polls. Start one: slipway launch-agent -q QUEUE -e {}", entity));
      return 0;
    }
    std::vector<std::vector<std::string>> rows;
    for (const auto& agent : agents) {
      const auto max_jobs = int_or(agent, "maxJobs", 0);
      rows.push_back({text_or(agent, "name"),
                      terminal.state(bool_or(agent, "alive", false) ? text_or(agent, "agentStatus") : "left"),
                      lower(text_or(agent, "desire")),
                      fmt::format("{}/{}", find(agent, "items")->as_array().size(),
                                  max_jobs < 0 ? "no limit" : std::to_string(max_jobs)),
                      text_or(agent, "hostname"), short_time(text_or(agent, "heartbeatAt")),
                      text_or(agent, "version")});
    }
    terminal.table({"AGENT", "STATUS", "TOLD TO", "JOBS", "HOST", "HEARD OF (UTC)", "VERSION"}, rows);
    return 0;
  }

 private:
  std::string entity_;
  bool all_ = false;
};

class AgentDesireCommand final : public Command {
 public:
  explicit AgentDesireCommand(std::string desire) : desire_(std::move(desire)) {}

  void declare(Options& options) override {
    options.text("AGENT", agent_, "Name or id of the agent");
    options.required();
    options.text("-e,--entity", entity_, "Entity", "WANDB_ENTITY");
  }

  Result<int> run(Terminal& terminal) override {
    TRY(auto session, Session::open(terminal));
    TRY(const auto entity, session->entity(entity_));
    TRY(const JsonArray agents, list_agents(*session, entity));
    const auto found = std::ranges::find_if(
        agents, [&](const Json& agent) { return text_or(agent, "name") == agent_ || text_or(agent, "id") == agent_; });
    if (found == agents.end()) {
      std::vector<std::string> names;
      for (const auto& agent : agents) names.push_back(text_or(agent, "name"));
      return Error(Code::not_found,
                   fmt::format("entity '{}' has no agent '{}'.{}", entity, agent_, did_you_mean(agent_, names)));
    }
    TRY(const Json payload,
        session->mutate("mutation Desire($input: SetLaunchAgentDesireInput!) { setLaunchAgentDesire(input: $input) {"
                        " agent { id name desire } } }",
                        "setLaunchAgentDesire", JsonObject{{"id", text_or(*found, "id")}, {"desire", desire_}}));
    terminal.print_json(*find(payload, "agent"));
    if (!terminal.json()) terminal.print(fmt::format("Told agent {} to {}", text_or(*found, "name"), lower(desire_)));
    return 0;
  }

 private:
  std::string desire_, agent_, entity_;
};

}  // namespace

std::unique_ptr<Command> make_agent_list() { return std::make_unique<AgentListCommand>(); }
std::unique_ptr<Command> make_agent_pause() { return std::make_unique<AgentDesireCommand>("PAUSE"); }
std::unique_ptr<Command> make_agent_resume() { return std::make_unique<AgentDesireCommand>("RUN"); }
std::unique_ptr<Command> make_agent_drain() { return std::make_unique<AgentDesireCommand>("DRAIN"); }
std::unique_ptr<Command> make_agent_stop() { return std::make_unique<AgentDesireCommand>("STOP"); }

}  // namespace slipway::cli::commands
