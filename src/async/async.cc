#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>

#include "async/event.h"
#include "async/periodic.h"
#include "async/scope.h"
#include "async/task.h"
#include "base/log.h"

namespace slipway {

Task<> sleep_for(std::chrono::steady_clock::duration duration) {
  asio::steady_timer timer(co_await asio::this_coro::executor, duration);
  const auto [ec] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  if (ec) co_return Error(Code::cancelled, "cancelled");
  co_return Result<>();
}

Event::Event(asio::any_io_executor executor) : timer_(std::move(executor), asio::steady_timer::time_point::max()) {}

asio::awaitable<bool> Event::wait(std::optional<std::chrono::steady_clock::duration> limit) {
  const unsigned seen = generation_;
  if (!limit) {
    co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
    co_return generation_ != seen;
  }
  // A timer of the waiter's own bounds the wait; whichever ends first cancels the other through the operator below.
  asio::steady_timer bound(co_await asio::this_coro::executor, *limit);
  using namespace asio::experimental::awaitable_operators;
  auto notified = timer_.async_wait(asio::as_tuple(asio::use_awaitable));
  auto expired = bound.async_wait(asio::as_tuple(asio::use_awaitable));
  co_await (std::move(notified) || std::move(expired));
  co_return generation_ != seen;
}

void Event::notify_all() {
  ++generation_;
  timer_.cancel();
}

Scope::Scope(asio::any_io_executor executor) : executor_(std::move(executor)), idle_(executor_) {}

Scope::~Scope() { assert(children_.empty() && "await Scope::stop() before destruction"); }

void Scope::spawn(std::string name, std::function<asio::awaitable<void>()> body) {
  // stop() has emitted already: a child that starts now would never be told, and stop() would wait for it for ever.
  if (stopping_) return;
  const auto child = children_.emplace(children_.end());
  auto done = [this, child, name = std::move(name)](const std::exception_ptr& error) {
    if (error) {
      try {
        std::rethrow_exception(error);
      } catch (const boost::system::system_error& failure) {
        if (failure.code() != asio::error::operation_aborted) {
          log::error("background task failed", {{"task", name}, {"error", failure.what()}});
        }
      } catch (const std::exception& failure) {
        log::error("background task failed", {{"task", name}, {"error", failure.what()}});
      }
    }
    children_.erase(child);
    if (children_.empty()) idle_.cancel();
  };
  asio::co_spawn(executor_, std::move(body), asio::bind_cancellation_slot(child->slot(), std::move(done)));
}

asio::awaitable<void> Scope::stop() {
  stopping_ = true;
  for (auto& child : children_) child.emit(asio::cancellation_type::terminal);
  co_await wait_idle();
}

asio::awaitable<void> Scope::wait_idle() {
  while (!children_.empty()) {
    idle_.expires_at(asio::steady_timer::time_point::max());
    co_await idle_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

asio::awaitable<void> run_periodic(PeriodicOptions options, std::function<Task<>()> step) {
  Backoff backoff(BackoffPolicy{.first = options.interval, .max = options.interval * 10});
  for (;;) {
    auto done = co_await no_throw(step());
    auto wait = options.interval;
    if (done) {
      backoff.reset();
    } else if (done.error().code() == Code::cancelled) {
      co_return;
    } else {
      log::warn("periodic task failed", {{"task", options.name}, {"error", done.error().message()}});
      wait = *backoff.next();
    }
    auto slept = co_await sleep_for(wait);
    if (!slept) co_return;
  }
}

}  // namespace slipway
