#include "net/file_answer.h"

#include <gtest/gtest.h>

namespace slipway::net {
namespace {

struct Case {
  std::string name;
  Headers headers;
  int status;
  std::uint64_t offset;
  std::uint64_t length;
};
class FileAnswers : public ::testing::TestWithParam<Case> {};

TEST_P(FileAnswers, FollowTheStandard) {
  const auto answer = plan_file_answer(GetParam().headers, "\"v1\"", 100);
  EXPECT_EQ(answer.status, GetParam().status);
  EXPECT_EQ(answer.offset, GetParam().offset);
  EXPECT_EQ(answer.length, GetParam().length);
}

INSTANTIATE_TEST_SUITE_P(
    Table, FileAnswers,
    ::testing::Values(Case{"Plain", {}, 200, 0, 100}, Case{"First", {{"Range", "bytes=0-9"}}, 206, 0, 10},
                      Case{"Open", {{"Range", "bytes=90-"}}, 206, 90, 10},
                      Case{"Suffix", {{"Range", "bytes=-5"}}, 206, 95, 5},
                      Case{"LongSuffix", {{"Range", "bytes=-500"}}, 206, 0, 100},
                      Case{"BeyondTheEnd", {{"Range", "bytes=90-500"}}, 206, 90, 10},
                      Case{"StartsBeyond", {{"Range", "bytes=100-"}}, 416, 0, 0},
                      Case{"EmptySuffix", {{"Range", "bytes=-0"}}, 416, 0, 0},
                      Case{"Backwards", {{"Range", "bytes=9-3"}}, 200, 0, 100},
                      Case{"Several", {{"Range", "bytes=0-1,5-6"}}, 200, 0, 100},
                      Case{"OtherUnit", {{"Range", "items=0-1"}}, 200, 0, 100},
                      Case{"Garbage", {{"Range", "bytes=x-y"}}, 200, 0, 100},
                      Case{"TooLargeNumber", {{"Range", "bytes=99999999999999999999999-"}}, 200, 0, 100},
                      Case{"SameTag", {{"If-None-Match", "\"v1\""}}, 304, 0, 0},
                      Case{"WeakTag", {{"If-None-Match", "W/\"v1\""}}, 304, 0, 0},
                      Case{"OneOfTags", {{"If-None-Match", "\"v0\", \"v1\""}}, 304, 0, 0},
                      Case{"AnyTag", {{"If-None-Match", "*"}}, 304, 0, 0},
                      Case{"OtherTag", {{"If-None-Match", "\"v2\""}}, 200, 0, 100},
                      Case{"RangeOfTheSame", {{"Range", "bytes=0-0"}, {"If-Range", "\"v1\""}}, 206, 0, 1},
                      Case{"RangeOfAnOther", {{"Range", "bytes=0-0"}, {"If-Range", "\"v0\""}}, 200, 0, 100}),
    [](const auto& info) { return info.param.name; });

TEST(FileAnswer, RangesOfAnEmptyFile) {
  EXPECT_EQ(plan_file_answer({{"Range", "bytes=0-"}}, "", 0).status, 416);
  EXPECT_EQ(plan_file_answer({}, "", 0).status, 200);
}

}  // namespace
}  // namespace slipway::net
