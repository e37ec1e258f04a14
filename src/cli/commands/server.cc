#include <fmt/format.h>

#include "base/log.h"
#include "cli/commands/all.h"
#include "cli/commands/listen_address.h"
#include "server/app.h"

namespace slipway::cli::commands {
namespace {

class ServerCommand final : public Command {
 public:
  void declare(Options& options) override {
    options.text("--listen", listen_, "Address to listen on, HOST:PORT");
    options.text("--data", data_, "Folder for everything that the server keeps");
    options.text("--database", database_, "sqlite:PATH; by default a file in the data folder");
    options.text("--blobs", blobs_,
                 "s3://BUCKET/PREFIX?endpoint=URL for files and artifacts; by default a folder in the data folder");
    options.text("--public-url", public_url_, "Address under which people and agents reach the server");
    options.flag("--wandb-fields-only", wandb_fields_only_,
                 "Hide what W&B servers do not have, for tests of compatibility; the whole API is then below /full");
    options.count("-v,--verbose", verbose_, "More log lines");
  }

  Result<int> run(Terminal& terminal) override {
    TRY_VOID(log::configure({.level = verbose_ > 0 ? log::Level::debug : log::Level::info}));
    TRY(const auto address, parse_listen_address(listen_));
    server::ServerConfig config;
    config.host = address.host;
    config.port = address.port;
    config.data_dir = data_;
    config.database_url = database_;
    config.blobs = blobs_;
    config.public_url = public_url_;
    config.wandb_fields_only = wandb_fields_only_;
    TRY_VOID(server::run_until_signal(config, [&](const server::App& app) {
      terminal.say(fmt::format("slipway {} serves {}", SLIPWAY_VERSION, app.address()));
      if (app.first_start())
        terminal.say(fmt::format("The administrator's API key is in {}", app.admin_key_file().string()));
      terminal.say(fmt::format("  export WANDB_BASE_URL={} WANDB_API_KEY=$(cat {})", app.address(),
                               app.admin_key_file().string()));
    }));
    return 0;
  }

 private:
  std::string listen_ = "127.0.0.1:8080";
  std::string data_ = "slipway-data";
  std::string database_;
  std::string blobs_;
  std::string public_url_;
  bool wandb_fields_only_ = false;
  int verbose_ = 0;
};

}  // namespace

std::unique_ptr<Command> make_server() { return std::make_unique<ServerCommand>(); }

}  // namespace slipway::cli::commands
