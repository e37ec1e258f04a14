#include "graphql/test_engine.h"

namespace slipway::graphql {
namespace {

constexpr std::string_view kSdl = "type Query { a: Int q: Query text(value: String): Int }";

struct Case {
  std::string_view name;
  std::string query;
  std::string_view message;
};

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

/// `count` fragments, each spreading the next one `times` times.
std::string bomb(std::size_t count, std::string_view times) {
  std::string out = "{ ...F0 }";
  for (std::size_t i = 0; i < count; ++i) {
    std::string next = "a";
    if (i + 1 < count) {
      next.clear();
      for (const char alias : times) next += std::string(1, alias) + ": q { ...F" + std::to_string(i + 1) + " } ";
    }
    out += " fragment F" + std::to_string(i) + " on Query { " + next + " }";
  }
  return out;
}

std::string chain(std::size_t count) {
  std::string out = "{ ...F0 }";
  for (std::size_t i = 0; i + 1 < count; ++i)
    out += " fragment F" + std::to_string(i) + " on Query { ...F" + std::to_string(i + 1) + " }";
  return out + " fragment F" + std::to_string(count - 1) + " on Query { a }";
}

std::string aliases(std::size_t count) {
  std::string out = "{";
  for (std::size_t i = 0; i < count; ++i) out += " x" + std::to_string(i) + ": a";
  return out + " }";
}

class Beyond : public testing::TestWithParam<Case> {};

TEST_P(Beyond, is_refused_with_the_limit) {
  const auto engine = engine_of(kSdl);
  const auto response = run(*engine, GetParam().query);
  ASSERT_FALSE(response.outcome);
  EXPECT_EQ(response.outcome.error().code(), Code::resource_exhausted) << response.outcome.error().to_string();
  EXPECT_THAT(response.outcome.error().message(), testing::HasSubstr(GetParam().message));
  EXPECT_EQ(find(response.body, "data"), nullptr);
}

INSTANTIATE_TEST_SUITE_P(
    All, Beyond,
    testing::Values(
        Case{"bytes", "{ text(value: \"" + std::string(300 << 10, 'x') + "\") }", "larger than the limit of 262144"},
        Case{"tokens", "{ " + repeated("a ", 25'000) + "}", "more than 20000 tokens"},
        Case{"depth", repeated("{ q ", 20) + "{ a }" + repeated(" }", 20), "21 levels deep; the limit is 20"},
        Case{"depth_through_fragments", bomb(22, "x"), "levels deep; the limit is 20"},
        Case{"aliases", aliases(2001), "asks for 2001 fields; the limit is 2000"},
        Case{"exponential_fragments", bomb(19, "xyzuvw"), "fields; the limit is 2000"},
        Case{"chain_of_fragments", chain(1000), "nests fragments deeper than 100 levels"},
        Case{"nesting_of_the_text", repeated("{ ... ", 10'000), "nested deeper than 100 levels"}),
    [](const auto& info) { return std::string(info.param.name); });

class Within : public testing::TestWithParam<Case> {};

TEST_P(Within, is_answered) {
  const auto engine = engine_of(kSdl);
  const auto response = run(*engine, GetParam().query);
  EXPECT_TRUE(response.outcome) << response.outcome.error().to_string();
}

INSTANTIATE_TEST_SUITE_P(All, Within,
                         testing::Values(Case{"bytes", "{ text(value: \"" + std::string(250 << 10, 'x') + "\") }", ""},
                                         Case{"depth", repeated("{ q ", 19) + "{ a }" + repeated(" }", 19), ""},
                                         Case{"aliases", aliases(2000), ""}, Case{"chain_of_fragments", chain(99), ""},
                                         Case{"one_field_many_times", "{ " + repeated("a ", 500) + "}", ""}),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(Limits, comparing_fields_of_one_name_is_bounded) {
  const auto engine = engine_of(kSdl);
  const auto response = run(*engine, "{" + repeated(" a", 1900) + " }");
  ASSERT_FALSE(response.outcome);
  EXPECT_EQ(response.outcome.error().code(), Code::resource_exhausted);
}

TEST(Limits, cycles_of_fragments_end) {
  const auto engine = engine_of(kSdl);
  for (const char* query : {"{ ...A } fragment A on Query { ...A }",
                            "{ ...A } fragment A on Query { q { ...B } } fragment B on Query { q { ...A } a }",
                            "fragment A on Query { ...B ...B } fragment B on Query { ...A ...A }"}) {
    EXPECT_FALSE(run(*engine, query).outcome) << query;
  }
}

TEST(Limits, documents_are_cached_and_errors_are_not_kept_for_good_ones) {
  const auto engine = engine_of(kSdl, {}, {.cached_documents = 1});
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(run(*engine, "{ a }").outcome);
    EXPECT_FALSE(run(*engine, "{ b }").outcome);
    EXPECT_TRUE(run(*engine, "query ($v: String) { text(value: $v) }", {{"v", "x"}}).outcome);
  }
}

}  // namespace
}  // namespace slipway::graphql
