// From a SubmitRequest to what the supervisor is to run. Pure, except that it looks for `python` in PATH.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "plugins/runners/api.h"
#include "plugins/runners/local_process/job_folder.h"

namespace slipway::plugins::runners::local_process {

struct JobPlan {
  JobDocument document;
  std::vector<std::string> notices;  ///< For the job's log.
};

/// `work`: the folder that the entry point's paths are relative to. Environment: the agent's without its own
/// WANDB_API_KEY and SLIPWAY_*, then the launch environment, then the secrets, then `env` of the queue's
/// configuration. Every problem of resource_args is reported with its path.
Result<JobPlan> plan_job(const SubmitRequest& request, const std::map<std::string, std::string>& agent_env,
                         const std::filesystem::path& work);

}  // namespace slipway::plugins::runners::local_process
