#include "async/task.h"

#include <future>
#include <memory>
#include <optional>
#include <thread>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <gtest/gtest.h>

#include "async/periodic.h"
#include "async/scope.h"
#include "async/testing.h"
#include "async/timeout.h"

namespace slipway {
namespace {

using namespace std::chrono_literals;

Task<int> value_after(std::chrono::steady_clock::duration wait, int value) {
  auto slept = co_await sleep_for(wait);
  if (!slept) co_return slept.error();
  co_return value;
}

Task<int> throws() {
  throw std::runtime_error("third-party trouble");
  co_return 0;
}

TEST(Timeout, GivesTheValueOrTheErrorOfWhatEndsInTime) {
  EXPECT_EQ(run_task([] { return with_timeout(1h, value_after(1ms, 5)); }).value(), 5);
  auto failed = run_task([] {
    auto failing = []() -> Task<int> { co_return Error(Code::not_found, "none"); };
    return with_timeout(1h, failing());
  });
  EXPECT_EQ(failed.error().code(), Code::not_found);
}

TEST(Timeout, CancelsWhatTakesTooLong) {
  auto late = run_task([] { return with_timeout(1ms, value_after(1h, 5)); });
  EXPECT_EQ(late.error().code(), Code::deadline_exceeded);
}

TEST(Timeout, AnExceptionEndsTheWaitAtOnce) {
  auto thrown = run_task([] { return with_timeout(1h, throws()); });
  EXPECT_EQ(thrown.error().code(), Code::internal);
  EXPECT_EQ(thrown.error().message(), "third-party trouble");
}

TEST(OnPool, RunsThereAndComesBack) {
  asio::io_context io;
  asio::thread_pool pool(1);
  const auto here = std::this_thread::get_id();
  std::thread::id worked_on;
  std::thread::id resumed_on;
  auto value = run_task(io, [&]() -> Task<int> {
    auto work = [&worked_on] {
      worked_on = std::this_thread::get_id();
      return std::make_unique<int>(3);
    };
    auto made = co_await on_pool(pool, std::move(work));
    resumed_on = std::this_thread::get_id();
    co_return *made;
  });
  EXPECT_EQ(value.value(), 3);
  EXPECT_NE(worked_on, here);
  EXPECT_EQ(resumed_on, here);
}

TEST(OnPool, AnExceptionComesBackToTheCaller) {
  asio::io_context io;
  asio::thread_pool pool(1);
  auto thrown = run_task(io, [&]() -> Task<int> {
    auto work = []() -> Result<int> { throw std::runtime_error("disk"); };
    co_return co_await no_throw(on_pool(pool, std::move(work)));
  });
  EXPECT_EQ(thrown.error().message(), "disk");
}

TEST(Periodic, GoesOnAfterFailuresUntilItIsCancelled) {
  asio::io_context io;
  Scope scope(io.get_executor());
  int steps = 0;
  asio::steady_timer enough(io, asio::steady_timer::time_point::max());
  scope.spawn("loop", [&] {
    auto step = [&]() -> Task<> {
      if (++steps == 4) enough.cancel();
      if (steps == 2) co_return Error(Code::unavailable, "not now");
      if (steps == 3) throw std::runtime_error("broken");
      co_return Result<>();
    };
    return run_periodic(PeriodicOptions{.name = "test", .interval = Millis(1)}, step);
  });
  ASSERT_TRUE(run_task(io, [&]() -> Task<> {
    co_await enough.async_wait(asio::as_tuple(asio::use_awaitable));
    co_await scope.stop();
    co_return Result<>();
  }));
  EXPECT_GE(steps, 4);
  EXPECT_EQ(scope.size(), 0U);
}

// The caller may be gone before the pool has begun: its cancellation must not reach the pool's thread as an
// exception.
TEST(OnPool, CancelledBeforeThePoolHasBegun) {
  asio::io_context io;
  asio::thread_pool pool(1);
  std::promise<void> gate;
  asio::post(pool, [opened = gate.get_future().share()] { opened.wait(); });
  bool ran = false;
  const auto waits = [&]() -> Task<int> {
    auto work = [&ran] {
      ran = true;
      return 1;
    };
    co_return co_await on_pool(pool, std::move(work));
  };
  asio::cancellation_signal signal;
  std::optional<Result<int>> outcome;
  auto main = [&]() -> asio::awaitable<void> { outcome = co_await no_throw(waits()); };
  asio::co_spawn(io, main, asio::bind_cancellation_slot(signal.slot(), [](const std::exception_ptr&) {}));
  io.poll();
  signal.emit(asio::cancellation_type::terminal);
  gate.set_value();
  io.run();
  pool.join();
  EXPECT_TRUE(ran);
  ASSERT_TRUE(outcome.has_value());
}

}  // namespace
}  // namespace slipway
