// What a source says about the packages that it needs (D-26, D-27, protocol 5.5).
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "plugins/builders/docker/dockerfile.h"

namespace slipway::plugins::builders::docker {

struct Packages {
  PackageSource source = PackageSource::none;
  std::string file_name;  ///< In slipway/: "requirements.txt" or "environment.yml"; "" without packages.
  std::string content;
  bool need_source = false;           ///< See DockerfileInput.
  std::vector<std::string> warnings;  ///< Nothing found; `wandb` is missing (C-24).
};

/// Looks in `root` for requirements.txt, then project.dependencies of pyproject.toml, then environment.yml, environment.yaml, conda.yaml or conda.yml, then
/// requirements.frozen.txt there or in `job_dir` ("": none). A file without any package counts as absent. Blocking, small.
Result<Packages> find_packages(const std::filesystem::path& root, const std::filesystem::path& job_dir);

/// `project.dependencies` of a pyproject.toml; empty when it has none. Only the TOML that this one array needs is understood.
Result<std::vector<std::string>> pyproject_dependencies(std::string_view toml);

}  // namespace slipway::plugins::builders::docker
