#include "async/scope.h"

#include <chrono>

#include <gtest/gtest.h>

#include "async/event.h"
#include "async/testing.h"
#include "async/timeout.h"
#include "async/with_scope.h"

namespace slipway {
namespace {

using namespace std::chrono_literals;

/// Sleeps until cancelled, then counts.
asio::awaitable<void> sleep_and_count(int* ended) {
  auto slept = co_await sleep_for(1h);
  if (!slept) ++*ended;
}

TEST(Scope, WaitsForItsChildren) {
  asio::io_context io;
  Scope scope(io.get_executor());
  int ended = 0;
  for (int i = 0; i < 3; ++i) {
    scope.spawn("child", [&ended]() -> asio::awaitable<void> {
      auto slept = co_await sleep_for(1ms);
      ended += slept ? 1 : 0;
    });
  }
  EXPECT_EQ(scope.size(), 3U);
  ASSERT_TRUE(run_task(io, [&]() -> Task<> {
    co_await scope.wait_idle();
    co_return Result<>();
  }));
  EXPECT_EQ(ended, 3);
  EXPECT_EQ(scope.size(), 0U);
}

TEST(Scope, StopCancelsAndWaits) {
  asio::io_context io;
  Scope scope(io.get_executor());
  int ended = 0;
  for (int i = 0; i < 3; ++i) scope.spawn("child", [&ended] { return sleep_and_count(&ended); });
  auto stopped = run_task(io, [&]() -> Task<> {
    auto slept = co_await sleep_for(1ms);
    co_await scope.stop();
    co_await scope.stop();
    co_return slept;
  });
  EXPECT_TRUE(stopped);
  EXPECT_EQ(ended, 3);
  EXPECT_TRUE(scope.stopping());
}

TEST(Scope, StopReachesAChildThatHasNotRunYet) {
  asio::io_context io;
  Scope scope(io.get_executor());
  bool slept_through = false;
  scope.spawn("child", [&]() -> asio::awaitable<void> {
    auto slept = co_await sleep_for(1h);
    slept_through = slept.has_value();
  });
  ASSERT_TRUE(run_task(io, [&]() -> Task<> {
    co_await scope.stop();
    co_return Result<>();
  }));
  EXPECT_FALSE(slept_through);
  EXPECT_EQ(scope.size(), 0U);
}

TEST(Scope, AFailingChildHarmsNobody) {
  asio::io_context io;
  Scope scope(io.get_executor());
  bool other_ended = false;
  scope.spawn("fails", []() -> asio::awaitable<void> {
    throw std::runtime_error("broken");
    co_return;
  });
  scope.spawn("works", [&other_ended]() -> asio::awaitable<void> {
    auto slept = co_await sleep_for(1ms);
    other_ended = slept.has_value();
  });
  ASSERT_TRUE(run_task(io, [&]() -> Task<> {
    co_await scope.wait_idle();
    co_return Result<>();
  }));
  EXPECT_TRUE(other_ended);
}

TEST(Scope, NothingStartsOnceItStops) {
  asio::io_context io;
  Scope scope(io.get_executor());
  int ended = 0;
  scope.spawn("parent", [&]() -> asio::awaitable<void> {
    auto slept = co_await sleep_for(1h);
    if (!slept) scope.spawn("late", [&ended] { return sleep_and_count(&ended); });
  });
  auto stopped = run_task(io, [&]() -> Task<> {
    auto slept = co_await sleep_for(1ms);
    co_await scope.stop();
    co_return slept;
  });
  EXPECT_TRUE(stopped);
  EXPECT_EQ(scope.size(), 0U);
  EXPECT_EQ(ended, 0);
}

TEST(WithScope, StopsItsChildrenWhenTheBodyEnds) {
  int ended = 0;
  auto value = run_task([&]() -> Task<int> {
    std::function<Task<int>(Scope&)> body = [&ended](Scope& scope) -> Task<int> {
      scope.spawn("child", [&ended] { return sleep_and_count(&ended); });
      auto slept = co_await sleep_for(1ms);
      if (!slept) co_return slept.error();
      co_return 7;
    };
    co_return co_await with_scope<int>(body);
  });
  EXPECT_EQ(value.value(), 7);
  EXPECT_EQ(ended, 1);
}

TEST(WithScope, HandsOnErrorsAndExceptions) {
  auto failed = run_task([]() -> Task<> {
    std::function<Task<>(Scope&)> body = [](Scope&) -> Task<> { co_return Error(Code::conflict, "no"); };
    co_return co_await with_scope<>(body);
  });
  EXPECT_EQ(failed.error().code(), Code::conflict);
  auto thrown = run_task([]() -> Task<> {
    std::function<Task<>(Scope&)> body = [](Scope&) -> Task<> {
      throw std::runtime_error("broken");
      co_return Result<>();
    };
    co_return co_await no_throw(with_scope<>(body));
  });
  EXPECT_EQ(thrown.error().code(), Code::internal);
}

}  // namespace
}  // namespace slipway
