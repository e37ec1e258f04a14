#include "plugins/merged_work.h"

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async/scope.h"
#include "async/testing.h"

namespace slipway::plugins {
namespace {

using testing::ElementsAre;

/// One io_context, work that ends when the test says so, waiters that write down what they got.
class MergedWorkTest : public testing::Test {
 protected:
  asio::io_context io_;
  MergedWork<int> merged_{io_.get_executor()};
  Event release_{io_.get_executor()};
  Event clean_up_{io_.get_executor()};
  int started_ = 0;
  int stopped_ = 0;
  std::vector<std::string> outcomes_;

  MergedWork<int>::Work work() {
    return [this](LineSink say) { return this->do_work(std::move(say)); };
  }
  Task<int> do_work(LineSink say) {
    ++started_;
    say("started");
    const bool released = co_await release_.wait();
    if (!released) {
      co_await tolerate_cancellation();
      co_await clean_up_.wait();
      ++stopped_;
      co_return Error(Code::cancelled, "stopped");
    }
    say("released");
    co_return started_;
  }
  asio::awaitable<void> wait(std::string key, std::vector<std::string>* lines) {
    LineSink sink = [lines](std::string_view line) {
      if (lines) lines->emplace_back(line);
    };
    auto outcome = co_await merged_.run(key, sink, work());
    outcomes_.push_back(outcome ? std::to_string(*outcome) : std::string(code_name(outcome.error().code())));
  }
  void spawn(asio::cancellation_signal& stop, std::string key = "k", std::vector<std::string>* lines = nullptr) {
    asio::co_spawn(io_, wait(std::move(key), lines),
                   asio::bind_cancellation_slot(stop.slot(), [](const std::exception_ptr& error) {
                     if (error) std::rethrow_exception(error);
                   }));
  }
  void settle() {
    io_.restart();
    io_.poll();
  }
};

TEST_F(MergedWorkTest, EqualKeysAreDoneOnceAndEverybodyGetsTheOutcome) {
  std::vector<asio::cancellation_signal> stops(200);
  for (auto& stop : stops) spawn(stop);
  settle();
  EXPECT_EQ(started_, 1);
  release_.notify_all();
  settle();
  EXPECT_EQ(outcomes_, std::vector<std::string>(200, "1"));
  EXPECT_EQ(merged_.in_flight(), 0u);
}

TEST_F(MergedWorkTest, OtherKeysAreDoneApart) {
  asio::cancellation_signal a, b;
  spawn(a, "a");
  spawn(b, "b");
  settle();
  EXPECT_EQ(started_, 2);
  release_.notify_all();
  settle();
  EXPECT_EQ(outcomes_.size(), 2u);
}

TEST_F(MergedWorkTest, AWaiterThatIsCancelledLeavesTheWorkToTheOthers) {
  asio::cancellation_signal first, second;
  spawn(first);
  spawn(second);
  settle();
  first.emit(asio::cancellation_type::terminal);
  settle();
  EXPECT_THAT(outcomes_, ElementsAre("cancelled"));
  EXPECT_EQ(stopped_, 0);
  release_.notify_all();
  settle();
  EXPECT_THAT(outcomes_, ElementsAre("cancelled", "1"));
}

TEST_F(MergedWorkTest, TheLastWaiterStopsTheWorkAndReturnsAfterIt) {
  asio::cancellation_signal only;
  spawn(only);
  settle();
  only.emit(asio::cancellation_type::terminal);
  settle();
  EXPECT_THAT(outcomes_, ElementsAre()) << "it is still cleaning up";
  clean_up_.notify_all();
  settle();
  EXPECT_EQ(stopped_, 1);
  EXPECT_THAT(outcomes_, ElementsAre("cancelled"));
  EXPECT_EQ(merged_.in_flight(), 0u);
}

TEST_F(MergedWorkTest, WhoComesWhileItStopsStartsItAnew) {
  asio::cancellation_signal first, second;
  spawn(first);
  settle();
  first.emit(asio::cancellation_type::terminal);
  settle();
  spawn(second);
  settle();
  EXPECT_EQ(started_, 1);
  clean_up_.notify_all();
  settle();
  EXPECT_EQ(stopped_, 1);
  EXPECT_EQ(started_, 2);
  release_.notify_all();
  settle();
  EXPECT_THAT(outcomes_, ElementsAre("cancelled", "2"));
}

TEST_F(MergedWorkTest, WhoJoinsLateGetsTheLinesSoFar) {
  asio::cancellation_signal first, second;
  std::vector<std::string> early, late;
  spawn(first, "k", &early);
  settle();
  spawn(second, "k", &late);
  settle();
  release_.notify_all();
  settle();
  EXPECT_THAT(early, ElementsAre("started", "released"));
  EXPECT_THAT(late, ElementsAre("started", "released"));
}

}  // namespace
}  // namespace slipway::plugins
