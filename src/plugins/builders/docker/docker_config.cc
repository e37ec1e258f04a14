#include "base/strings.h"
#include "plugins/builders/docker/build_plan.h"

namespace slipway::plugins::builders::docker {
namespace {

void read_text(const Json& config, std::string_view key, std::string& into, std::vector<Problem>& problems) {
  const auto* value = find(config, key);
  if (!value || value->is_null()) return;
  if (value->is_string() && !value->get_string().empty()) {
    into = value->get_string();
  } else {
    problems.push_back({"builder." + std::string(key), "must be a text, not " + std::string(kind_name(*value))});
  }
}

void read_build_args(const Json& config, DockerConfig& into, std::vector<Problem>& problems) {
  const auto* args = find(config, "build-args");
  if (!args || args->is_null()) return;
  if (!args->is_object()) {
    problems.push_back({"builder.build-args", "must be a mapping of names to texts"});
    return;
  }
  for (const auto& [name, value] : args->get_object()) {
    const bool plain = value.is_string() || value.is_int64();
    if (plain) {
      into.build_args[name] = value.is_string() ? std::string(value.get_string()) : to_text(value);
    } else {
      problems.push_back({"builder.build-args." + std::string(name), "must be a text"});
    }
  }
}

}  // namespace

Result<DockerConfig> parse_docker_config(const Json& config) {
  DockerConfig parsed;
  std::vector<Problem> problems;
  std::string python_image;
  read_text(config, "platform", parsed.platform, problems);
  read_text(config, "python-image", python_image, problems);
  read_text(config, "python-build-image", parsed.python_build_image, problems);
  read_text(config, "conda-image", parsed.conda_image, problems);
  read_text(config, "build-network", parsed.network, problems);
  read_build_args(config, parsed, problems);
  if (parsed.python_build_image.empty())
    parsed.python_build_image = python_image.empty() ? "python:{version}" : python_image;
  if (!python_image.empty()) parsed.python_image = python_image;

  std::string pull = "missing";
  read_text(config, "pull-base-image", pull, problems);
  if (pull != "missing" && pull != "always")
    problems.push_back({"builder.pull-base-image", "must be 'missing' or 'always'"});
  parsed.always_pull = pull == "always";
  if (const auto* limit = find(config, "build-timeout"); limit && !limit->is_null()) {
    const auto seconds = as_integer(*limit);
    if (seconds && *seconds > 0 && *seconds <= 7 * 86'400) {
      parsed.timeout = std::chrono::seconds(*seconds);
    } else {
      problems.push_back({"builder.build-timeout", "must be a number of seconds"});
    }
  }
  const bool known_network =
      parsed.network.empty() || parsed.network == "host" || parsed.network == "none" || parsed.network == "default";
  if (!known_network) problems.push_back({"builder.build-network", "must be 'default', 'host' or 'none'"});
  const bool odd_platform =
      !parsed.platform.empty() &&
      parsed.platform.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789/_.") != std::string::npos;
  if (odd_platform)
    problems.push_back(
        {"builder.platform", "'" + parsed.platform + "' is no platform. Write linux/amd64 or linux/arm64."});
  if (!problems.empty())
    return Error(Code::invalid_argument, "the builder's configuration is not valid", std::move(problems));
  return parsed;
}

}  // namespace slipway::plugins::builders::docker
