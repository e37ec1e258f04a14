#include "agent/pipeline/pipeline.h"

#include <array>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <fmt/format.h>

#include "async/with_scope.h"
#include "base/fault_point.h"
#include "base/log.h"
#include "launch/item_state.h"

namespace slipway::agent {
namespace {

struct Stage {
  const char* name;
  Task<> (*run)(Job&);
};

/// Everything before the backend knows of the job; a cancel ends it at once.
constexpr std::array kPreparation = {
    Stage{"resolve", resolve},
    Stage{"fetch", fetch},
    Stage{"image", choose_image},
    Stage{"ready", ready_backend},
};

Task<> claim(Job& job) {
  Report report;
  report.phase = launch::ItemState::claimed;
  report.stage = "resolve";
  fault_point("before_claim");
  CO_TRY_VOID(co_await job.reporter.tell(std::move(report)));
  fault_point("after_claim");
  if (job.reporter.cancel_requested()) job.request_cancel();
  co_return Result<>();
}

Task<> prepare(Job& job) {
  for (const auto& stage : kPreparation) {
    if (stage.run != resolve) {
      Report report;
      report.stage = stage.name;
      CO_TRY_VOID(co_await job.reporter.tell(std::move(report)));
    }
    CO_TRY_VOID(co_await stage.run(job));
    fault_point(fmt::format("after_{}", stage.name));
  }
  co_return Result<>();
}

Task<> prepare_unless_cancelled(Job& job) {
  using namespace asio::experimental::awaitable_operators;
  if (job.cancel_requested) co_return Error(Code::cancelled, "stopped before it was submitted");
  auto prepared = no_throw(prepare(job));
  auto cancelled = job.cancelled.wait();
  auto first = co_await (std::move(prepared) || std::move(cancelled));
  if (first.index() == 0) co_return std::get<0>(std::move(first));
  co_return Error(Code::cancelled, "stopped before it was submitted");
}

/// From the lease to the submitted job, with the agent's own log lines on their way meanwhile.
Task<> start(Job& job) {
  std::function<Task<>(Scope&)> body = [&job](Scope& scope) -> Task<> {
    scope.spawn("log of " + job.lease.run_name, [&job] { return job.log.run_flusher(); });
    CO_TRY_VOID(co_await prepare_unless_cancelled(job));
    CO_TRY_VOID(co_await submit(job));
    co_return Result<>();
  };
  return with_scope<>(std::move(body));
}

Task<> drive(Job& job) {
  if (job.lease.cancel_requested) job.request_cancel();
  if (job.lease.takeover) {
    CO_TRY_VOID(co_await resolve(job));
    CO_TRY(const bool found, co_await adopt(job));
    if (found) {
      log::info("adopted a running job", {{"job", job.identity.name}, {"queue", job.lease.queue}});
      co_return co_await watch(job);
    }
  } else {
    CO_TRY_VOID(co_await claim(job));
    CO_TRY_VOID(co_await job.log.open());
  }
  CO_TRY_VOID(co_await start(job));
  if (job.abandoned) co_return Error(Code::cancelled, "cancelled");
  log::info("submitted", {{"job", job.identity.name}, {"queue", job.lease.queue}, {"resource", job.resource->name}});
  co_return co_await watch(job);
}

/// The outcome of a job that never ran, or whose driving failed.
Task<> report_failure(Job& job, Error error) {
  Report report;
  if (job.cancel_requested) {
    report.phase = launch::ItemState::stopped;
    report.message = error.code() == Code::cancelled ? error.message() : "stopped";
  } else {
    report.phase = launch::ItemState::failed;
    report.failure_class = job.failure_class;
    report.message = error.to_string();
    job.log.line("[slipway] failed: " + error.to_string());
    log::warn("item failed", {{"run", job.lease.run_name},
                              {"queue", job.lease.queue},
                              {"class", job.failure_class},
                              {"error", error.message()}});
  }
  CO_TRY_VOID(co_await job.log.flush());
  co_return co_await job.reporter.tell(std::move(report));
}

}  // namespace

Job::Job(Control& control, Services& all_services, Lease from, asio::any_io_executor executor)
    : services(all_services),
      server_id(control.server_id()),
      lease(std::move(from)),
      reporter(control, Held{lease.item_id, lease.epoch}),
      log(control, lease, executor),
      cancelled(executor) {}

asio::awaitable<JobEnd> run_job(std::shared_ptr<Job> job) {
  auto driven = no_throw(drive(*job));
  Result<> outcome;
  try {
    outcome = co_await std::move(driven);
  } catch (const boost::system::system_error&) {
    outcome = Error(Code::cancelled, "cancelled");
  }
  co_await tolerate_cancellation();
  if (outcome) co_return JobEnd::settled;
  const Code code = outcome.error().code();
  if (code == Code::stale || job->lease_lost) {
    log::warn("the lease has moved on; the job is left alone",
              {{"run", job->lease.run_name}, {"reason", outcome.error().message()}});
    co_return JobEnd::lost;
  }
  if (job->abandoned) {
    if (job->intent_recorded) co_return JobEnd::left;
    auto released = co_await job->reporter.release("the agent is shutting down");
    if (!released)
      log::warn("giving an item back", {{"run", job->lease.run_name}, {"error", released.error().message()}});
    co_return JobEnd::released;
  }
  if (!job->handle.name.empty()) {
    // It is submitted, and what failed is our driving of it: whoever leases it next adopts it.
    log::error("cannot drive the job any more; it goes on",
               {{"job", job->identity.name}, {"error", outcome.error().message()}});
    co_return JobEnd::left;
  }
  auto reported = co_await report_failure(*job, std::move(outcome).error());
  co_return reported ? JobEnd::settled : JobEnd::lost;
}

}  // namespace slipway::agent
