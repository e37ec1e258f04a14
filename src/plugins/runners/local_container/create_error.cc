#include "plugins/runners/local_container/create_error.h"

#include <array>

#include <fmt/format.h>

#include "base/strings.h"

namespace slipway::plugins::runners::local_container {
namespace {

struct Known {
  std::string_view text;  ///< Found in the message, lower case.
  Code code;
  std::string_view mend;
};

constexpr std::string_view kOptionMend =
    "Correct the option in the queue's configuration; `docker run --help` lists them.";
constexpr std::string_view kGpuMend =
    "Install the NVIDIA Container Toolkit on this machine and restart Docker, or remove 'gpus' from the "
    "queue's configuration.";

constexpr std::array kKnown = {
    Known{"is already in use by container", Code::conflict, ""},
    Known{"cannot connect to the docker daemon", Code::unavailable, "Is the Docker engine running?"},
    Known{"error during connect", Code::unavailable, "Is the Docker engine running?"},
    Known{"no such image", Code::not_found, "Check the spelling of the image and its tag."},
    Known{"could not select device driver", Code::failed_precondition, kGpuMend},
    Known{"nvidia-container-cli", Code::failed_precondition, kGpuMend},
    Known{"port is already allocated", Code::failed_precondition,
          "Another container uses that port. Remove 'publish', or publish to a free port."},
    Known{"no space left on device", Code::failed_precondition,
          "Free space where the Docker engine keeps its data: docker system df shows what uses it."},
    Known{"unknown flag", Code::invalid_argument, kOptionMend},
    Known{"unknown shorthand flag", Code::invalid_argument, kOptionMend},
    Known{"invalid", Code::invalid_argument, kOptionMend},
    Known{"conflicting options", Code::invalid_argument, kOptionMend},
    Known{"minimum memory limit", Code::invalid_argument, kOptionMend},
};

Error from_text(std::string_view doing, const std::string& text, Code otherwise) {
  const std::string searched = lower(text);
  for (const Known& known : kKnown) {
    if (searched.find(known.text) == std::string::npos) continue;
    Error error(known.code, fmt::format("{}: {}", doing, text));
    return known.mend.empty() ? error : std::move(error).hint(std::string(known.mend));
  }
  return Error(otherwise, fmt::format("{}: {}", doing, text));
}

}  // namespace

Error create_error(const std::string& name, int exit_code, const std::string& output) {
  const std::string text = output.empty() ? fmt::format("docker ended with exit code {}", exit_code) : output;
  return from_text("creating the container " + name, text, Code::failed_precondition);
}

Error start_error(const Error& engine) {
  // A wrong request of ours would be 400 too, but what comes back from starting is about the container's own
  // settings.
  return from_text("starting the container", engine.message(),
                   engine.code() == Code::not_found ? Code::unavailable : Code::failed_precondition);
}

}  // namespace slipway::plugins::runners::local_container
