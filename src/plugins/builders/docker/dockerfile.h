// The Dockerfile that slipway writes for code that brings none (protocol 5.4, 5.5; D-26, D-28, S-141..S-143). Pure text, no I/O.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"

namespace slipway::plugins::builders::docker {

/// Where the packages come from: the first of these that the context root has.
enum class PackageSource { none, requirements, pyproject, conda, frozen };

enum class CacheMounts { no, yes };

struct DockerfileInput {
  std::string python_version;  ///< "3.11".
  std::string runtime_image;   ///< "python:3.11-slim": what the job runs in.
  std::string build_image;     ///< Where packages are installed (compilers); only used when there are packages.
  std::string conda_image;     ///< Has micromamba, mamba or conda.
  std::string
      accelerator_image;  ///< Debian based; instead of all three, python comes by apt-get when it lacks one. "": none.
  PackageSource packages = PackageSource::none;
  bool packages_need_source = false;  ///< The requirements name files of the source ("-e .", "-r other.txt").
  int user_id = 1000;                 ///< 0: root (SageMaker).
  std::vector<std::string> entry_point;
};

/// Every part that others wrote is checked or quoted: images by Docker's reference grammar, the version by its digits, the entry point as a JSON array (L-71). The context
/// must hold the code in src/ and the files of helper_files() in slipway/. With `mounts` the text uses BuildKit's cache mounts; the image is the same.
Result<std::string> write_dockerfile(const DockerfileInput& input, CacheMounts mounts);

/// Name and content of the files that the text runs.
std::vector<std::pair<std::string, std::string>> helper_files(const DockerfileInput& input);

/// What helpers print in front of a warning for the item.
inline constexpr std::string_view kWarningMark = "slipway: warning: ";

}  // namespace slipway::plugins::builders::docker
