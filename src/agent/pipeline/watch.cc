#include <memory>

#include <fmt/format.h>

#include "agent/pipeline/pipeline.h"
#include "async/timeout.h"
#include "async/with_scope.h"
#include "base/log.h"
#include "base/retry.h"
#include "launch/item_state.h"

namespace slipway::agent {
namespace {

using launch::ItemState;
using plugins::JobPhase;
using plugins::JobStatus;

constexpr auto kLogBeforeOutcome =
    std::chrono::seconds(5);  ///< A job's last lines usually arrive with its end; the outcome waits that long for them.
constexpr auto kLogAfterOutcome =
    std::chrono::minutes(10);  ///< Then what the backend still has is given up, with a line in the agent's log.

/// The output on its way to the server.
struct Output {
  explicit Output(asio::any_io_executor executor) : done(executor) {}
  bool complete = false;
  Event done;
};

asio::awaitable<void> ship_output(Job& job, Output& output) {
  Backoff backoff({.first = Millis(500), .max = Millis(10'000)});
  for (;;) {
    const std::uint64_t from = job.log.next_output();
    auto position = std::make_shared<std::uint64_t>(from);
    plugins::Runner::LogSink sink = [&job, position](std::vector<std::string> lines) -> Task<> {
      const auto first = std::exchange(*position, *position + lines.size());
      return job.log.output(first, std::move(lines));
    };
    auto followed = co_await job.runner->follow_logs(job.handle, from, std::move(sink));
    if (followed || !retryable(followed.error().code())) {
      if (!followed)
        log::warn("the job's output ends early", {{"job", job.identity.name}, {"error", followed.error().message()}});
      break;
    }
    auto slept = co_await sleep_for(*backoff.next());
    if (!slept) co_return;
  }
  auto ended = co_await job.log.finish();
  if (!ended)
    log::debug("telling the end of the output", {{"job", job.identity.name}, {"error", ended.error().message()}});
  output.complete = true;
  output.done.notify_all();
}

asio::awaitable<void> stop_when_asked(Job& job) {
  if (!job.cancel_requested) co_await job.cancelled.wait();
  const auto grace = std::chrono::duration_cast<Millis>(job.services.config().stopped_run_timeout);
  Backoff backoff({.first = Millis(500), .max = Millis(10'000)});
  for (;;) {
    auto asked = co_await job.runner->stop(job.handle, grace);
    if (!asked) log::warn("asking the job to stop", {{"job", job.identity.name}, {"error", asked.error().message()}});
    // A job that is still there after its grace is asked again: the backend may have lost the request.
    const auto pause = asked ? grace + Millis(10'000) : *backoff.next();
    auto slept = co_await sleep_for(pause);
    if (!slept) co_return;
  }
}

Task<> tell_status(Job& job, const JobStatus& status, const std::optional<JobStatus>& before) {
  Report report;
  const bool first = !before;
  if (status.phase == JobPhase::running && (first || before->phase != JobPhase::running))
    report.phase = ItemState::running;
  if (first ? !status.reachable : before->reachable != status.reachable) report.reachable = status.reachable;
  if (first ? !status.message.empty() : before->message != status.message) report.message = status.message;
  report.stage = "run";
  if (!report.phase && !report.reachable && !report.message) co_return Result<>();
  CO_TRY_VOID(co_await job.reporter.tell(std::move(report)));
  if (job.reporter.cancel_requested()) job.request_cancel();
  co_return Result<>();
}

/// Until the job has ended. The time that it may take to start counts from here.
Task<JobStatus> follow_status(Job& job) {
  const auto limit = job.services.config().start_timeout;
  const auto start_by = std::chrono::steady_clock::now() + limit;
  std::optional<JobStatus> known;
  for (;;) {
    auto change = job.runner->next_status(job.handle, known);
    const bool starting = !known || known->phase == JobPhase::starting;
    Result<JobStatus> status = Error(Code::internal, "");
    if (starting && limit.count() > 0) {
      status = co_await with_timeout(start_by - std::chrono::steady_clock::now(), std::move(change));
    } else {
      status = co_await std::move(change);
    }
    if (!status && status.error().code() == Code::deadline_exceeded) {
      auto stopped = co_await job.runner->stop(job.handle, Millis(0));
      if (!stopped)
        log::warn("stopping a job that does not start",
                  {{"job", job.identity.name}, {"error", stopped.error().message()}});
      co_return JobStatus{
          .phase = JobPhase::failed,
          .failure_class = std::string(launch::failure::start_timeout),
          .message = fmt::format("did not start within {} s{}; WANDB_LAUNCH_START_TIMEOUT sets the limit",
                                 limit.count(), known && !known->message.empty() ? ": " + known->message : "")};
    }
    CO_TRY(const JobStatus now, std::move(status));
    if (now.terminal()) co_return now;
    CO_TRY_VOID(co_await tell_status(job, now, known));
    known = now;
  }
}

Report outcome_of(const Job& job, const JobStatus& status) {
  Report report;
  report.exit_code = status.exit_code;
  report.stage = "run";
  if (!status.message.empty()) report.message = status.message;
  switch (status.phase) {
    case JobPhase::finished:
      report.phase = ItemState::finished;
      break;
    case JobPhase::preempted:
      report.phase = ItemState::preempted;
      break;
    case JobPhase::stopped:
      report.phase = ItemState::stopped;
      break;
    default:
      report.phase = ItemState::failed;
  }
  // Whoever asked for the stop wins over how the job died of it.
  if (job.cancel_requested && report.phase != ItemState::finished) report.phase = ItemState::stopped;
  if (report.phase == ItemState::failed) {
    report.failure_class =
        status.failure_class.empty() ? std::string(launch::failure::exit_code) : status.failure_class;
    if (status.message.empty() && status.exit_code)
      report.message = fmt::format("the job exited with status {}", *status.exit_code);
  }
  return report;
}

Task<> settle(Job& job, JobStatus status, Output& output) {
  if (!output.complete) co_await output.done.wait(kLogBeforeOutcome);
  auto report = outcome_of(job, status);
  log::info("job ended", {{"job", job.identity.name},
                          {"state", launch::state_name(*report.phase)},
                          {"exit", status.exit_code.value_or(-1)}});
  CO_TRY_VOID(co_await job.reporter.tell(std::move(report)));
  if (!output.complete) co_await output.done.wait(kLogAfterOutcome);
  auto removed = co_await job.runner->clean_up(job.handle);
  if (!removed)
    log::warn("removing what the job left", {{"job", job.identity.name}, {"error", removed.error().message()}});
  co_return Result<>();
}

}  // namespace

Task<> watch(Job& job) {
  job.failure_class = launch::failure::internal;
  if (job.reporter.cancel_requested()) job.request_cancel();
  Output output(co_await asio::this_coro::executor);
  std::function<Task<>(Scope&)> body = [&job, &output](Scope& scope) -> Task<> {
    scope.spawn("output of " + job.identity.name, [&job, &output] { return ship_output(job, output); });
    scope.spawn("stop of " + job.identity.name, [&job] { return stop_when_asked(job); });
    CO_TRY(auto status, co_await follow_status(job));
    co_return co_await settle(job, std::move(status), output);
  };
  co_return co_await with_scope<>(std::move(body));
}

}  // namespace slipway::agent
