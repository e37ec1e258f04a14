// Making a job out of a directory, a git remote or an image: `slipway job create` and `slipway launch -u`.
#pragma once
#include <string>
#include <vector>

#include "cli/session.h"
#include "launch/job.h"

namespace slipway::cli {

struct JobRequest {
  std::string entity, project;
  std::string path;  ///< Directory, remote or image.
  std::string name;  ///< "": made from the path (D-23).
  std::string description;
  std::vector<std::string> aliases;
  std::string entry_point;
  std::string git_ref;  ///< Branch, tag or commit; "": the default branch.
  std::string runtime;
  std::string build_context;
  std::string base_image;
  std::string dockerfile;
  std::vector<std::string> services;  ///< name=always|never
  std::string schema;                 ///< JSON Schema of the inputs, a file or JSON text.
};

struct CreatedJob {
  std::string qualified_name;  ///< "entity/project/name:vN".
  std::string action;          ///< "Created", "Updated", "No changes detected for".
  std::vector<std::string> aliases;
};

Result<CreatedJob> create_code_job(Session& session, Terminal& terminal, JobRequest request);
Result<CreatedJob> create_git_job(Session& session, Terminal& terminal, JobRequest request);
Result<CreatedJob> create_image_job(Session& session, Terminal& terminal, JobRequest request);

}  // namespace slipway::cli
