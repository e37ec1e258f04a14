#include "launch/environment.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace slipway::launch {
namespace {

/// Slices of at most `most` bytes that never cut a UTF-8 character.
std::vector<std::string> slices(const std::string& text, std::size_t most) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = std::min(at + most, text.size());
    while (end < text.size() && end > at + 1 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    out.push_back(text.substr(at, end - at));
    at = end;
  }
  return out;
}

void put(std::map<std::string, std::string>& env, const std::string& name, const std::string& value) {
  if (!value.empty()) env[name] = value;
}

void put_sharded(std::map<std::string, std::string>& env, const std::string& name, const JsonObject& value,
                 std::size_t most) {
  const std::string text = to_text(Json(value));
  if (text.size() <= most) {
    env[name] = text;
    return;
  }
  std::size_t index = 0;
  for (auto& slice : slices(text, std::max<std::size_t>(most, 8)))
    env[fmt::format("{}_{}", name, index++)] = std::move(slice);
}

}  // namespace

JobEnvironment job_environment(const LaunchSpec& spec, const EnvironmentInput& input) {
  JobEnvironment out;
  auto& env = out.plain;
  put(env, "WANDB_BASE_URL", input.base_url);
  put(env, "WANDB_PROJECT", spec.project);
  put(env, "WANDB_ENTITY", spec.entity);
  env["WANDB_LAUNCH"] = "True";
  put(env, "WANDB_RUN_ID", input.run_id);
  put(env, "WANDB_DOCKER", input.image);
  put(env, "WANDB_NAME", spec.name);
  // With a key of the submitter's own, the key says who it is.
  if (spec.api_key.empty()) put(env, "WANDB_USERNAME", spec.author);
  put(env, "WANDB_SWEEP_ID", spec.sweep_id);
  if (spec.resume_count > 0) env["WANDB_RESUME"] = "allow";
  put(env, "WANDB_LAUNCH_QUEUE_NAME", input.queue);
  put(env, "WANDB_LAUNCH_QUEUE_ENTITY", input.queue_entity);
  put(env, "WANDB_LAUNCH_TRACE_ID", input.item_id);
  put_sharded(env, "WANDB_CONFIG", spec.overrides.run_config, input.max_value);
  put_sharded(env, "WANDB_LAUNCH_FILE_OVERRIDES", spec.overrides.files, input.max_value);
  JsonObject artifacts;
  if (!spec.job.empty()) artifacts["_wandb_job"] = text_value(spec.job);
  for (const auto& artifact : spec.overrides.artifacts) artifacts[artifact.key()] = artifact.value();
  env["WANDB_ARTIFACTS"] = to_text(Json(artifacts));

  const Secret& key = spec.api_key.empty() ? input.agent_key : spec.api_key;
  if (!key.empty()) out.secret["WANDB_API_KEY"] = key;
  return out;
}

}  // namespace slipway::launch
