#include "cli/agent_options.h"

#include <fmt/format.h>

#include "archive/archive.h"
#include "base/log.h"

namespace slipway::cli {
namespace fs = std::filesystem;
namespace {

fs::path find_config(const Terminal& terminal) {
  for (const char* place : {".config/slipway/launch-config.yaml", ".config/wandb/launch-config.yaml"}) {
    const fs::path file = fs::path(terminal.home()) / place;
    std::error_code ec;
    if (fs::exists(file, ec)) return file;
  }
  return {};
}

}  // namespace

void AgentOptions::declare(Options& options) {
  options.list("-q,--queue", queues_, "Queue to serve; may be repeated");
  options.optional_text("-e,--entity", entity_, "Entity that the queues belong to");
  options.optional_int("-j,--max-jobs", max_jobs_, "Jobs at once; -1: no limit");
  options.text("-c,--config", config_, "Path of launch-config.yaml");
  options.text("-l,--log-file", log_file_, "Where the log goes; - is standard error");
  options.count("-v,--verbose", verbose_, "More log lines");
  options.flag("--lenient", lenient_, "Take tabs in the configuration as two spaces");
  options.text("-u,--url", url_, "");
  options.hidden();
}

Result<launch::AgentConfig> AgentOptions::read_config(Terminal& terminal, const std::string& path, TabPolicy tabs) {
  const fs::path file = path.empty() ? find_config(terminal) : fs::path(path);
  if (file.empty()) return launch::parse_agent_config("", "", tabs);
  auto text = archive::read_file(file);
  if (!text) return std::move(text).error().wrap("reading the agent's configuration");
  return launch::parse_agent_config(*text, file.string(), tabs);
}

Result<agent::AgentSetup> AgentOptions::setup(Terminal& terminal, Purpose purpose) const {
  if (!url_.empty()) {
    return Error(Code::invalid_argument, "-u/--url is not used any more")
        .hint("Set WANDB_BASE_URL, or run `slipway login --host URL`.");
  }
  TRY(auto config, read_config(terminal, config_, lenient_ ? TabPolicy::expand : TabPolicy::refuse));
  launch::AgentFlags flags{.entity = entity_,
                           .queues = queues_,
                           .max_jobs = max_jobs_,
                           .verbose = verbose_,
                           .queues_needed = purpose == Purpose::serve};
  TRY(config, launch::apply_environment_and_flags(std::move(config), terminal.env(), flags));
  auto environment = terminal.env();
  if (!config.base_url.empty() && !environment.contains("WANDB_BASE_URL"))
    environment["WANDB_BASE_URL"] = config.base_url;
  agent::AgentSetup setup;
  TRY(setup.connection, client::Connection::discover(environment, terminal.home()));
  if (setup.connection.api_key.empty()) {
    return Error(Code::unauthenticated, fmt::format("there is no API key for {}", setup.connection.base_url))
        .hint(
            "Run `slipway login --host URL`, or set WANDB_BASE_URL and WANDB_API_KEY. A service account's key is best "
            "for an agent.");
  }
  setup.env = terminal.env();
  setup.state_dir = agent::default_state_dir(setup.env, setup.connection, config);
  setup.config = std::move(config);
  return setup;
}

Result<> AgentOptions::configure_log() const {
  return log::configure({.level = verbose_ > 0 ? log::Level::debug : log::Level::info, .file = log_file_});
}

}  // namespace slipway::cli
