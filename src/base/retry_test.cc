#include "base/retry.h"

#include <gtest/gtest.h>

namespace slipway {
namespace {

TEST(Backoff, GrowsWithJitterUpToTheMaximum) {
  Backoff backoff(BackoffPolicy{.first = Millis(100), .max = Millis(1000)}, 7);
  for (const std::int64_t step : {100, 200, 400, 800, 1000, 1000}) {
    const auto wait = backoff.next();
    ASSERT_TRUE(wait);
    EXPECT_GE(wait->count(), step / 2);
    EXPECT_LE(wait->count(), step);
  }
  EXPECT_EQ(backoff.failures(), 6);
  backoff.reset();
  EXPECT_LE(backoff.next()->count(), 100);
}

TEST(Backoff, StaysAtTheMaximumAfterVeryManyFailures) {
  Backoff backoff(BackoffPolicy{.first = Millis(100), .max = Millis(1000)}, 7);
  for (int i = 0; i < 5000; ++i) EXPECT_LE(backoff.next()->count(), 1000);
}

TEST(Backoff, WaitsAtLeastAsLongAsTheServerAsks) {
  Backoff backoff(BackoffPolicy{.first = Millis(100), .max = Millis(1000)}, 7);
  EXPECT_EQ(backoff.next(Millis(5000)), Millis(5000));
}

TEST(Backoff, GivesUpAfterTheTotalTime) {
  Backoff backoff(BackoffPolicy{.first = Millis(100), .max = Millis(100), .give_up_after = Millis(300)}, 7);
  int tries = 0;
  while (backoff.next() && tries < 100) ++tries;
  EXPECT_GE(tries, 3);
  EXPECT_LE(tries, 6);
  backoff.reset();
  EXPECT_TRUE(backoff.next());
}

TEST(Backoff, EqualSeedsGiveEqualWaits) {
  Backoff one(BackoffPolicy{}, 42);
  Backoff two(BackoffPolicy{}, 42);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(one.next(), two.next());
}

}  // namespace
}  // namespace slipway
