// What a supervisor that was killed left running.
#pragma once
#include "plugins/runners/local_process/job_folder.h"

namespace slipway::plugins::runners::local_process {

/// Kills the processes of the dead supervisor's session. They are ours for certain: a session's number is not
/// given to a new process while the session has members, and nothing is done when a process of that number
/// lives again. Returns how many were killed.
int kill_leftovers(const SupervisorStatus& status);

}  // namespace slipway::plugins::runners::local_process
