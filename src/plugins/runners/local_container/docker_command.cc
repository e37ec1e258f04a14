#include "plugins/runners/local_container/docker_command.h"

#include <array>

#include "base/strings.h"
#include "launch/image_ref.h"
#include "net/http_types.h"
#include "plugins/runners/working_dir.h"

namespace slipway::plugins::runners::local_container {
namespace {

/// Variables that the docker program, its credential helpers or the loader would read.
bool changes_docker(const std::string& name) {
  static constexpr std::array<std::string_view, 7> kPrefixes = {"DOCKER_", "BUILDKIT_", "BUILDX_",  "LD_",
                                                                "GO",      "XDG_",      "SSL_CERT_"};
  for (const auto prefix : kPrefixes) {
    if (name.starts_with(prefix)) return true;
  }
  return name == "PATH" || name == "HOME" || name == "TMPDIR" || lower(name).ends_with("_proxy");
}

bool on_this_machine(const std::string& base_url) {
  const auto url = net::parse_url(base_url);
  if (!url) return false;
  return url->host == "localhost" || url->host == "::1" || url->host == "0.0.0.0" || url->host.starts_with("127.");
}

class Builder {
 public:
  Builder(const SubmitRequest& request, const std::map<std::string, std::string>& agent_env, DockerOptions options,
          std::string below)
      : request_(request), agent_env_(agent_env), options_(std::move(options)), below_(std::move(below)) {}

  Result<DockerCommand> build() {
    DockerCommand& command = command_;
    command.notices = options_.notices;
    command.env = agent_env_;
    command.env.erase("WANDB_API_KEY");
    std::erase_if(command.env, [](const auto& entry) { return entry.first.starts_with("SLIPWAY_"); });
    add({"create", "--name", request_.identity.name, "--pull", "never"});
    for (const auto& [key, value] : request_.identity.labels) add({"--label", key + "=" + value});
    TRY_VOID(add_environment());
    add_network();
    add_source();
    check_bare_names();
    command.arguments.insert(command.arguments.end(), options_.arguments.begin(), options_.arguments.end());
    add_image_and_words();
    command.options = std::move(options_);
    return std::move(command);
  }

 private:
  void add(std::initializer_list<std::string> words) { command_.arguments.insert(command_.arguments.end(), words); }

  Result<> add_environment() {
    for (const auto& [name, value] : request_.env) {
      if (changes_docker(name)) {
        add({"--env", name + "=" + value});
        continue;
      }
      add({"--env", name});
      command_.env[name] = value;
    }
    for (const auto& [name, value] : request_.secret_env) {
      if (changes_docker(name)) {
        return Error(
            Code::invalid_argument,
            fmt::format("the secret {} cannot be passed to a container: docker itself reads a variable of that name",
                        name));
      }
      add({"--env", name});
      command_.env[name] = value.reveal();
    }
    return {};
  }

  void add_network() {
    const auto base_url = request_.env.find("WANDB_BASE_URL");
    if (base_url == request_.env.end() || !on_this_machine(base_url->second)) return;
    if (!options_.has_network) add({"--network", "host"});
    if (options_.has_network)
      command_.notices.push_back(
          "the server's address is on this machine and the queue chooses a network: the job reaches the "
          "server only if that network does");
    if (!options_.has_host_gateway) add({"--add-host", "host.docker.internal:host-gateway"});
  }

  void add_source() {
    if (request_.source_dir.empty()) return;
    add({"--label", std::string(kSourceLabel) + "=copied"});
    if (!options_.has_workdir) add({"--workdir", std::string(kWorkFolder) + (below_.empty() ? "" : "/" + below_)});
  }

  void check_bare_names() {
    const auto& words = options_.arguments;
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
      if (words[i] != "--env" && words[i] != "-e") continue;
      const std::string& name = words[++i];
      if (name.find('=') != std::string::npos || command_.env.contains(name)) continue;
      command_.notices.push_back(
          fmt::format("the queue passes {} on from the agent's environment, where it is not set", name));
    }
  }

  std::vector<std::string> job_words() const {
    std::vector<std::string> words;
    if (!request_.entry_point_in_image) words = request_.entry_point;
    words.insert(words.end(), request_.args.begin(), request_.args.end());
    return words.empty() ? options_.command : words;
  }

  void add_image_and_words() {
    std::vector<std::string> words = job_words();
    const bool has_program = !request_.entry_point_in_image && !request_.entry_point.empty();
    if (request_.install_dependencies && !request_.source_dir.empty() && has_program) {
      words.insert(words.begin(), {"/bin/sh", std::string(kStartScript)});
      command_.installs_dependencies = true;
    }
    std::string program = options_.entrypoint;
    if (program.empty() && has_program) {
      program = words.front();
      words.erase(words.begin());
    }
    if (!program.empty()) add({"--entrypoint", program});
    add({request_.image});
    command_.arguments.insert(command_.arguments.end(), words.begin(), words.end());
  }

  const SubmitRequest& request_;
  const std::map<std::string, std::string>& agent_env_;
  DockerOptions options_;
  std::string below_;
  DockerCommand command_;
};

}  // namespace

Result<DockerCommand> docker_command(const SubmitRequest& request,
                                     const std::map<std::string, std::string>& agent_env) {
  if (request.image.empty()) {
    return Error(Code::invalid_argument, "the job has no image")
        .hint("Give the agent a builder, or the job an image or a base image.");
  }
  TRY_VOID(launch::parse_image_ref(request.image));
  TRY(const std::string below, working_dir_below(request.working_dir));
  TRY(DockerOptions options, read_docker_options(request.resource_args));
  return Builder(request, agent_env, std::move(options), below).build();
}

}  // namespace slipway::plugins::runners::local_container
