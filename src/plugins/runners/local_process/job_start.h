// Starting the job's first process, inside the supervisor.
#pragma once
#include <sys/types.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plugins/runners/local_process/job_folder.h"

namespace slipway::plugins::runners::local_process {

struct StartedJob {
  proc::ProcessIdentity identity;
  int output = -1;  ///< Read end of its standard output and error, merged. Owned by the caller.
};

/// In a process group of its own, standard input from /dev/null, dying with its parent. Codes: not_found (no
/// such program), failed_precondition (cannot be executed, no such folder).
Result<StartedJob> start_job(const JobDocument& document);

/// As a shell finds it: a name without '/' in `path`, everything else from `cwd`. Nothing when there is none.
std::optional<std::filesystem::path> find_in_path(const std::string& program, const std::string& path,
                                                  const std::filesystem::path& cwd);

/// Children of this process now.
std::vector<pid_t> children();

}  // namespace slipway::plugins::runners::local_process
