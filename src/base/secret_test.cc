#include "base/secret.h"

#include <sstream>

#include <gtest/gtest.h>

namespace slipway {
namespace {

TEST(Secret, PrintsAsStars) {
  std::ostringstream out;
  out << Secret("my-very-secret-key");
  EXPECT_EQ(out.str(), "***");
  EXPECT_EQ(Secret("a").reveal(), "a");
  EXPECT_TRUE(Secret().empty());
}

TEST(Secret, RedactsEveryOccurrenceOfLongSecrets) {
  const std::vector<Secret> secrets = {Secret("0123456789"), Secret("abc"), Secret()};
  EXPECT_EQ(redact("key=0123456789 again 0123456789 abc", secrets), "key=*** again *** abc");
  EXPECT_EQ(redact("nothing here", secrets), "nothing here");
  EXPECT_EQ(redact("****************", {Secret("********")}), "******") << "a secret made of stars must not loop";
}

}  // namespace
}  // namespace slipway
