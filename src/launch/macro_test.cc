#include "launch/macro.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway::launch {
namespace {

using ::testing::HasSubstr;

Json json(std::string_view text) { return *parse_json(text); }

MacroScope scope() {
  return MacroScope{.builtins = {{"project_name", "proj"},
                                 {"entity_name", "team"},
                                 {"run_id", "abc"},
                                 {"run_name", ""},
                                 {"image_uri", "img:1"}},
                    .environment = {{"DATA", "/data"}, {"WANDB_API_KEY", "secret"}, {"run_id", "shadow"}},
                    .allowed = {"DATA", "ABSENT"}};
}

struct FillCase {
  const char* name;
  const char* text;
  const char* filled;
};

class MacroFilled : public ::testing::TestWithParam<FillCase> {};

TEST_P(MacroFilled, GivesTheText) {
  const auto value = fill_macros(text_value(GetParam().text), scope());
  ASSERT_TRUE(value) << value.error().to_string();
  EXPECT_EQ(std::string_view(value->get_string()), GetParam().filled);
}

INSTANTIATE_TEST_SUITE_P(Cases, MacroFilled,
                         ::testing::Values(FillCase{"builtin", "${image_uri}", "img:1"},
                                           FillCase{"inside", "a-${run_id}-b${project_name}", "a-abc-bproj"},
                                           FillCase{"builtin_wins", "${run_id}", "abc"},
                                           FillCase{"environment", "${DATA}/x", "/data/x"},
                                           FillCase{"escaped", "echo $${HOME} $${run_id}", "echo ${HOME} ${run_id}"},
                                           FillCase{"escaped_dollar_before_text", "$$ $${", "$$ $${"},
                                           FillCase{"no_macro", "$run_id ${} ${a-b} ${a", "$run_id ${} ${a-b} ${a"},
                                           FillCase{"shell_default", "${X:-y}", "${X:-y}"},
                                           FillCase{"three_dollars", "$$${run_id}", "$${run_id}"}),
                         [](const auto& tested) { return tested.param.name; });

TEST(Macro, OnlyLeavesAreFilled) {
  const auto value =
      fill_macros(json(R"({"${run_id}":["${run_id}",{"x":"${run_id}"}],"n":1,"b":true,"z":null})"), scope());
  EXPECT_EQ(to_text(*value), R"({"${run_id}":["abc",{"x":"abc"}],"n":1,"b":true,"z":null})");
}

TEST(Macro, ValuesAreNotFilledAgain) {
  auto nested = scope();
  nested.builtins["run_name"] = "${WANDB_API_KEY}";
  nested.mode = EnvironmentMacros::all;
  EXPECT_EQ(std::string_view(fill_macros(text_value("${run_name}"), nested)->get_string()), "${WANDB_API_KEY}");
}

TEST(Macro, EveryProblemIsNamedWithItsPlace) {
  const auto value =
      fill_macros(json(R"({"a":"${image_url}","b":["${run_name}"],"c":"${ABSENT} ${WANDB_API_KEY}","d":"${author}"})"),
                  scope(), "resource_args.x");
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().problems().size(), 5U);
  const auto text = value.error().to_string();
  EXPECT_THAT(text, HasSubstr("resource_args.x.a: macro ${image_url} is neither built in nor allowed by this "
                              "agent. Did you mean 'image_uri'?"));
  EXPECT_THAT(text, HasSubstr("resource_args.x.b[0]: macro ${run_name} has no value"));
  EXPECT_THAT(text, HasSubstr("environment has no variable ABSENT"));
  EXPECT_THAT(text, HasSubstr("${author} has no value"));
}

TEST(Macro, ARefusedVariableLooksTheSameWhetherItExistsOrNot) {
  const auto existing = fill_macros(text_value("${WANDB_API_KEY}"), scope());
  auto bare = scope();
  bare.environment.clear();
  EXPECT_EQ(existing.error().to_string(), fill_macros(text_value("${WANDB_API_KEY}"), bare).error().to_string());
}

TEST(Macro, TheCompatibleModeOpensTheEnvironmentButNotTheBuiltins) {
  auto open = scope();
  open.mode = EnvironmentMacros::all;
  EXPECT_EQ(std::string_view(fill_macros(text_value("${WANDB_API_KEY} ${run_id}"), open)->get_string()), "secret abc");
  EXPECT_FALSE(fill_macros(text_value("${NOBODY}"), open));
}

TEST(Macro, FindsWhatIsUsed) {
  const auto uses = find_macros(json(R"({"a":["${run_id} ${X}"],"b":"$${Y}"})"));
  ASSERT_EQ(uses.size(), 2U);
  EXPECT_EQ(uses[1].name, "X");
  EXPECT_EQ(uses[1].path, "a[0]");
}

}  // namespace
}  // namespace slipway::launch
