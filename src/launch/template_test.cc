#include "launch/template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway::launch {
namespace {

using ::testing::HasSubstr;

Json json(std::string_view text) { return *parse_json(text); }

TemplateSchema schema(std::string_view text) {
  auto parsed = parse_template_schema(json(text));
  EXPECT_TRUE(parsed) << parsed.error().to_string();
  return *parsed;
}

constexpr std::string_view kSchema = R"({
  "gpus":{"schema":{"type":"integer","default":1,"minimum":1,"maximum":8},"description":"How many"},
  "aws_instance":{"schema":{"type":"string","enum":["ml.m4.xlarge","ml.p3.xlarge"]}},
  "lr":{"schema":{"type":"number","minimum":0.5,"maximum":2}},
  "tag-1":{"schema":{"type":"string","pattern":"^v[0-9]+$"}}})";

TEST(Template, FindsPlaceholdersInLeavesOnly) {
  const auto found = find_placeholders(
      json(R"({"a":"{{x}}","b":["--n={{ y-1 }}/{{z_2}}",{"c":"{{x}}"}],"{{key}}":1,"d":"{{}} {{a b}} {x} {{{{w}}"})"));
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const auto& each : found) pairs.emplace_back(each.name, each.path);
  EXPECT_THAT(pairs, ::testing::ElementsAre(std::pair("x", "a"), std::pair("y-1", "b[0]"), std::pair("z_2", "b[0]"),
                                            std::pair("x", "b[1].c"), std::pair("w", "d")));
}

TEST(Template, SchemaWritesBackAsClientsReadIt) {
  const auto parsed = schema(kSchema);
  EXPECT_EQ(canonical_text(to_json(parsed)), canonical_text(json(kSchema)));
  EXPECT_EQ(schema_text(*find_variable(parsed, "gpus")), R"({"type":"integer","default":1,"minimum":1,"maximum":8})");
  EXPECT_TRUE(parse_template_schema(nullptr)->empty());
  EXPECT_TRUE(schema("{}").empty());
  EXPECT_EQ(to_text(to_json(schema(R"({"a":{"type":"float","description":"d"}})"))),
            R"({"a":{"schema":{"type":"number"},"description":"d"}})")
      << "what a person writes without the wrapper";
}

struct SchemaCase {
  const char* text;
  const char* path;
};

TEST(Template, ProblemsOfASchemaNameTheKeyword) {
  const SchemaCase cases[] = {{R"({"a":{"schema":{}}})", "a.schema.type"},
                              {R"({"a":{"schema":{"type":"bool"}}})", "a.schema.type"},
                              {R"({"a":{"schema":{"type":"integer","minimum":5,"maximum":1}}})", "a.schema.minimum"},
                              {R"({"a":{"schema":{"type":"integer","minimum":"5"}}})", "a.schema.minimum"},
                              {R"({"a":{"schema":{"type":"integer","minimum":0.5}}})", "a.schema.minimum"},
                              {R"({"a":{"schema":{"type":"integer","maximum":4,"default":5}}})", "a.schema.default"},
                              {R"({"a":{"schema":{"type":"string","enum":["x"],"default":"y"}}})", "a.schema.default"},
                              {R"({"a":{"schema":{"type":"string","enum":["x",true]}}})", "a.schema.enum[1]"},
                              {R"({"a":{"schema":{"type":"string","minimum":1}}})", "a.schema.minimum"},
                              {R"({"a":{"schema":{"type":"string","pattern":"("}}})", "a.schema.pattern"},
                              {R"({"a":{"schema":{"type":"integer","pattern":"x"}}})", "a.schema.pattern"},
                              {R"({"a b":{"schema":{"type":"string"}}})", "a b"},
                              {R"({"a":"string"})", "a"}};
  for (const auto& each : cases) {
    const auto parsed = parse_template_schema(json(each.text));
    ASSERT_FALSE(parsed) << each.text;
    EXPECT_EQ(parsed.error().problems().front().path, each.path) << parsed.error().to_string();
  }
}

TEST(Template, EveryPlaceholderNeedsAVariable) {
  EXPECT_TRUE(check_template(json(R"({"a":"{{gpus}}"})"), schema(kSchema)));
  const auto missing = check_template(json(R"({"a":{"b":"{{gpu}}"}})"), schema(kSchema));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().problems().front().path, "a.b");
  EXPECT_THAT(missing.error().to_string(), HasSubstr("Did you mean 'gpus'?"));
}

struct ValueCase {
  const char* name;
  const char* values;
  const char* outcome;  ///< The values, or a part of the refusal.
};

class TemplateValue : public ::testing::TestWithParam<ValueCase> {};

TEST_P(TemplateValue, IsTakenOrRefused) {
  const auto values =
      evaluate_values(json(R"({"a":"{{gpus}}"})"), schema(kSchema), json(GetParam().values).get_object());
  if (values) {
    EXPECT_EQ(canonical_text(Json(*values)), GetParam().outcome);
  } else {
    EXPECT_THAT(values.error().to_string(), HasSubstr(GetParam().outcome));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Cases, TemplateValue,
    ::testing::Values(
        ValueCase{"default_fills_in", "{}", R"({"gpus":1})"}, ValueCase{"given", R"({"gpus":8})", R"({"gpus":8})"},
        ValueCase{"whole_float", R"({"gpus":4.0})", R"({"gpus":4})"},
        ValueCase{"too_large", R"({"gpus":9})", "template_variables.gpus: 'gpus': 9 is too large. Allowed: 1 to 8"},
        ValueCase{"too_small", R"({"gpus":0})", "0 is too small. Allowed: 1 to 8"},
        ValueCase{"fraction_for_integer", R"({"gpus":1.5})", "expected integer, got number 1.5"},
        ValueCase{"text_for_integer", R"({"gpus":"4"})", "expected integer, got string"},
        ValueCase{"boolean_for_integer", R"({"gpus":true})", "expected integer, got boolean"},
        ValueCase{"null_for_integer", R"({"gpus":null})", "expected integer, got null"},
        ValueCase{"huge", R"({"gpus":1e300})", "expected integer"},
        ValueCase{"choice", R"({"aws_instance":"ml.p3.xlarge"})", R"({"aws_instance":"ml.p3.xlarge","gpus":1})"},
        ValueCase{"no_choice", R"({"aws_instance":"ml.p4.huge"})",
                  "is not a permitted value. Allowed: one of ml.m4.xlarge, ml.p3.xlarge"},
        ValueCase{"number", R"({"lr":1})", R"({"gpus":1,"lr":1})"},
        ValueCase{"number_range", R"({"lr":0.25})", "0.25 is too small. Allowed: 0.5 to 2"},
        ValueCase{"pattern", R"({"tag-1":"v12"})", R"({"gpus":1,"tag-1":"v12"})"},
        ValueCase{"pattern_miss", R"({"tag-1":"latest"})", "does not match. Allowed: text matching '^v[0-9]+$'"},
        ValueCase{"unknown", R"({"gpu":1})", "no template variable 'gpu'. Did you mean 'gpus'?"}),
    [](const auto& tested) { return tested.param.name; });

TEST(Template, AMissingValueIsRefusedByNameAndPlace) {
  const auto values = evaluate_values(json(R"({"r":{"type":"{{aws_instance}}"}})"), schema(kSchema), {});
  ASSERT_FALSE(values);
  EXPECT_THAT(values.error().to_string(), HasSubstr("'aws_instance' (used in r.type) has no value and no default"));
}

TEST(Template, AllRefusalsComeTogether) {
  const auto values = evaluate_values(json(R"({"r":"{{aws_instance}}"})"), schema(kSchema),
                                      json(R"({"gpus":99,"lr":"x","nope":1})").get_object());
  ASSERT_FALSE(values);
  EXPECT_EQ(values.error().problems().size(), 4U) << values.error().to_string();
}

TEST(Template, AHostilePatternCannotHoldTheServer) {
  const auto parsed = schema(R"({"a":{"schema":{"type":"string","pattern":"^(a+)+$"}}})");
  EXPECT_FALSE(evaluate_values(JsonObject(), parsed, json(R"({"a":")" + std::string(2000, 'a') + "b\"}").get_object()));
  EXPECT_FALSE(evaluate_values(JsonObject(), parsed, json(R"({"a":")" + std::string(5000, 'a') + "\"}").get_object()))
      << "longer than the limit";
}

