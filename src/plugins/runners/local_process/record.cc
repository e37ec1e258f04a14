#include "plugins/runners/local_process/local_process_runner.h"

namespace slipway::plugins::runners::local_process {
namespace {

constexpr std::string_view kDoc =
    R"(Runs the job's entry point as a process on the agent's machine, in a private copy of its source.

The process outlives the agent: after a restart it is found again with its whole output and its exit code. When its first process ends, everything that it started is
killed, as in a container. A restart of the machine ends it ("node_lost").

The job sees the agent's environment, without the agent's own `WANDB_API_KEY` and `SLIPWAY_*`. Cloud credentials in variables such as `AWS_*` are passed on: whoever may
submit to the queue can use them, as they can use everything else that the agent's account can reach.

Configuration, all of it optional:

- `env`: one text or a list of `NAME=value`; a bare `NAME` is the agent's own value.
- `max_log_bytes`: how much of the output is kept (1 GiB).

Image jobs are refused: use a queue of the resource Docker for them.)";

constexpr std::string_view kSchema = R"({"type": "object", "additionalProperties": false, "properties": {
  "env": {"description": "NAME=value, or a list of such texts", "oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
  "max_log_bytes": {"description": "How much of the job's output is kept", "type": "integer", "minimum": 1}}})";

}  // namespace

RunnerPlugin plugin() {
  RunnerPlugin record;
  record.name = "local-process";
  record.aliases = {"process", "local process", "local_process"};
  record.display_name = "Local process";
  record.doc = kDoc;
  record.default_config = JsonObject();
  record.config_schema = boost::json::parse(kSchema);
  record.submitter_may_override = {"env"};
  record.needs_image = false;
  record.create = [](Context& context, std::shared_ptr<Environment>) -> Result<std::unique_ptr<Runner>> {
    return std::unique_ptr<Runner>(std::make_unique<LocalProcessRunner>(context));
  };
  return record;
}

}  // namespace slipway::plugins::runners::local_process
