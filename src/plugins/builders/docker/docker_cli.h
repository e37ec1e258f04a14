// The docker command line as the builder needs it. Arguments are a vector; output goes on as lines.
#pragma once
#include <deque>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "archive/archive.h"
#include "plugins/context.h"
#include "plugins/registries/api.h"

namespace slipway::plugins::builders::docker {

enum class BuildEngine {
  buildx,    ///< docker buildx build --load.
  buildkit,  ///< docker build with DOCKER_BUILDKIT=1: command lines before version 23.
  classic,   ///< docker build with DOCKER_BUILDKIT=0.
};

/// Which programs and which daemon there are. failed_precondition: no docker program, no right to use it. unavailable: no daemon answers (L-34).
Task<BuildEngine> find_build_engine(std::map<std::string, std::string> env);

struct Output {
  int exit_code = 0;
  int signal = 0;
  std::deque<std::string> last_lines;  ///< At most 20.
  std::vector<std::string> warnings;   ///< Of our helper scripts.
  std::string tail() const;
};
/// Runs `docker ARGUMENTS` to its end; both streams go to `log`, line by line.
Task<Output> run_docker(std::map<std::string, std::string> env, std::vector<std::string> arguments, Millis timeout,
                        LineSink log);

/// A private DOCKER_CONFIG folder (0700) that holds one more login than the person's own. It goes with the object.
class LoginFolder {
 public:
  /// `login` nothing: no folder is made, and environment() is `env` as it is.
  static Result<LoginFolder> create(const std::map<std::string, std::string>& env,
                                    const std::optional<RegistryLogin>& login);
  const std::map<std::string, std::string>& environment() const { return env_; }

 private:
  std::map<std::string, std::string> env_;
  std::optional<archive::TemporaryFolder> folder_;
};

}  // namespace slipway::plugins::builders::docker
