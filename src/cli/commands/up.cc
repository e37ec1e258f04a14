// up: server and agent in one, for a workstation. Two processes of this program, started and stopped together.
#include <filesystem>
#include <iostream>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>

#include "archive/archive.h"
#include "async/event.h"
#include "async/with_scope.h"
#include "base/log.h"
#include "base/strings.h"
#include "cli/commands/all.h"
#include "cli/commands/listen_address.h"
#include "client/api_client.h"
#include "proc/process.h"

namespace slipway::cli::commands {
namespace {

namespace fs = std::filesystem;

class UpCommand final : public Command {
 public:
  void declare(Options& options) override {
    options.text("--listen", listen_, "Address to listen on, HOST:PORT");
    options.text("--data", data_, "Folder for everything that is kept");
    options.list("-q,--queue", queues_, "Queue to make, when it is not there, and to serve; may be repeated");
    options.text("-r,--resource", resource_,
                 "Target resource of new queues; by default Docker where it is usable, else bare processes");
    options.integer("-j,--max-jobs", max_jobs_, "Jobs at once; -1: no limit");
  }

  Result<int> run(Terminal& terminal) override {
    TRY(const auto address, parse_listen_address(listen_));
    if (address.port == 0) return Error(Code::invalid_argument, "--listen: slipway up needs a port of its own, not 0");
    if (queues_.empty()) queues_ = {"default"};
    base_url_ = fmt::format("http://{}:{}", address.host == "0.0.0.0" ? "127.0.0.1" : address.host, address.port);
    asio::io_context io{1};
    Result<> outcome;
    std::function<Task<>(Scope&)> body = [&](Scope& scope) { return serve(terminal, scope); };
    asio::cancellation_signal stop;
    asio::signal_set signals(io, SIGINT, SIGTERM);
    signals.async_wait([&](const boost::system::error_code& ec, int) {
      if (!ec) stop.emit(asio::cancellation_type::terminal);
    });
    auto main = [&]() -> asio::awaitable<void> {
      outcome = co_await no_throw(with_scope<>(body));
      signals.cancel();
    };
    asio::co_spawn(io, main, asio::bind_cancellation_slot(stop.slot(), [](const std::exception_ptr&) {}));
    io.run();
    if (!outcome && outcome.error().code() != Code::cancelled) return std::move(outcome).error();
    return 0;
  }

 private:
  proc::ProcessSpec child(Terminal& terminal, std::vector<std::string> arguments) const {
    proc::ProcessSpec spec;
    spec.argv = {fs::read_symlink("/proc/self/exe").string()};
    spec.argv.insert(spec.argv.end(), arguments.begin(), arguments.end());
    spec.env = terminal.env();
    spec.grace = Millis(15'000);
    spec.on_output = [](std::string_view text) { std::cerr << text << std::flush; };
    return spec;
  }

  /// Runs a child to its end; the first one to end by itself ends everything.
  static Task<> watch(proc::ProcessSpec spec, std::string name) {
    CO_TRY(const auto result, co_await proc::run(std::move(spec)));
    co_return Error(Code::internal, fmt::format("the {} ended with status {}", name, result.exit_code));
  }

  Task<> serve(Terminal& terminal, Scope& scope) {
    auto failed = std::make_shared<std::optional<Error>>();
    Event ended(co_await asio::this_coro::executor);
    const auto start = [&](std::string name, std::vector<std::string> arguments,
                           const std::map<std::string, std::string>& extra) {
      auto spec = child(terminal, std::move(arguments));
      for (const auto& [key, value] : extra) spec.env[key] = value;
      scope.spawn(name, [spec, name, failed, &ended]() -> asio::awaitable<void> {
        auto outcome = co_await watch(spec, name);
        if (!*failed && !outcome) *failed = outcome.error();
        ended.notify_all();
      });
    };
    start("server", {"server", "--listen", listen_, "--data", data_}, {});
    CO_TRY(const std::string key, co_await wait_for_server(failed, ended));
    CO_TRY_VOID(co_await make_queues(terminal, key));
    std::vector<std::string> agent = {"launch-agent", "--max-jobs", std::to_string(max_jobs_)};
    for (const auto& queue : queues_) agent.insert(agent.end(), {"-q", queue});
    start("agent", agent,
          {{"WANDB_BASE_URL", base_url_},
           {"WANDB_API_KEY", key},
           {"SLIPWAY_STATE_DIR", (fs::absolute(data_) / "agent").string()}});
    terminal.say(
        fmt::format("slipway is up: {}\n  export WANDB_BASE_URL={} WANDB_API_KEY=$(cat {}/admin.key)\n  slipway launch "
                    "-u . -E \"python train.py\" -q {}",
                    base_url_ + "/launch", base_url_, data_, queues_.front()));
    while (!*failed) co_await ended.wait();
    co_return **failed;
  }

  Task<std::string> wait_for_server(std::shared_ptr<std::optional<Error>> failed, Event& ended) {
    auto http = std::make_shared<net::HttpClient>();
    for (;;) {
      if (*failed) co_return **failed;
      net::ClientRequest request;
      request.url = base_url_ + "/healthz";
      auto answer = co_await http->send(std::move(request));
      if (answer && answer->status == 200) break;
      co_await ended.wait(std::chrono::milliseconds(100));
    }
    auto key = archive::read_file(fs::path(data_) / "admin.key");
    if (!key) co_return std::move(key).error().wrap("reading the administrator's key");
    co_return std::string(trim(*key));
  }

  Task<> make_queues(Terminal& terminal, std::string key) {
    client::Connection connection;
    connection.base_url = base_url_;
    connection.api_key = Secret(key);
    client::ApiClient api(std::make_shared<net::HttpClient>(), connection);
    std::string resource = resource_;
    if (resource.empty()) resource = co_await docker_is_usable(terminal) ? "local-container" : "local-process";
    for (const auto& queue : queues_) {
      JsonObject input{{"entityName", "default"},  {"projectName", "model-registry"}, {"queueName", queue},
                       {"resourceType", resource}, {"resourceConfig", "{}"},          {"mode", "CREATE"}};
      JsonObject variables{{"input", std::move(input)}};
      auto made = co_await api.call(
          "mutation UpsertRunQueue($input: UpsertRunQueueInput!) { upsertRunQueue(input: $input) { success } }",
          std::move(variables));
      if (!made && made.error().code() != Code::conflict)
        co_return std::move(made).error().wrap("creating queue '" + queue + "'");
      if (made) terminal.say(fmt::format("created queue '{}' for {}", queue, resource));
    }
    co_return Result<>();
  }

  static asio::awaitable<bool> docker_is_usable(Terminal& terminal) {
    proc::ProcessSpec spec;
    spec.argv = {"docker", "info", "--format", "{{.ID}}"};
    spec.env = terminal.env();
    spec.timeout = Millis(5'000);
    auto asked = co_await proc::run(std::move(spec));
    co_return asked && asked->ok();
  }

  std::string listen_ = "127.0.0.1:8080";
  std::string data_ = "slipway-data";
  std::vector<std::string> queues_;
  std::string resource_;
  std::string base_url_;
  int max_jobs_ = 2;
};

}  // namespace

std::unique_ptr<Command> make_up() { return std::make_unique<UpCommand>(); }

}  // namespace slipway::cli::commands
