// Never crashes; a refusal always has a problem; an accepted file keeps the documented bounds.
#include <cstdint>
#include <cstdlib>

#include "launch/agent_config.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace slipway::launch;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto tabs : {slipway::TabPolicy::refuse, slipway::TabPolicy::expand}) {
    const auto config = parse_agent_config(text, "f", tabs);
    if (!config) {
      if (config.error().problems().empty()) std::abort();
      continue;
    }
    if (config->max_jobs == 0 || config->max_jobs < -1) std::abort();
    for (const auto& queue : config->queues) {
      if (queue.empty()) std::abort();
    }
    (void)apply_environment_and_flags(*config, {{"WANDB_LAUNCH_MAX_JOBS", std::string(text.substr(0, 8))}}, {});
  }
  return 0;
}
