#include "launch/policy.h"
#include "plugins/runners/local_container/docker_options.h"
#include "plugins/runners/local_container/docker_runner.h"

namespace slipway::plugins::runners::local_container {
namespace {

constexpr std::string_view kDoc =
    R"(Runs the job in a container of the Docker engine on the agent's machine (or of the one that `DOCKER_HOST` or the current docker context names).

The configuration is the options of `docker run`: a list repeats the option, `true` is a bare flag, `false` leaves it out, one letter is `-k`, everything else `--key`.

    env:
      - MY_ENV_VAR=value
      - MY_EXISTING_ENV_VAR      # without a value: the agent's own
    volume: /mnt/datasets:/mnt/datasets
    gpus: all

Options that slipway decides itself:

- `rm`, `detach`, `restart: "no"`: what happens anyway; other values of `restart` are ignored, a job runs once. The container is removed by slipway once output and exit
  code are safe.
- `name`, `cidfile`: ignored. The container is named after the run.
- `interactive`, `attach`, `detach-keys`, `sig-proxy`, `quiet`: ignored. A job has no terminal to read from. `tty` is passed on.
- `entrypoint`: wins over the job's entry point, whose words become its arguments: a wrapper around every job of the queue.
- `command`: arguments for the image when the job gives neither entry point nor arguments.
- `pull`: `always`, `missing` or `never`. Without it an image that came from a registry is pulled again and the local one is used when the registry does not answer; an image
  made on this machine, or named by digest, is used as it is.
- `network`: without it, and when the server's address is on this machine, the container shares the host's network, because it has to reach the server.
- labels that begin with `slipway.dev/` are refused.

GPUs need the NVIDIA Container Toolkit on the machine.)";

}  // namespace

RunnerPlugin plugin() {
  RunnerPlugin record;
  record.name = "local-container";
  record.aliases = {"docker", "local", "container", "local container", "docker container", ""};
  record.display_name = "Docker";
  record.doc = kDoc;
  record.default_config = JsonObject();
  record.config_schema = docker_schema();
  record.submitter_may_override = launch::docker_submitter_options();
  record.refuse = launch::refuse_docker_values;
  record.create = [](Context& context, std::shared_ptr<Environment>) -> Result<std::unique_ptr<Runner>> {
    return std::unique_ptr<Runner>(std::make_unique<DockerRunner>(context));
  };
  return record;
}

}  // namespace slipway::plugins::runners::local_container
