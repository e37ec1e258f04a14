// launch-config.yaml: the configuration of an agent (S-33..S-41, S-57..S-67, D-72, D-76, protocol 3.1-3.3).
// File < environment < flag.
#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/yaml.h"
#include "launch/macro.h"

namespace slipway::launch {

struct EnvironmentConfig {
  std::string type;  ///< "aws", "gcp", "azure", "local"; "" when the block is absent.
  std::string region;
  std::string project;  ///< gcp.
  Json raw;             ///< The whole block: what EnvironmentPlugin::create gets.
};

struct RegistryConfig {
  std::string type;  ///< "ecr", "gcr", "acr", "local"; "" when the block is absent.
  std::string uri;   ///< Checked, without scheme and tag.
  Json raw;
};

struct BuilderConfig {
  std::string type;         ///< "docker", "kaniko", "noop"; "" lets the agent choose (S-47).
  std::string destination;  ///< Checked, without scheme and tag; `uri` is an alias (S-61); else the
                            ///< registry's uri (S-64).
  std::string platform;     ///< "linux/amd64", "linux/arm64", "".
  std::string build_context_store;
  std::string build_job_name = "wandb-launch-container-build";
  std::string secret_name;
  std::string secret_key;
  std::string kaniko_image;
  Json kaniko_config;
  Json raw;
};

struct AgentConfig {
  std::string entity;  ///< "": the key's default entity (S-39).
  std::vector<std::string> queues;
  int max_jobs = 1;        ///< -1: no limit (S-35).
  int max_schedulers = 1;  ///< -1: no limit.
  bool secure_mode = false;
  int verbosity = 0;
  std::chrono::seconds stopped_run_timeout{60};  ///< Grace between a stop and force.
  std::chrono::seconds start_timeout{1800};      ///< WANDB_LAUNCH_START_TIMEOUT.
  std::string base_url;                          ///< "" in most files: WANDB_BASE_URL says it.
  EnvironmentConfig environment;
  RegistryConfig registry;
  BuilderConfig builder;
  /// Ours: `environment_macros: [NAME, …]` names the variables that ${NAME} may read; `environment_macros:
  /// all` is W&B's behaviour (S-28).
  EnvironmentMacros macro_mode = EnvironmentMacros::allow_list;
  std::set<std::string, std::less<>> macro_allowed;
  std::vector<Problem> notices;  ///< Deprecated and converted keys, for the log.
};

/// Command line of launch-agent (D-72). Absent: not given.
struct AgentFlags {
  std::optional<std::string> entity;
  std::vector<std::string> queues;  ///< Given ones replace those of the file (L-1).
  std::optional<int> max_jobs;
  int verbose = 0;            ///< Count of -v.
  bool queues_needed = true;  ///< False for checks that serve nothing (slipway doctor).
};

/// All problems at once, each with line and column: unknown keys with the nearest known one, wrong types,
/// `<placeholders>` by name (S-41), "docker | kaniko | noop" (S-44), tabs unless `tabs` allows them (S-40).
/// An empty text is an empty configuration.
Result<AgentConfig> parse_agent_config(std::string_view text, std::string file, TabPolicy tabs = TabPolicy::refuse);
/// WANDB_ENTITY, WANDB_BASE_URL, WANDB_LAUNCH_MAX_JOBS, WANDB_LAUNCH_START_TIMEOUT of `environment`, then the
/// flags. Problems name the variable or flag.
Result<AgentConfig> apply_environment_and_flags(AgentConfig config,
                                                const std::map<std::string, std::string>& environment,
                                                const AgentFlags& flags);

}  // namespace slipway::launch
