// What goes into an image, decided before anything is built (protocol 5.3, 5.4).
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "archive/archive.h"
#include "plugins/builders/api.h"
#include "plugins/builders/docker/dockerfile.h"

namespace slipway::plugins::builders::docker {

/// `builder` of launch-config.yaml, as far as the docker builder reads it.
struct DockerConfig {
  std::string platform;                                ///< `platform`: "linux/amd64".
  std::string python_image = "python:{version}-slim";  ///< `python-image`: what jobs run in.
  std::string
      python_build_image;  ///< `python-build-image`: where packages are installed. By default python:{version}, or `python-image` when that is set.
  std::string conda_image = "mambaorg/micromamba:bookworm-slim";  ///< `conda-image`.
  std::map<std::string, std::string> build_args;                  ///< `build-args`.
  bool always_pull = false;   ///< `pull-base-image`: "missing" (default) or "always".
  std::string network;        ///< `build-network`: "host" or "none"; by default Docker's own choice.
  Millis timeout{3'600'000};  ///< `build-timeout`, in seconds.
};
Result<DockerConfig> parse_docker_config(const Json& config);

struct BuildPlan {
  std::filesystem::path root;                                ///< Files of the context come from here …
  std::vector<archive::TreeEntry> entries;                   ///< … these …
  std::string prefix;                                        ///< … and get this in front: "src/", or "".
  std::vector<std::pair<std::string, std::string>> helpers;  ///< Further files of the context: path and content.
  std::string dockerfile;                                    ///< Its text with cache mounts, for BuildKit.
  std::string plain_dockerfile;  ///< Its text without; also what is hashed, so that every agent gets the same tag.
  std::string tree_hash;
  bool entry_point_in_image = false;  ///< The image starts the job by itself.
  std::vector<std::string>
      entry_point;  ///< The request's; of a file beside Dockerfile.wandb only the name, because its folder is the context.
  std::vector<std::string> warnings;
};

/// Finds the Dockerfile: overrides.dockerfile, the job's, Dockerfile.wandb beside the entry point (its folder is the context then), else one is written. Blocking: it reads
/// and hashes the whole context.
Result<BuildPlan> plan_build(const BuildRequest& request, const DockerConfig& config);

/// Images that a Dockerfile starts from or copies from, in order, without stages and scratch. Build arguments are filled in; an image that depends on something else is
/// left out.
std::vector<std::string> base_images(const std::string& dockerfile,
                                     const std::map<std::string, std::string>& build_args);
/// Does its last stage say what to run?
bool has_entry_point(const std::string& dockerfile);

/// Makes the context folder of `plan` below `into`. Files are hard links where that is possible: whoever reads them must not write. Blocking.
Result<> stage_context(const BuildPlan& plan, const std::filesystem::path& into);

}  // namespace slipway::plugins::builders::docker
