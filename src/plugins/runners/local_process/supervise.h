// The supervisor: a small process that outlives the agent, runs one job and writes down how it ended.
#pragma once

namespace slipway::plugins::runners::local_process {

/// The hidden command `slipway supervise FOLDER`; argv[0] is "supervise". Reads the JobDocument from standard
/// input, starts the supervisor in a session of its own and returns 0 once the job's status file exists, or 0
/// at once when FOLDER has been supervised before (a job is started at most once). Else writes the reason to
/// standard error and returns 70, or 2 for wrong arguments. To be called before the program starts threads:
/// it forks.
///
/// The job gets a process group of its own; its output goes to output.log. SIGTERM to the supervisor (the
/// grace is in stop.json) is SIGTERM to that group, then SIGKILL. When the job's first process has ended,
/// everything that it left behind is killed, as a container would be.
int supervise_main(int argc, char** argv);

}  // namespace slipway::plugins::runners::local_process
