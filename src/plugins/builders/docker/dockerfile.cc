#include "plugins/builders/docker/dockerfile.h"

#include <fmt/format.h>

#include "base/json.h"
#include "launch/image_ref.h"
#include "launch/job.h"
#include "plugins/builders/docker/helper_scripts.h"

namespace slipway::plugins::builders::docker {
namespace {

constexpr std::string_view kHome = "/home/job";

Result<> check(const DockerfileInput& input) {
  for (const auto& image : {input.runtime_image, input.build_image, input.conda_image, input.accelerator_image}) {
    if (image.empty()) continue;
    if (auto ref = launch::parse_image_ref(image); !ref) return std::move(ref).error().wrap("base image");
  }
  TRY(const auto version, launch::parse_runtime(input.python_version));
  if (version != input.python_version)
    return Error(Code::invalid_argument, "'" + input.python_version + "' is no Python version");
  if (input.user_id < 0) return Error(Code::invalid_argument, "the user id of an image cannot be negative");
  return {};
}

std::string json_array(const std::vector<std::string>& words) {
  JsonArray array;
  for (const auto& word : words) array.push_back(text_value(word));
  return to_text(array);
}

/// The lines that fill /env, in a stage that has `python` (or conda) and runs as root.
std::string install_lines(const DockerfileInput& input, CacheMounts mounts) {
  const std::string_view cache = mounts == CacheMounts::yes ? "--mount=type=cache,target=/root/.cache " : "";
  std::string out;
  if (input.packages == PackageSource::conda) {
    out += "COPY slipway/environment.yml slipway/install_conda.sh /slipway/\n";
    return out + fmt::format("RUN {}sh /slipway/install_conda.sh\n", cache);
  }
  if (input.packages == PackageSource::frozen) {
    out += "COPY slipway/requirements.txt slipway/install_frozen.py /slipway/\n";
    return out + fmt::format("RUN {}/env/bin/python /slipway/install_frozen.py /slipway/requirements.txt\n", cache);
  }
  if (input.packages_need_source) {
    out += "COPY src/ /slipway/src/\nWORKDIR /slipway/src\n";
    return out + fmt::format("RUN {}/env/bin/python -m pip install -r requirements.txt\n", cache);
  }
  out += "COPY slipway/requirements.txt /slipway/requirements.txt\n";
  return out + fmt::format("RUN {}/env/bin/python -m pip install -r /slipway/requirements.txt\n", cache);
}

constexpr std::string_view kPipSettings =
    "ENV DEBIAN_FRONTEND=noninteractive PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_PROGRESS_BAR=off "
    "PIP_ROOT_USER_ACTION=ignore\n";

std::string build_stage(const DockerfileInput& input, CacheMounts mounts) {
  const bool conda = input.packages == PackageSource::conda;
  std::string out =
      fmt::format("FROM {} AS build\nUSER root\n{}", conda ? input.conda_image : input.build_image, kPipSettings);
  if (!conda) out += "RUN python -m venv /env\n";
  return out + install_lines(input, mounts) + "\n";
}

/// An accelerator image brings its own packages, so they are installed beside them instead of being copied in.
std::string accelerator_stage(const DockerfileInput& input, CacheMounts mounts) {
  std::string out = fmt::format("FROM {}\nUSER root\n{}", input.accelerator_image, kPipSettings);
  out += "COPY slipway/prepare_python.sh /slipway/\n";
  if (input.packages != PackageSource::conda)
    out += fmt::format("RUN sh /slipway/prepare_python.sh {}\n", input.python_version);
  if (input.packages != PackageSource::none) out += install_lines(input, mounts);
  return out;
}

std::string user_lines(int user_id) {
  std::string out;
  if (user_id != 0) {
    // A line of its own instead of useradd: it works in every image, and the name is the same on every agent, so that the image is too.
    out += fmt::format("RUN getent passwd {0} >/dev/null || echo 'job:x:{0}:0::{1}:/bin/sh' >> /etc/passwd\n", user_id,
                       kHome);
  }
  out += fmt::format("RUN mkdir -p {1}/.cache && chown -R {0}:0 {1}\n", user_id, kHome);
  out += fmt::format("WORKDIR {}\n", kHome);
  out += fmt::format("COPY --chown={}:0 src/ {}/\n", user_id, kHome);
  return out + fmt::format("USER {}:0\n", user_id);
}

}  // namespace

Result<std::string> write_dockerfile(const DockerfileInput& input, CacheMounts mounts) {
  TRY_VOID(check(input));
  std::string out;
  const bool accelerated = !input.accelerator_image.empty();
  const bool staged = !accelerated && input.packages != PackageSource::none;
  if (staged) out += build_stage(input, mounts);
  out += accelerated ? accelerator_stage(input, mounts) : fmt::format("FROM {}\nUSER root\n", input.runtime_image);
  if (staged) out += "COPY --from=build /env /env\n";
  if (staged || accelerated) out += "ENV PATH=/env/bin:$PATH\n";
  out += fmt::format("ENV PYTHONUNBUFFERED=1 SHELL=/bin/bash HOME={}\n", kHome);
  out += user_lines(input.user_id);
  if (!input.entry_point.empty()) out += "ENTRYPOINT " + json_array(input.entry_point) + "\n";
  return out;
}

std::vector<std::pair<std::string, std::string>> helper_files(const DockerfileInput& input) {
  std::vector<std::pair<std::string, std::string>> files;
  if (!input.accelerator_image.empty()) files.emplace_back("prepare_python.sh", kPreparePython);
  if (input.packages == PackageSource::conda) files.emplace_back("install_conda.sh", kInstallConda);
  if (input.packages == PackageSource::frozen) files.emplace_back("install_frozen.py", kInstallFrozen);
  return files;
}

}  // namespace slipway::plugins::builders::docker
