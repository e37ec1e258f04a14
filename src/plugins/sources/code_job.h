// What git and artifact jobs share once their code is on this machine.
#pragma once
#include "launch/job.h"
#include "plugins/sources/api.h"

namespace slipway::plugins::sources {

/// Checks that what the job names lies inside `dir` and exists: build context, Dockerfile.
Result<FetchedSource> describe_code_job(const launch::JobFile& job, const std::filesystem::path& dir,
                                        const std::string& identity);

/// `path` below `root`: no absolute path, no "..", no symbolic link that leads out. `what` names it in the error.
Result<std::filesystem::path> inside(const std::filesystem::path& root, const std::string& path, std::string_view what);

}  // namespace slipway::plugins::sources
