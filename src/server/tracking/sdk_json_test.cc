#include "server/tracking/sdk_json.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace slipway::server {
namespace {

TEST(SdkJson, bare_words_become_strings) {
  EXPECT_EQ(strict_json(R"({"a":NaN,"b":[Infinity,-Infinity]})"), R"({"a":"NaN","b":["Infinity","-Infinity"]})");
}

TEST(SdkJson, strings_stay_as_they_are) {
  const std::string text = R"({"NaN":"is NaN, \"Infinity\"","b":"\\"})";
  EXPECT_EQ(strict_json(text), text);
  EXPECT_EQ(strict_json(R"(["\\",NaN])"), R"(["\\","NaN"])");
}

TEST(SdkJson, what_is_no_json_is_no_trouble) {
  EXPECT_EQ(strict_json(R"("NaN)"), R"("NaN)");
  EXPECT_EQ(strict_json(R"("NaN\)"), R"("NaN\)");
  EXPECT_EQ(strict_json("-"), "-");
}

}  // namespace
}  // namespace slipway::server
