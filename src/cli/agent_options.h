// The options that launch-agent, doctor and up share, and the agent's configuration made of file, environment and flags (D-72).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "agent/app.h"
#include "cli/command.h"

namespace slipway::cli {

class AgentOptions {
 public:
  void declare(Options& options);
  /// Serve queues, or only check the configuration.
  enum class Purpose { serve, check };
  /// File < environment < flag. The file: --config, else ~/.config/slipway/launch-config.yaml, else ~/.config/wandb/launch-config.yaml.
  Result<agent::AgentSetup> setup(Terminal& terminal, Purpose purpose) const;
  /// Sets up the logger as -l and -v say.
  Result<> configure_log() const;
  /// The file alone.
  static Result<launch::AgentConfig> read_config(Terminal& terminal, const std::string& path, TabPolicy tabs);

 private:
  std::vector<std::string> queues_;
  std::optional<std::string> entity_;
  std::optional<int> max_jobs_;
  std::string config_;
  std::string log_file_;
  std::string url_;
  int verbose_ = 0;
  bool lenient_ = false;
};

}  // namespace slipway::cli
