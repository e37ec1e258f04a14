#include "server/app.h"

#include <csignal>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>
#include <fmt/format.h>

#include "async/scope.h"
#include "base/log.h"
#include "base/strings.h"
#include "net/http_server.h"
#include "server/api/authenticator.h"
#include "server/api/event_stream.h"
#include "server/api/graphql_endpoint.h"
#include "server/api/health_routes.h"
#include "server/api/metrics.h"
#include "server/api/pages.h"
#include "server/api/resolvers.h"
#include "server/api/router.h"
#include "server/api/session_routes.h"
#include "server/api/sessions.h"
#include "server/data_dir.h"
#include "server/schema_file.h"
#include "server/service/access.h"
#include "server/service/changes.h"
#include "server/service/key.h"
#include "server/services.h"
#include "server/sweeps/sweep_resolvers.h"
#include "server/tracking/tracking.h"
#include "server/workers/lease_expiry.h"

namespace slipway::server {
namespace {

constexpr std::size_t kBlockingThreads = 2;

/// Members in the order in which they are made; each may use those above it.
class ServerApp final : public App {
 public:
  ServerApp(asio::any_io_executor executor, ServerConfig config, std::unique_ptr<DataDir> data_dir,
            std::unique_ptr<Store> store)
      : executor_(executor),
        config_(std::move(config)),
        data_dir_(std::move(data_dir)),
        store_(std::move(store)),
        blocking_(kBlockingThreads),
        live_(executor, *config_.clock),
        directory_(*store_, plugins::catalog()),
        dispatch_(executor, *store_, directory_, live_),
        expiry_(executor, *store_, dispatch_, live_, *config_.clock),
        sessions_(*config_.clock),
        authenticator_(*store_, sessions_, config_.public_url),
        router_(authenticator_, metrics_),
        queues_(*store_, directory_, live_, dispatch_),
        pushes_(
            directory_, *store_, dispatch_,
            [this](Principal who, std::string job) { return tracking_->check_job(std::move(who), std::move(job)); }),
        agents_(*store_, directory_, dispatch_, live_, *config_.clock),
        items_(*store_, directory_, agents_, dispatch_, live_),
        people_(*store_,
                [this](std::string_view entity, std::string_view what) {
                  authenticator_.forget();
                  if (!entity.empty()) publish_people(live_, entity, what);
                }),
        audit_(*store_),
        use_cases_{data_dir_->server_id(), directory_, dispatch_, queues_, pushes_, agents_, items_, people_, audit_},
        scope_(executor),
        services_{config_, data_dir_->server_id(), executor, blocking_, *config_.clock, *store_, live_, scope_},
        sweep_store_(open_sweeps(*store_)),
        sweeps_(services_, *sweep_store_, pushes_),
        sweep_resolvers_(*sweep_store_, sweeps_) {}

  ~ServerApp() override { close(); }

  Task<> prepare_first_start() {
    CO_TRY(const auto entities, co_await store_->list_entities());
    if (!entities.empty()) co_return Result<>();
    // The key's file comes first: a crash between the two leaves an empty store, and the next start makes another key.
    const Secret key = new_api_key();
    CO_TRY_VOID(data_dir_->write_admin_key(key));
    CO_TRY(first_start_, co_await store_->bootstrap("default", "admin", key_hash(key.reveal())));
    co_return Result<>();
  }

  Result<> serve() {
    TRY(tracking_, Tracking::open(services_));
    tracking_->on_item_cancelled([this](const Item& item) {
      publish_item(live_, item);
      if (item.agent != 0) dispatch_.agent_changed(item.agent);
    });
    TRY_VOID(serve_graphql());
    mount_health(router_, metrics_, *store_, stopping_);
    mount_sessions(router_, authenticator_, sessions_, audit_, config_.public_url.starts_with("https://"));
    mount_events(router_, authenticator_, directory_, live_);
    tracking_->mount(router_);
    mount_pages(router_);
    net::ServerOptions options;
    options.host = config_.host;
    options.port = config_.port;
    options.max_connections = config_.limits.max_connections;
    TRY(http_, net::HttpServer::create(executor_, options,
                                       [this](net::Exchange& exchange) { return router_.handle(exchange); }));
    add_gauges();
    dispatch_.on_grant = [this](UnixMillis next) { expiry_.granted(next); };
    scope_.spawn("lease expiry", [this] { return expiry_.run(); });
    tracking_->start();
    http_->start();
    return {};
  }

  std::string address() const override {
    const bool ipv6 = config_.host.find(':') != std::string::npos;
    return fmt::format("http://{}{}{}:{}", ipv6 ? "[" : "", config_.host, ipv6 ? "]" : "", http_->port());
  }
  const std::string& server_id() const override { return data_dir_->server_id(); }
  bool first_start() const override { return first_start_; }
  std::filesystem::path admin_key_file() const override { return data_dir_->admin_key_file(); }

  asio::awaitable<void> stop() override {
    if (std::exchange(stopping_, true)) co_return;
    // Long polls and event streams end by themselves with an empty answer; then the rest gets its grace.
    dispatch_.close();
    live_.close();
    if (http_) co_await http_->stop(config_.stop_grace);
    co_await scope_.stop();
    close();
  }

