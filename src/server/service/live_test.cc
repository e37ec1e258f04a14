#include "server/service/live.h"

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>

#include "async/testing.h"

namespace slipway::server {
namespace {

class LiveTest : public testing::Test {
 protected:
  void publish(std::string kind, std::vector<std::string> topics = {}) {
    Change change;
    change.kind = std::move(kind);
    change.topics = std::move(topics);
    live.publish(std::move(change));
  }
  std::vector<std::string> read(Live::Subscription& from) {
    std::vector<std::string> kinds;
    const auto heard = run_task(io, [&] { return next(from); });
    for (const auto& change : *heard) kinds.push_back(change.kind);
    return kinds;
  }
  static Task<std::vector<Change>> next(Live::Subscription& from) {
    co_return co_await from.next(std::chrono::milliseconds(1));
  }

  asio::io_context io;
  FakeClock clock;
  Live live{io.get_executor(), clock, 4};
};

using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(LiveTest, SubscribersHearTheirTopicInOrder) {
  auto all = live.subscribe("");
  auto queue = live.subscribe(queue_topic(1));
  publish("a", {queue_topic(1), item_topic(7)});
  publish("b", {queue_topic(2)});
  publish("c", {queue_topic(1)});
  EXPECT_THAT(read(all), ElementsAre("a", "b", "c"));
  EXPECT_THAT(read(queue), ElementsAre("a", "c"));
  EXPECT_THAT(read(queue), IsEmpty());
}

TEST_F(LiveTest, GoesOnBehindASequence) {
  publish("a");
  const auto place = live.last_sequence();
  publish("b");
  auto late = live.subscribe("", place);
  EXPECT_THAT(read(late), ElementsAre("b"));
  auto now = live.subscribe("");
  EXPECT_THAT(read(now), IsEmpty());
  auto future = live.subscribe("", place + 1000);
  EXPECT_THAT(read(future), IsEmpty());
}

TEST_F(LiveTest, ASlowReaderIsToldThatItMissedSome) {
  auto slow = live.subscribe("");
  for (int i = 0; i < 6; ++i) publish(std::to_string(i));
  EXPECT_THAT(read(slow), ElementsAre("2", "3", "4", "5"));
  EXPECT_TRUE(slow.take_lost());
  EXPECT_FALSE(slow.take_lost());
}

TEST_F(LiveTest, EndsWithTheLive) {
  auto reader = live.subscribe("");
  live.close();
  EXPECT_THAT(read(reader), IsEmpty());
}

TEST_F(LiveTest, ASubscriptionThatIsGoneLeavesNothing) {
  {
    auto one = live.subscribe("x");
    EXPECT_EQ(live.subscribers(), 1u);
  }
  EXPECT_EQ(live.subscribers(), 0u);
}

}  // namespace
}  // namespace slipway::server
