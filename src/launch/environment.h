// The environment of a launched job (protocol 4.8, D-78): what unmodified jobs rely on.
#pragma once
#include <array>
#include <map>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/secret.h"
#include "launch/spec.h"

namespace slipway::launch {

/// Names whose values are secrets: never in argv, logs, events, stored requests.
inline constexpr std::array<std::string_view, 1> kSecretVariables = {"WANDB_API_KEY"};

/// What the spec does not say.
struct EnvironmentInput {
  std::string base_url;  ///< As the job has to reach it.
  Secret agent_key;      ///< Used when the spec carries no key of its own.
  std::string run_id;
  std::string image;  ///< "" when unknown.
  std::string queue;  ///< "" for a direct launch.
  std::string queue_entity;
  std::string item_id;             ///< WANDB_LAUNCH_TRACE_ID.
  std::size_t max_value = 32'670;  ///< Longer WANDB_CONFIG and file overrides become NAME_0, NAME_1 …;
                                   ///< SageMaker 512. Bytes, cut between characters.
};

struct JobEnvironment {
  std::map<std::string, std::string> plain;
  std::map<std::string, Secret> secret;
};

JobEnvironment job_environment(const LaunchSpec& spec, const EnvironmentInput& input);

}  // namespace slipway::launch
