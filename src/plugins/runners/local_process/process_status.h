// From what the supervisor wrote to the status that the pipeline sees.
#pragma once
#include "plugins/runners/api.h"
#include "plugins/runners/local_process/job_folder.h"

namespace slipway::plugins::runners::local_process {

/// Level-triggered: the folder as it is now. `uid`: of the handle; a folder of another uid is not this job.
/// Kills what a killed supervisor left.
JobStatus current_status(const JobFolder& folder, const std::string& uid);

/// The verdict of a job that has ended.
JobStatus ended_status(const SupervisorStatus& status);

}  // namespace slipway::plugins::runners::local_process
