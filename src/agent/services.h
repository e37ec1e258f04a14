// Services: the plugin objects of one agent, built from its configuration.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "agent/control/control.h"
#include "launch/agent_config.h"
#include "plugins/plugins.h"
#include "plugins/sources/artifact/artifact_fetcher.h"

namespace slipway::agent {

/// What the check of one part found; `slipway doctor` prints them.
struct Check {
  std::string name;  ///< "Docker", "builder docker", "registry registry.example.com/team".
  Result<> outcome{};
};

/// Lives as long as the agent. All calls on its executor.
class Services {
 public:
  /// Creates environment, registry and builder. Errors name the block of launch-config.yaml. A builder that is not configured is chosen here (S-47).
  static Task<std::unique_ptr<Services>> create(plugins::Context context, launch::AgentConfig config);
  ~Services();

  plugins::Context& context() { return context_; }
  const launch::AgentConfig& config() const { return config_; }
  plugins::Builder& builder() { return *builder_; }
  plugins::sources::artifact::ArtifactFetcher& artifacts() { return *artifacts_; }

  /// By wire name or alias. The runner is created and verified when it is first asked for; a failed check is tried again next time.
  struct Target {
    const plugins::RunnerPlugin* plugin = nullptr;
    plugins::Runner* runner = nullptr;
  };
  Task<Target> target(std::string resource);
  /// The same without asking the backend: enough for Runner::render().
  Result<Target> unverified_target(std::string_view resource);
  Result<plugins::Source*> source(std::string_view type);
  /// Scopes of all runners that this machine has (Runner::scope), for takeovers.
  Task<std::vector<std::string>> scopes();
  /// Environment, registry, builder and every runner that this machine is set up for.
  Task<std::vector<Check>> check_all();

 private:
  Services(plugins::Context context, launch::AgentConfig config);
  Task<> create_builder();
  Result<> create_environment();
  Result<plugins::Runner*> runner_of(const plugins::RunnerPlugin& plugin);
  Task<plugins::Runner*> verified_runner(const plugins::RunnerPlugin& plugin);

  plugins::Context context_;
  launch::AgentConfig config_;
  std::shared_ptr<plugins::Environment> environment_;
  std::shared_ptr<plugins::Registry> registry_;
  std::unique_ptr<plugins::Builder> builder_;
  std::unique_ptr<plugins::sources::artifact::ArtifactFetcher> artifacts_;
  std::map<std::string, std::unique_ptr<plugins::Source>> sources_;
  struct RunnerSlot {
    std::unique_ptr<plugins::Runner> runner;
    bool verified = false;
  };
  std::map<std::string, RunnerSlot> runners_;
};

}  // namespace slipway::agent
