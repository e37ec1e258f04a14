// The queue configuration of `local-container`: options of `docker run` (S-123..S-130), made into arguments
// of `docker create`.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/json.h"

namespace slipway::plugins::runners::local_container {

enum class OptionKind { flag, value, list };
enum class OptionUse {
  pass,     ///< Given to docker.
  ignore,   ///< Accepted and dropped: slipway does it itself, or it makes no sense for a job in the
            ///< background.
  special,  ///< Read by slipway: DockerOptions has a member for it.
};

struct OptionInfo {
  std::string_view name;  ///< Without dashes.
  char letter = 0;        ///< Short form.
  OptionKind kind = OptionKind::value;
  OptionUse use = OptionUse::pass;
  std::string_view why = "";  ///< Of `ignore` and `special`: for notices and the documentation.
};
/// Every option of docker that slipway knows. Others are passed on as they are.
std::span<const OptionInfo> known_options();
/// By "-e", "env", "--env", "Shm_Size"; nullptr for an unknown one.
const OptionInfo* find_option(std::string_view written);

struct DockerOptions {
  std::vector<std::string>
      arguments;  ///< In the order of the configuration: "--env", "A=1", "--privileged", "--newer-option=x".
  std::vector<std::string> notices;  ///< What was ignored and why.
  std::string entrypoint;            ///< The admin's: wins over the job's, whose words become its arguments.
  std::vector<std::string> command;  ///< Used when the job has neither entry point nor arguments.
  std::string pull;                  ///< "", "always", "missing", "never".
  std::string platform;
  bool tty = false;
  bool has_network = false;
  bool has_workdir = false;
  bool has_host_gateway = false;  ///< An add-host of host.docker.internal.
};

/// Rules: a list is the option repeated (S-125), true a bare flag, false nothing, a key of one letter
/// "-k", else "--key". A map is refused with its path, and so is every value that docker would read as
/// something else than was written. All problems are collected. null: no options.
Result<DockerOptions> read_docker_options(const Json& resource_args);

/// JSON Schema of the configuration: the known options with their types; others are allowed.
Json docker_schema();

}  // namespace slipway::plugins::runners::local_container
