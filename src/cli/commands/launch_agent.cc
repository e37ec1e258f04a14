#include <fmt/format.h>

#include "cli/agent_options.h"
#include "cli/commands/all.h"

namespace slipway::cli::commands {
namespace {

class LaunchAgentCommand final : public Command {
 public:
  void declare(Options& options) override { agent_.declare(options); }

  Result<int> run(Terminal& terminal) override {
    TRY_VOID(agent_.configure_log());
    TRY(auto setup, agent_.setup(terminal, AgentOptions::Purpose::serve));
    const int max_jobs = setup.config.max_jobs;
    TRY_VOID(agent::run_agent(std::move(setup), [&](const std::string& name) {
      terminal.say(fmt::format("agent {} polls for items ({} at once); Ctrl-C leaves, running jobs go on", name,
                               max_jobs < 0 ? "no limit" : std::to_string(max_jobs)));
    }));
    return 0;
  }

 private:
  AgentOptions agent_;
};

}  // namespace

std::unique_ptr<Command> make_launch_agent() { return std::make_unique<LaunchAgentCommand>(); }

}  // namespace slipway::cli::commands
