#include "async/event.h"

#include <gtest/gtest.h>

#include "async/scope.h"
#include "async/testing.h"

namespace slipway {
namespace {

using namespace std::chrono_literals;

/// Waits and writes down what came of it: 1 notified, 0 not.
asio::awaitable<void> wait_and_note(Event* event, std::vector<int>* notes,
                                    std::optional<std::chrono::steady_clock::duration> limit) {
  const bool notified = co_await event->wait(limit);
  notes->push_back(notified ? 1 : 0);
}

class EventTest : public ::testing::Test {
 protected:
  /// Lets every coroutine run until all wait.
  Task<> settle() {
    for (int i = 0; i < 10; ++i) co_await asio::post(io_, asio::use_awaitable);
    co_return Result<>();
  }

  asio::io_context io_;
  Event event_{io_.get_executor()};
  std::vector<int> notes_;
};

TEST_F(EventTest, WakesEverybodyThatWaits) {
  Scope scope(io_.get_executor());
  for (int i = 0; i < 3; ++i) scope.spawn("waits", [this] { return wait_and_note(&event_, &notes_, std::nullopt); });
  scope.spawn("waits with limit", [this] { return wait_and_note(&event_, &notes_, 1h); });
  ASSERT_TRUE(run_task(io_, [&]() -> Task<> {
    auto ready = co_await settle();
    event_.notify_all();
    co_await scope.wait_idle();
    co_return ready;
  }));
  EXPECT_EQ(notes_, (std::vector<int>{1, 1, 1, 1}));
}

TEST_F(EventTest, ANotificationIsNotRemembered) {
  event_.notify_all();
  auto woken = run_task(io_, [&]() -> Task<bool> { co_return co_await event_.wait(1ms); });
  EXPECT_FALSE(woken.value());
}

TEST_F(EventTest, CanBeWaitedForAgainAfterItsLimit) {
  Scope scope(io_.get_executor());
  auto first = run_task(io_, [&]() -> Task<bool> { co_return co_await event_.wait(1ms); });
  EXPECT_FALSE(first.value());
  scope.spawn("waits", [this] { return wait_and_note(&event_, &notes_, 1h); });
  ASSERT_TRUE(run_task(io_, [&]() -> Task<> {
    auto ready = co_await settle();
    event_.notify_all();
    co_await scope.wait_idle();
    co_return ready;
  }));
  EXPECT_EQ(notes_, std::vector<int>{1});
}

TEST_F(EventTest, ACancelledWaiterIsNotNotified) {
  Scope scope(io_.get_executor());
  scope.spawn("waits", [this] { return wait_and_note(&event_, &notes_, std::nullopt); });
  ASSERT_TRUE(run_task(io_, [&]() -> Task<> {
    auto ready = co_await settle();
    co_await scope.stop();
    co_return ready;
  }));
  EXPECT_EQ(notes_, std::vector<int>{0});
}

}  // namespace
}  // namespace slipway