TEST(Template, AChoiceThatBecameANumberOnItsWayIsTaken) {
  const auto parsed = schema(R"({"v":{"schema":{"type":"string","enum":["1","2"]}}})");
  EXPECT_EQ(to_text(Json(*evaluate_values(JsonObject(), parsed, json(R"({"v":1})").get_object()))), R"({"v":"1"})");
  EXPECT_FALSE(evaluate_values(JsonObject(), parsed, json(R"({"v":3})").get_object()));
}

TEST(Template, RendersWholeLeavesWithTheirTypeAndTextInside) {
  const auto config = json(
      R"({"limits":{"nvidia.com/gpu":"{{gpus}}"},"args":["--lr={{lr}}","{{ gpus }}"],"name":"{{s}}-{{gpus}}","other":"{{none}}","n":3})");
  const auto rendered = render_template(config, json(R"({"gpus":2,"lr":0.5,"s":"x"})").get_object());
  EXPECT_EQ(to_text(rendered),
            R"({"limits":{"nvidia.com/gpu":2},"args":["--lr=0.5",2],"name":"x-2","other":"{{none}}","n":3})");
}

TEST(Template, AValueIsNeverReadAsAPlaceholder) {
  EXPECT_EQ(to_text(render_template(json(R"({"a":"{{x}} {{x}}"})"), json(R"({"x":"{{y}}","y":"no"})").get_object())),
            R"({"a":"{{y}} {{y}}"})");
}

