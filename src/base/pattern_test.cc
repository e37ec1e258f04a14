#include "base/pattern.h"

#include <gtest/gtest.h>

namespace slipway {
namespace {

TEST(Pattern, MatchesAsWritten) {
  const auto pattern = compile_pattern("^lr-[0-9]{1,3}$");
  ASSERT_TRUE(pattern);
  EXPECT_TRUE(std::regex_search("lr-42", *pattern));
  EXPECT_FALSE(std::regex_search("lr-4200", *pattern));
}

TEST(Pattern, DigitsThatCountNothingMayBeMany) {
  const auto pattern = compile_pattern("run-1234567890,1234567890");
  ASSERT_TRUE(pattern);
  EXPECT_TRUE(std::regex_search("run-1234567890,1234567890", *pattern));
}

TEST(Pattern, RefusalsSayWhatIsWrong) {
  for (const auto* wrong :
       {"a{55555555555555555555}", "a{1,55555555555555555555}", "(a)\\55555555555555555555", "(a)\\1", "(", "[z-a]"}) {
    const auto pattern = compile_pattern(wrong);
    ASSERT_FALSE(pattern) << wrong;
    EXPECT_EQ(pattern.error().code(), Code::invalid_argument) << wrong;
    EXPECT_NE(pattern.error().message().find(wrong), std::string::npos) << wrong;
  }
  EXPECT_FALSE(compile_pattern(std::string(kMostPattern + 1, 'a')));
}

}  // namespace
}  // namespace slipway
