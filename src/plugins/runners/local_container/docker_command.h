// The `docker create` command line of a job. Pure.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "plugins/runners/api.h"
#include "plugins/runners/local_container/docker_options.h"

namespace slipway::plugins::runners::local_container {

inline constexpr std::string_view kWorkFolder =
    "/mnt/wandb";  ///< Where code without an image of its own lies (protocol 7.1).
inline constexpr std::string_view kStartFolder = "/mnt/slipway";
inline constexpr std::string_view kStartScript =
    "/mnt/slipway/start.sh";  ///< Installs dependencies, then becomes the job.
inline constexpr std::string_view kSourceLabel = "slipway.dev/source";  ///< Has to be filled before it is started.

struct DockerCommand {
  std::vector<std::string> arguments;  ///< "create", …; without the program.
  std::map<std::string, std::string>
      env;  ///< Of the CLI's process: the values of `--env NAME`. Holds the job's secrets.
  DockerOptions options;
  bool installs_dependencies = false;  ///< kStartScript is needed in the container.
  std::vector<std::string> notices;    ///< For the job's log.
};

/// Options of the queue come after our own and so win over them; the image comes after all options (S-127).
/// The launch environment and the secrets are passed by name, their values only in the environment of the
/// docker program, except names that would change docker itself.
Result<DockerCommand> docker_command(const SubmitRequest& request, const std::map<std::string, std::string>& agent_env);

}  // namespace slipway::plugins::runners::local_container