struct SetVarCase {
  const char* argument;
  const char* name;
  const char* value;
};

TEST(SetVar, SplitsAtTheFirstEqualsSign) {
  for (const auto& each :
       {SetVarCase{"k=v", "k", "v"}, SetVarCase{"k=a=b", "k", "a=b"}, SetVarCase{"a-b_c=", "a-b_c", ""}}) {
    const auto parsed = parse_set_var(each.argument);
    ASSERT_TRUE(parsed) << each.argument;
    EXPECT_EQ(parsed->first, each.name);
    EXPECT_EQ(parsed->second, each.value);
  }
  for (const char* bad : {"", "k", "=v", "a b=c"}) EXPECT_FALSE(parse_set_var(bad)) << bad;
}

TEST(SetVar, TakesTheTypeOfItsVariable) {
  const auto values = typed_values(schema(kSchema), {{"gpus", "4"}, {"lr", "1.5"}, {"aws_instance", "4"}});
  ASSERT_TRUE(values) << values.error().to_string();
  EXPECT_EQ(canonical_text(Json(*values)), R"({"aws_instance":"4","gpus":4,"lr":1.5E0})");
  const auto wrong = typed_values(schema(kSchema), {{"gpus", "many"}, {"gpuss", "1"}, {"lr", "true"}});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().problems().size(), 3U);
  EXPECT_THAT(wrong.error().to_string(), HasSubstr("'many' is no integer"));
}

TEST(Template, FindsWhatWasNeverFilled) {
  const auto paths =
      find_required(json(R"({"RoleArn":"<REQUIRED>","a":{"b":["x","REQUIRED"]},"c":"<必須>","d":"REQUIRED by law"})"));
  EXPECT_EQ(paths, (std::vector<std::string>{"RoleArn", "a.b[1]", "c"}));
}

}  // namespace
}  // namespace slipway::launch
