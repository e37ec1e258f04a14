#include "agent/loop/agent_loop.h"

#include <algorithm>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include "base/log.h"
#include "base/retry.h"

namespace slipway::agent {
namespace {

/// With `max_jobs: -1` there is always room; the server hands out that many at most in one answer.
constexpr int kUnlimitedSlots = 1000;

}  // namespace

AgentLoop::AgentLoop(asio::any_io_executor executor, Control& control, Services& services)
    : executor_(executor), control_(control), services_(services), changed_(executor), jobs_(executor) {}

void AgentLoop::request_stop(StopMode mode) {
  if (stop_ == StopMode::leave) return;
  stop_ = mode;
  changed_.notify_all();
}

int AgentLoop::free_slots() const {
  if (stop_ || desire_ != Desire::run) return 0;
  const int max_jobs = services_.config().max_jobs;
  if (max_jobs < 0) return kUnlimitedSlots;
  return std::max(0, max_jobs - static_cast<int>(entries_.size()));
}

LeaseCall AgentLoop::next_call() const {
  LeaseCall call;
  call.slots = free_slots();
  for (const auto& [id, entry] : entries_) call.held.push_back(entry.job->reporter.item());
  // A third of the lease: two answers may get lost before it runs out.
  call.wait = std::min(Millis(25'000), lease_time_ / 3);
  return call;
}

Task<> AgentLoop::run() {
  Backoff backoff({.first = Millis(200), .max = Millis(5'000)});
  bool reached = true;
  Result<> outcome;
  for (;;) {
    const bool leaving = stop_ == StopMode::leave || desire_ == Desire::stop;
    const bool drained = (stop_ == StopMode::drain || desire_ == Desire::drain) && entries_.empty();
    if (leaving || drained) break;
    auto leased = co_await no_throw(lease_once());
    if (leased) {
      if (!reached) log::info("the server answers again");
      reached = true;
      backoff.reset();
      continue;
    }
    const Code code = leased.error().code();
    if (code == Code::cancelled) break;
    if (!retryable(code) && code != Code::internal) {
      outcome = std::move(leased).error().wrap("leasing items");
      break;
    }
    if (reached) log::warn("the server cannot be reached; running jobs go on", {{"error", leased.error().message()}});
    reached = false;
    auto slept = co_await sleep_for(*backoff.next());
    if (!slept) break;
  }
  for (auto& [id, entry] : entries_) abandon(entry);
  co_await tolerate_cancellation();
  co_await jobs_.wait_idle();
  co_return outcome;
}

Task<> AgentLoop::lease_once() {
  using namespace asio::experimental::awaitable_operators;
  // The answer is kept even when `changed_` ends the wait at the same moment.
  auto answer = std::make_shared<std::optional<Result<LeaseReply>>>();
  auto ask = [](Control& control, LeaseCall call, std::shared_ptr<std::optional<Result<LeaseReply>>> into) -> Task<> {
    *into = co_await control.lease(std::move(call));
    co_return Result<>();
  };
  auto call = next_call();
  auto asked = no_throw(ask(control_, std::move(call), answer));
  auto changed = changed_.wait();
  co_await (std::move(asked) || std::move(changed));
  if (!answer->has_value()) co_return Result<>();
  auto& reply = **answer;
  if (!reply) {
    if (reply.error().code() == Code::cancelled) co_return Result<>();
    co_return std::move(reply).error();
  }
  take(*reply);
  co_return Result<>();
}

void AgentLoop::take(const LeaseReply& reply) {
  lease_time_ = reply.lease_time;
  if (desire_ != reply.desire)
    log::info("the server asks this agent to change", {{"desire", static_cast<int>(reply.desire)}});
  desire_ = reply.desire;
  for (const auto& [item, directive] : reply.directives) {
    const auto entry = entries_.find(item);
    if (entry == entries_.end()) continue;
    if (directive == Directive::cancel) {
      entry->second.job->request_cancel();
    } else {
      entry->second.job->lease_lost = true;
      abandon(entry->second);
    }
  }
  for (const auto& lease : reply.leases) start(lease);
}

void AgentLoop::start(Lease lease) {
  const std::string id = lease.item_id;
  if (const auto held = entries_.find(id); held != entries_.end()) {
    held->second.successor = std::move(lease);
    held->second.job->lease_lost = true;
    abandon(held->second);
    return;
  }
  log::info(
      "leased",
      {{"run", lease.run_name}, {"queue", lease.queue}, {"attempt", lease.attempt}, {"takeover", lease.takeover}});
  Entry& entry = entries_[id];
  entry.job = std::make_shared<Job>(control_, services_, std::move(lease), executor_);
  entry.abandon = std::make_unique<asio::cancellation_signal>();
  auto job = entry.job;
  auto* signal = entry.abandon.get();
  jobs_.spawn("item " + id, [this, id, job, signal]() -> asio::awaitable<void> {
    auto running =
        asio::co_spawn(executor_, run_job(job), asio::bind_cancellation_slot(signal->slot(), asio::use_awaitable));
    const JobEnd end = co_await std::move(running);
    ended(id, end);
  });
}

void AgentLoop::abandon(Entry& entry) {
  if (entry.job->abandoned) return;
  entry.job->abandoned = true;
  // Through the executor: the coroutine may be the one that is running now.
  asio::post(executor_, [signal = entry.abandon.get()] { signal->emit(asio::cancellation_type::terminal); });
}

void AgentLoop::ended(const std::string& item_id, JobEnd end) {
  static constexpr const char* kWords[] = {"settled", "released", "left running", "lost"};
  log::debug("item is off this agent", {{"item", item_id}, {"end", kWords[static_cast<int>(end)]}});
  auto successor = std::move(entries_.at(item_id).successor);
  const bool was_full = free_slots() == 0;
  entries_.erase(item_id);
  if (successor && !stop_) start(*std::move(successor));
  if (was_full || entries_.empty()) changed_.notify_all();
}

}  // namespace slipway::agent