 private:
  Result<std::shared_ptr<const graphql::Engine>> make_engine(std::string_view hide) {
    graphql::Resolvers resolvers;
    bind_all(resolvers, use_cases_);
    tracking_->bind(resolvers);
    sweep_resolvers_.bind(resolvers);
    TRY(auto engine, graphql::Engine::create(kSchemaFile.front().text, std::move(resolvers), {}, hide));
    if (const auto silent = engine->unbound_root_fields(); !silent.empty())
      return Error(Code::internal, fmt::format("no resolver answers {}", join(silent, ", ")));
    return engine;
  }

  Result<> serve_graphql() {
    TRY(auto engine, make_engine(""));
    if (!config_.wandb_fields_only) {
      mount_graphql(router_, "/graphql", std::move(engine), config_.limits.max_graphql_body);
      return {};
    }
    TRY(auto plain, make_engine("slipway"));
    mount_graphql(router_, "/graphql", std::move(plain), config_.limits.max_graphql_body);
    mount_graphql(router_, "/full/graphql", std::move(engine), config_.limits.max_graphql_body);
    router_.also_below("/full");
    return {};
  }

  void close() {
    if (std::exchange(closed_, true)) return;
    blocking_.join();
    if (tracking_) tracking_->close();
    store_->close();
  }

  void add_gauges() {
    metrics_.add_gauge("slipway_connections", "Open connections.",
                       [this] { return static_cast<double>(http_->connections()); });
    metrics_.add_gauge("slipway_parked_agents", "Agents that wait for work.",
                       [this] { return static_cast<double>(dispatch_.parked()); });
    metrics_.add_gauge("slipway_event_subscribers", "Readers of live changes.",
                       [this] { return static_cast<double>(live_.subscribers()); });
  }

  asio::any_io_executor executor_;
  ServerConfig config_;
  std::unique_ptr<DataDir> data_dir_;
  std::unique_ptr<Store> store_;
  asio::thread_pool blocking_;
  Live live_;
  QueueDirectory directory_;
  DispatchService dispatch_;
  LeaseExpiry expiry_;
  Sessions sessions_;
  Metrics metrics_;
  Authenticator authenticator_;
  Router router_;
  QueueService queues_;
  PushService pushes_;
  AgentService agents_;
  ItemService items_;
  PeopleService people_;
  AuditService audit_;
  UseCases use_cases_;
  std::unique_ptr<Tracking> tracking_;
  std::unique_ptr<net::HttpServer> http_;
  bool first_start_ = false;
  bool stopping_ = false;
  bool closed_ = false;
  Scope scope_;
  Services services_;
  std::unique_ptr<SweepStore> sweep_store_;
  SweepService sweeps_;
  SweepResolvers sweep_resolvers_;
};

Task<> wait_for_signal(asio::signal_set& signals) {
  const auto [error, number] = co_await signals.async_wait(asio::as_tuple(asio::use_awaitable));
  if (error) co_return Error(Code::cancelled, "cancelled");
  log::info("stopping", {{"signal", number == SIGINT ? "SIGINT" : "SIGTERM"}});
  co_return Result<>();
}

Task<> serve_until_signal(asio::any_io_executor executor, ServerConfig config,
                          std::function<void(const App&)> started) {
  asio::signal_set signals(executor, SIGINT, SIGTERM);
  CO_TRY(const auto app, co_await start(executor, std::move(config)));
  if (started) started(*app);
  auto waited = co_await wait_for_signal(signals);
  // From here on a second signal has its usual effect: it ends the process.
  signals.clear();
  co_await app->stop();
  co_return waited;
}

}  // namespace

Task<std::unique_ptr<App>> start(asio::any_io_executor executor, ServerConfig config) {
  CO_TRY(auto data_dir, DataDir::open(config.data_dir));
  StoreOptions store_options;
  store_options.url =
      config.database_url.empty() ? "sqlite:" + (data_dir->path() / "slipway.db").string() : config.database_url;
  store_options.clock = config.clock;
  CO_TRY(auto store, open_store(store_options));
  auto app = std::make_unique<ServerApp>(executor, std::move(config), std::move(data_dir), std::move(store));
  auto ready = co_await app->prepare_first_start();
  if (ready) ready = app->serve();
  if (!ready) {
    co_await app->stop();
    co_return std::move(ready).error();
  }
  log::info("server started", {{"address", app->address()},
                               {"data", app->admin_key_file().parent_path().string()},
                               {"server", app->server_id()}});
  co_return std::unique_ptr<App>(std::move(app));
}

Result<> run_until_signal(ServerConfig config, std::function<void(const App&)> started) {
  asio::io_context io(1);
  std::optional<Result<>> outcome;
  auto finished = [&](const std::exception_ptr& failure, Result<> result) {
    if (failure)
      outcome = Error(Code::internal, "the server ended unexpectedly");
    else
      outcome = std::move(result);
  };
  auto body = [&]() { return no_throw(serve_until_signal(io.get_executor(), std::move(config), std::move(started))); };
  asio::co_spawn(io, std::move(body), finished);
  io.run();
  return outcome ? *std::move(outcome) : Result<>(Error(Code::internal, "the server ended before it started"));
}

}  // namespace slipway::server
