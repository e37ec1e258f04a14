#include "agent/app.h"

#include <unistd.h>

#include <array>
#include <csignal>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>
#include <fmt/format.h>

#include "agent/direct_control.h"
#include "agent/journal/state_dir.h"
#include "agent/loop/agent_loop.h"
#include "base/ids.h"
#include "base/log.h"
#include "base/retry.h"
#include "base/strings.h"
#include "plugins/runners/kubernetes/permissions.h"

namespace slipway::agent {
namespace {

/// Everything that an agent stands on, in the order in which it is built.
struct Foundation {
  asio::io_context io{1};
  asio::thread_pool blocking{2};
  std::shared_ptr<net::HttpClient> http = std::make_shared<net::HttpClient>();
  std::shared_ptr<client::ApiClient> api;

  explicit Foundation(const client::Connection& connection)
      : api(std::make_shared<client::ApiClient>(http, connection)) {}

  plugins::Context context(const AgentSetup& setup) {
    plugins::Context context;
    context.http = http;
    context.api = api;
    context.executor = io.get_executor();
    context.blocking = &blocking;
    context.state_dir = setup.state_dir;
    context.env = setup.env;
    return context;
  }

  /// Runs one coroutine to its end.
  template <class T>
  Result<T> run(std::function<Task<T>()> main) {
    std::optional<Result<T>> outcome;
    auto body = [&outcome, &main]() -> asio::awaitable<void> { outcome = co_await no_throw(main()); };
    asio::co_spawn(io, body, [](const std::exception_ptr& error) {
      if (error) std::rethrow_exception(error);
    });
    while (!outcome && io.run_one() > 0) {
    }
    if (!outcome) return Error(Code::internal, "the agent stopped before its work had ended");
    return *std::move(outcome);
  }
};

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
}

Json shown_config(const launch::AgentConfig& config) {
  JsonArray queues;
  for (const auto& queue : config.queues) queues.emplace_back(text_value(queue));
  JsonObject builder{{"type", config.builder.type}, {"destination", config.builder.destination}};
  return JsonObject{{"entity", config.entity},
                    {"queues", std::move(queues)},
                    {"max_jobs", config.max_jobs},
                    {"builder", std::move(builder)},
                    {"secure_mode", config.secure_mode}};
}

Registration registration_of(const launch::AgentConfig& config, const StateDir& state) {
  Registration registration;
  registration.entity = config.entity;
  registration.queues = config.queues;
  registration.hostname = host_name();
  registration.version = "slipway@" SLIPWAY_VERSION;
  registration.stable_id = state.stable_id();
  registration.incarnation = random_id(16);
  registration.max_jobs = config.max_jobs;
  registration.config = shown_config(config);
  return registration;
}

/// A server that is not up yet is waited for; one that says no is an error.
template <class T>
Task<T> patiently(std::function<Task<T>()> ask) {
  Backoff backoff({.first = Millis(200), .max = Millis(5'000)});
  for (;;) {
    auto answer = co_await ask();
    if (answer || !retryable(answer.error().code())) co_return answer;
    if (backoff.failures() == 0) log::warn("waiting for the server", {{"error", answer.error().message()}});
    CO_TRY_VOID(co_await sleep_for(*backoff.next()));
  }
}

void stop_on_signals(asio::signal_set& signals, AgentLoop& loop) {
  signals.async_wait([&signals, &loop](const boost::system::error_code& ec, int signal) {
    if (ec) return;
    log::info(signal == SIGUSR1 ? "draining: no new items, running jobs are watched to their end"
                                : "leaving: no new items, running jobs go on and are adopted by the next start");
    loop.request_stop(signal == SIGUSR1 ? StopMode::drain : StopMode::leave);
    // A second signal finds the default action again and ends the process at once.
    if (signal != SIGUSR1) {
      boost::system::error_code ignored;
      signals.cancel(ignored);
      signals.clear(ignored);
      return;
    }
    stop_on_signals(signals, loop);
  });
}

Task<> serve(Foundation& base, AgentSetup& setup, const StateDir& state,
             std::function<void(const std::string&)> started) {
  for (const auto& notice : setup.config.notices) log::warn(notice.to_string());
  CO_TRY(auto services, co_await Services::create(base.context(setup), setup.config));
  CO_TRY(auto scopes, co_await services->scopes());
  std::function<Task<std::unique_ptr<Control>>()> connecting = [&] { return connect(base.api, scopes); };
  CO_TRY(auto control, co_await patiently(std::move(connecting)));
  const auto registration = registration_of(setup.config, state);
  std::function<Task<>()> registering = [&] { return control->register_agent(registration); };
  CO_TRY_VOID(co_await patiently(std::move(registering)));
  log::info(
      "agent is ready",
      {{"name", control->agent_name()}, {"entity", control->entity()}, {"queues", join(setup.config.queues, ", ")}});
  if (started) started(control->agent_name());

  AgentLoop loop(base.io.get_executor(), *control, *services);
  asio::signal_set signals(base.io, SIGINT, SIGTERM, SIGUSR1);
  stop_on_signals(signals, loop);
  auto outcome = co_await loop.run();
  signals.cancel();
  auto told = co_await control->set_status("KILLED");
  if (!told) log::debug("telling the server that the agent has left", {{"error", told.error().message()}});
  co_return outcome;
}

}  // namespace

std::filesystem::path default_state_dir(const std::map<std::string, std::string>& env,
                                        const client::Connection& connection, const launch::AgentConfig& config) {
  const auto value = [&](const char* name) {
    const auto found = env.find(name);
    return found == env.end() ? std::string() : found->second;
  };
  if (const auto chosen = value("SLIPWAY_STATE_DIR"); !chosen.empty()) return chosen;
  const std::filesystem::path base = value("XDG_STATE_HOME").empty()
                                         ? std::filesystem::path(value("HOME")) / ".local/state"
                                         : std::filesystem::path(value("XDG_STATE_HOME"));
  const std::string purpose = connection.base_url + "\n" + config.entity + "\n" + join(config.queues, "\n");
  return base / "slipway" / ("agent-" + sha256_hex(purpose).substr(0, 12));
}

Result<> run_agent(AgentSetup setup, std::function<void(const std::string&)> started) {
  TRY(const StateDir state, StateDir::open(setup.state_dir));
  Foundation base(setup.connection);
  return base.run<void>([&] { return serve(base, setup, state, std::move(started)); });
}

Result<std::vector<Check>> run_doctor(AgentSetup setup) {
  Foundation base(setup.connection);
  const auto checks = [&]() -> Task<std::vector<Check>> {
    CO_TRY(auto services, co_await Services::create(base.context(setup), setup.config));
    CO_TRY(auto found, co_await services->check_all());
    auto control = co_await connect(base.api, {});
    Result<> server;
    if (!control) server = std::move(control).error();
    found.insert(found.begin(), Check{"server " + setup.connection.base_url, std::move(server)});
    co_return found;
  };
  return base.run<std::vector<Check>>(checks);
}

namespace {

std::vector<Check> checks_of(const plugins::runners::kubernetes::RightCheck& rights) {
  std::vector<Check> checks;
  const std::string where = "kubernetes namespace " + rights.space;
  for (const auto& right : rights.missing) {
    Error error(Code::permission_denied, fmt::format("the agent may not {} ({})", right.name(), right.why));
    // The commands grant everything at once: they stand under the last.
    if (&right == &rights.missing.back())
      error = std::move(error).hint("Somebody who may do so grants it with:\n" + rights.grant);
    checks.push_back({fmt::format("{}: {}", where, right.name()), std::move(error)});
  }
  if (checks.empty()) checks.push_back({where});
  return checks;
}

}  // namespace

Result<std::vector<Check>> run_kubernetes_doctor(AgentSetup setup, std::vector<std::string> spaces) {
  Foundation base(setup.connection);
  if (spaces.empty()) spaces.emplace_back();
  const auto checks = [&]() -> Task<std::vector<Check>> {
    auto context = base.context(setup);
    std::vector<Check> all;
    for (const auto& space : spaces) {
      auto rights = co_await plugins::runners::kubernetes::check_rights(context, space);
      if (!rights) {
        all.push_back({"kubernetes", std::move(rights).error()});
        break;
      }
      auto found = checks_of(*rights);
      all.insert(all.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
    }
    co_return all;
  };
  return base.run<std::vector<Check>>(checks);
}

Result<DirectOutcome> run_direct(AgentSetup setup, DirectRun run) {
  TRY(const StateDir state, StateDir::open(setup.state_dir));
  Foundation base(setup.connection);
  DirectControl control(run);
  const auto main = [&]() -> Task<DirectOutcome> {
    CO_TRY(auto services, co_await Services::create(base.context(setup), setup.config));
    auto job = std::make_shared<Job>(control, *services, control.lease_of(run.spec), base.io.get_executor());
    asio::signal_set signals(base.io, SIGINT, SIGTERM);
    signals.async_wait([job](const boost::system::error_code& ec, int) {
      if (!ec) job->request_cancel();
    });
    co_await run_job(job);
    signals.cancel();
    co_return control.outcome();
  };
  return base.run<DirectOutcome>(main);
}

Result<Json> preview_request(AgentSetup setup, Json spec) {
  Foundation base(setup.connection);
  const DirectRun run{.spec = std::move(spec)};
  DirectControl control(run);
  const auto main = [&]() -> Task<Json> {
    CO_TRY(auto services, co_await Services::create(base.context(setup), setup.config));
    Job job(control, *services, control.lease_of(run.spec), base.io.get_executor());
    CO_TRY_VOID(read_spec(job));
    CO_TRY(const auto target, services->unverified_target(job.spec.resource));
    use_target(job, target);
    job.image = job.spec.docker_image;
    job.entry_point = job.spec.overrides.entry_point;
    if (job.image.empty() && job.resource->needs_image) job.image = "(built from " + job.spec.job + ")";
    job.entry_point_in_image = job.resource->needs_image && job.spec.docker_image.empty();
    CO_TRY(const auto request, make_request(job));
    co_return job.runner->render(request);
  };
  return base.run<Json>(main);
}

}  // namespace slipway::agent
