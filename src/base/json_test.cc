#include "base/json.h"

#include <bit>
#include <cmath>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway {
namespace {

using ::testing::HasSubstr;

struct RefusedCase {
  const char* name;
  std::string text;
  int line;
};

class JsonRefused : public ::testing::TestWithParam<RefusedCase> {};

TEST_P(JsonRefused, NamesTheLine) {
  const auto value = parse_json(GetParam().text);
  ASSERT_FALSE(value);
  ASSERT_EQ(value.error().problems().size(), 1U);
  EXPECT_EQ(value.error().problems()[0].line, GetParam().line) << value.error().to_string();
}

INSTANTIATE_TEST_SUITE_P(Cases, JsonRefused,
                         ::testing::Values(RefusedCase{"empty", "", 1},
                                           RefusedCase{"trailing_comma", "{\"a\":1,\n}", 2},
                                           RefusedCase{"comment", "// x\n1", 1}, RefusedCase{"two_values", "1\n2", 2},
                                           RefusedCase{"open", "{\"a\":\n[1", 2},
                                           RefusedCase{"single_quotes", "{'a':1}", 1},
                                           RefusedCase{"bad_utf8", "\"\xFF\"", 1}, RefusedCase{"nan", "NaN", 1},
                                           RefusedCase{"deep", std::string(65, '[') + std::string(65, ']'), 1}),
                         [](const auto& tested) { return tested.param.name; });

TEST(Json, KeepsLimits) {
  EXPECT_EQ(parse_json("[1,2]", JsonLimits{.max_bytes = 3}).error().code(), Code::resource_exhausted);
  EXPECT_TRUE(parse_json("[[1]]", JsonLimits{.max_depth = 2}));
  EXPECT_THAT(parse_json("[[[1]]]", JsonLimits{.max_depth = 2}).error().to_string(), HasSubstr("deeper than 2"));
}

TEST(Json, CanonicalTextDoesNotDependOnOrder) {
  const auto a = parse_json(R"({"b":[{"y":1,"x":2}],"a":null})");
  const auto b = parse_json(R"( {"a":null, "b":[{"x":2,"y":1}]} )");
  EXPECT_EQ(canonical_text(*a), canonical_text(*b));
  EXPECT_EQ(canonical_text(*a), R"({"a":null,"b":[{"x":2,"y":1}]})");
  EXPECT_EQ(to_text(*a), R"({"b":[{"y":1,"x":2}],"a":null})");
}

TEST(Json, PrettyTextReadsBack) {
  const auto value = parse_json(R"({"a":[1,{"b":"x\n"}],"c":{},"d":[]})");
  EXPECT_EQ(pretty_text(*value),
            "{\n  \"a\": [\n    1,\n    {\n      \"b\": \"x\\n\"\n    }\n  ],\n  \"c\": {},\n  \"d\": []\n}");
  EXPECT_EQ(*parse_json(pretty_text(*value)), *value);
}

TEST(Json, LooksUpWithoutThrowing) {
  const auto value = *parse_json(R"({"a":{"b":{"c":3}},"text":"t","yes":true,"n":4.0,"half":0.5})");
  ASSERT_NE(find_path(value, "a.b.c"), nullptr);
  EXPECT_EQ(*find_path(value, "a.b.c"), Json(3));
  EXPECT_EQ(find_path(value, "a.x.c"), nullptr);
  EXPECT_EQ(find_path(value, "text.x"), nullptr);
  EXPECT_EQ(find(Json(3), "a"), nullptr);
  EXPECT_EQ(text_or(value, "text", "-"), "t");
  EXPECT_EQ(text_or(value, "yes", "-"), "-");
  EXPECT_TRUE(bool_or(value, "yes", false));
  EXPECT_EQ(int_or(value, "n", 0), 4);
  EXPECT_EQ(int_or(value, "half", 9), 9);
}

TEST(Json, MergesMapsAndReplacesTheRest) {
  const auto base = *parse_json(R"({"a":{"x":1,"y":[1,2]},"b":1,"c":{"d":1}})");
  const auto over = *parse_json(R"({"a":{"y":[3]},"b":{"z":1},"c":null})");
  EXPECT_EQ(canonical_text(merge_deep(base, over)), R"({"a":{"x":1,"y":[3]},"b":{"z":1},"c":null})");
}

TEST(Json, FractionsReadBackExactly) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20'000; ++i) {
    const double plain = std::uniform_real_distribution<double>(0, 1)(random);
    const double any = std::bit_cast<double>(random());
    for (const double number : {plain, any}) {
      if (!std::isfinite(number)) continue;
      const auto back = parse_json(to_text(Json(number)));
      ASSERT_TRUE(back) << number;
      EXPECT_EQ(back->to_number<double>(), number);
    }
  }
}

TEST(Json, NumbersKeepTheirKind) {
  const auto value = parse_json("[0.1,1e3,-0,12345678901234567890,-5,123456789012345678901234567890,1e-999]");
  ASSERT_TRUE(value) << value.error().to_string();
  const auto& list = value->get_array();
  EXPECT_EQ(list[0], Json(0.1));
  EXPECT_TRUE(list[1].is_double());
  EXPECT_TRUE(list[3].is_uint64());
  EXPECT_TRUE(list[4].is_int64());
  EXPECT_EQ(list[5], Json(123456789012345678901234567890.0));
  EXPECT_EQ(list[6], Json(0.0));
  EXPECT_FALSE(parse_json("1e999"));
  EXPECT_FALSE(parse_json("-1e999"));
}

TEST(Json, IntegersAreExactOrNothing) {
  EXPECT_EQ(as_integer(Json(3.0)), 3);
  EXPECT_EQ(as_integer(Json(UINT64_MAX)), std::nullopt);
  EXPECT_EQ(as_integer(Json(3.5)), std::nullopt);
  EXPECT_EQ(as_integer(text_value("3")), std::nullopt);
  EXPECT_EQ(as_integer(Json(INT64_MIN)), INT64_MIN);
}

}  // namespace
}  // namespace slipway
