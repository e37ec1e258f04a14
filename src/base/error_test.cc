#include "base/error.h"

#include <gtest/gtest.h>

namespace slipway {
namespace {

constexpr int kCodes = static_cast<int>(Code::internal) + 1;

TEST(Error, EveryCodeHasItsOwnNameAndSaneStatuses) {
  for (int i = 0; i < kCodes; ++i) {
    const auto code = static_cast<Code>(i);
    EXPECT_EQ(code_from_name(code_name(code)), code);
    EXPECT_GE(http_status(code), 400);
    EXPECT_GT(exit_status(code), 1) << "1 is the status of a failed job";
  }
  EXPECT_FALSE(code_from_name("no_such_code"));
}

TEST(Error, OnlyCodesThatMayBeRetriedHaveStatusesThatClientsRetry) {
  for (int i = 0; i < kCodes; ++i) {
    const auto code = static_cast<Code>(i);
    const bool client_retries = http_status(code) == 502 || http_status(code) == 503 || http_status(code) == 504;
    EXPECT_EQ(client_retries, retryable(code)) << code_name(code);
  }
}

TEST(Error, PrintsContextProblemsAndMend) {
  auto error =
      Error(Code::invalid_argument, "not valid", {Problem{"a.b", "is wrong", "f.yaml", 3, 7}, Problem{"", "bare"}})
          .wrap("reading f.yaml")
          .hint("Write it anew");
  EXPECT_EQ(error.message(), "reading f.yaml: not valid");
  EXPECT_EQ(error.to_string(),
            "reading f.yaml: not valid\n  f.yaml, line 3, column 7: a.b: is wrong\n  bare\nWrite it anew");
}

struct ProblemCase {
  Problem problem;
  const char* text;
};

TEST(Error, ProblemPrintsOnlyWhatIsKnown) {
  const ProblemCase cases[] = {{{"a", "m"}, "a: m"},
                               {{"", "m", "f"}, "f: m"},
                               {{"a", "m", "", 2, 0}, "line 2: a: m"},
                               {{"", "m", "f", 2, 5}, "f, line 2, column 5: m"},
                               {{"", "m", "f", 0, 5}, "f: m"}};
  for (const auto& each : cases) EXPECT_EQ(each.problem.to_string(), each.text);
}

Result<int> half(int number) {
  if (number % 2 != 0) return Error(Code::invalid_argument, "odd");
  return number / 2;
}

Result<std::string> quarter(int number) {
  TRY(const int once, half(number));
  TRY_VOID(half(once));
  TRY(const int twice, half(once));
  return std::to_string(twice);
}

TEST(Error, TryReturnsTheFirstFailure) {
  EXPECT_EQ(quarter(8).value(), "2");
  EXPECT_EQ(quarter(6).error().message(), "odd");
  EXPECT_EQ(quarter(3).error().code(), Code::invalid_argument);
}

}  // namespace
}  // namespace slipway
