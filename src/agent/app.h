// The agent's composition root: `slipway launch-agent`, `slipway doctor`, and `slipway launch` without a queue.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "agent/services.h"
#include "async/task.h"
#include "client/api_client.h"
#include "launch/agent_config.h"

namespace slipway::agent {

struct AgentSetup {
  launch::AgentConfig config;
  client::Connection connection;
  std::map<std::string, std::string> env;  ///< The process's environment.
  std::filesystem::path
      state_dir;  ///< Created 0700. One agent at a time: a second one is refused with the first one's pid.
};

/// Where an agent keeps its state: SLIPWAY_STATE_DIR, else XDG_STATE_HOME/slipway/agent-<hash of server and queues>, else ~/.local/state/…
std::filesystem::path default_state_dir(const std::map<std::string, std::string>& env,
                                        const client::Connection& connection, const launch::AgentConfig& config);

/// Runs until SIGINT or SIGTERM (leave: running jobs go on and are adopted by the next start), SIGUSR1 (drain), or until the server says stop. A second SIGINT ends at
/// once. `started` is called when the agent is registered.
Result<> run_agent(AgentSetup setup, std::function<void(const std::string& agent_name)> started = {});

/// The start-up checks alone, each with its outcome.
Result<std::vector<Check>> run_doctor(AgentSetup setup);
/// The rights that the agent's account has in these namespaces of its cluster (none: the connection's own): a check each that is missing,
/// with the commands that grant it.
Result<std::vector<Check>> run_kubernetes_doctor(AgentSetup setup, std::vector<std::string> spaces);

/// One item here and now, with no queue (D-11): its log goes to `on_line`, what happens to `on_progress`.
struct DirectOutcome {
  launch::ItemState state = launch::ItemState::failed;
  std::optional<int> exit_code;
  std::string failure_class;
  std::string message;
};
struct DirectRun {
  Json spec;  ///< Rendered launch spec with entity, project and run_id.
  std::function<void(const std::string&)> on_line;
  std::function<void(const std::string&)> on_progress;
};
/// SIGINT and SIGTERM stop the job.
Result<DirectOutcome> run_direct(AgentSetup setup, DirectRun run);

/// The exact backend request that an agent would send for a rendered spec, secrets hidden; nothing is fetched, built or submitted. Code that would be built shows as the image
/// "(built from <job>)".
Result<Json> preview_request(AgentSetup setup, Json spec);

}  // namespace slipway::agent
