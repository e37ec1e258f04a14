#include "graphql/test_engine.h"

namespace slipway::graphql {
namespace {

constexpr std::string_view kSdl = R"(
scalar JSON
scalar JSONString
scalar Int64
enum Color { RED GREEN }
input Inner { a: Int! b: String = "b" }
input Filter { color: Color colors: [Color!] inner: Inner inners: [Inner!] text: String }
type Query {
  echo(int: Int, float: Float, text: String, flag: Boolean, id: ID, color: Color, json: JSON, encoded: JSONString, big: Int64,
       ints: [Int], deep: [[Int]], filter: Filter, defaulted: Int = 7, required: Int! = 8): JSON
}
)";

struct Case {
  std::string_view name;
  std::string_view query;
  std::string_view variables;
  std::string_view expected;  ///< The arguments, or the first message.
};

Response ask(const Case& each) {
  Resolvers resolvers;
  resolvers.bind_sync("Query.echo", [](const FieldCall& call) -> Result<Json> {
    JsonObject args = call.args;
    if (find(args, "defaulted") && args["defaulted"] == Json(7)) args.erase("defaulted");
    if (args["required"] == Json(8)) args.erase("required");
    return Json(args);
  });
  const auto engine = engine_of(kSdl, std::move(resolvers));
  return run(*engine, std::string(each.query), parse_json(each.variables)->as_object());
}

class Arguments : public testing::TestWithParam<Case> {};
class BadVariables : public testing::TestWithParam<Case> {};
const auto kCaseName = [](const auto& info) { return std::string(info.param.name); };

TEST_P(Arguments, arguments_are) {
  const auto response = ask(GetParam());
  ASSERT_TRUE(response.outcome) << response.outcome.error().to_string();
  EXPECT_EQ(to_text(response.body.at("data").at("echo")), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    All, Arguments,
    testing::Values(
        Case{"undeclared_variables_are_ignored", "{ echo }", R"({"extra": {"a": 1}})", "{}"},
        Case{"absent_optional_variables_are_omitted", "query ($a: Int, $b: Int) { echo(int: $a, defaulted: $b) }", "{}",
             "{}"},
        Case{"null_is_not_absent", "query ($a: Int, $b: Int) { echo(int: $a, defaulted: $b) }",
             R"({"a": null, "b": null})", R"({"int":null,"defaulted":null})"},
        Case{"defaults_of_variables", "query ($a: Int = 3) { echo(int: $a) }", "{}", R"({"int":3})"},
        Case{"defaults_of_places", "query ($a: Int) { echo(required: $a, int: 1) }", "{}", R"({"int":1})"},
        Case{"whole_floats_are_ints", "query ($a: Int) { echo(int: $a) }", R"({"a": 1.0})", R"({"int":1})"},
        Case{"ids_become_text", "query ($a: ID) { echo(id: $a) }", R"({"a": 12})", R"({"id":"12"})"},
        Case{"id_literals", "{ echo(id: 5) }", "{}", R"({"id":"5"})"},
        Case{"int64_as_text", "query ($a: Int64) { echo(big: $a) }", R"({"a": "9007199254740993"})",
             R"({"big":9007199254740993})"},
        Case{"int64_literals", "{ echo(big: 9007199254740993) }", "{}", R"({"big":9007199254740993})"},
        Case{"enum_literals", "{ echo(color: GREEN, filter: {colors: [RED], color: RED}) }", "{}",
             R"({"color":"GREEN","filter":{"color":"RED","colors":["RED"]}})"},
        Case{"single_values_become_lists", "query ($a: [Int], $b: [[Int]]) { echo(ints: $a, deep: $b) }",
             R"({"a": 1, "b": 2})", R"({"ints":[1],"deep":[[2]]})"},
        Case{"single_literals_become_lists", "{ echo(ints: 1, deep: [2, [3]]) }", "{}",
             R"({"ints":[1],"deep":[[2],[3]]})"},
        Case{"input_objects", "query ($f: Filter) { echo(filter: $f) }",
             R"({"f": {"inner": {"a": 1}, "inners": {"a": 2, "b": null}}})",
             R"({"filter":{"inner":{"a":1,"b":"b"},"inners":[{"a":2,"b":null}]}})"},
        Case{"variables_inside_objects", "query ($t: String, $a: Int!) { echo(filter: {text: $t, inner: {a: $a}}) }",
             R"({"a": 4})", R"({"filter":{"inner":{"a":4,"b":"b"}}})"},
        Case{"variables_inside_lists", "query ($a: Int) { echo(ints: [1, $a]) }", "{}", R"({"ints":[1,null]})"},
        Case{"json_passes_through", "query ($a: JSON) { echo(json: {x: [$a, E, 1.5, null]}) }",
             R"({"a": {"k": [true]}})", R"({"json":{"x":[{"k":[true]},"E",1.5E0,null]}})"},
        Case{"json_strings_stay_text", "query ($a: JSONString) { echo(encoded: $a) }", R"({"a": "{\"x\": 1}"})",
             R"({"encoded":"{\"x\": 1}"})"},
        Case{"trailing_commas", "query ($a: Int,) { echo(int: $a,) }", R"({"a": 1})", R"({"int":1})"}),
    kCaseName);

TEST_P(BadVariables, says_which_variable_and_why) {
  const auto response = ask(GetParam());
  ASSERT_FALSE(response.outcome);
  EXPECT_EQ(response.outcome.error().message(), GetParam().expected);
  EXPECT_EQ(response.outcome.error().code(), Code::invalid_argument);
}

INSTANTIATE_TEST_SUITE_P(
    All, BadVariables,
    testing::Values(
        Case{"required_and_absent", "query ($a: Int!) { echo(int: $a) }", "{}",
             "Variable \"$a\" of required type \"Int!\" was not provided."},
        Case{"required_and_null", "query ($a: Int!) { echo(int: $a) }", R"({"a": null})",
             "Variable \"$a\" of non-null type \"Int!\" must not be null."},
        Case{"fractions", "query ($a: Int) { echo(int: $a) }", R"({"a": 1.5})",
             "Variable \"$a\" got invalid value 1.5; Int cannot represent non-integer value: 1.5"},
        Case{"too_large", "query ($a: Int) { echo(int: $a) }", R"({"a": 4294967296})",
             "Variable \"$a\" got invalid value 4294967296; Int cannot represent non 32-bit signed integer "
             "value: 4294967296"},
        Case{"text_for_int", "query ($a: Int) { echo(int: $a) }", R"({"a": "1"})",
             "Variable \"$a\" got invalid value \"1\"; Int cannot represent non-integer value: \"1\""},
        Case{"object_for_json_string", "query ($a: JSONString) { echo(encoded: $a) }", R"({"a": {}})",
             "Variable \"$a\" got invalid value {}; JSONString cannot represent a non string value: {}"},
        Case{"bad_int64", "query ($a: Int64) { echo(big: $a) }", R"({"a": "12x"})",
             "Variable \"$a\" got invalid value \"12x\"; Int64 cannot represent non-integer value: \"12x\""},
        Case{"unknown_enum_value", "query ($a: Color) { echo(color: $a) }", R"({"a": "PINK"})",
             "Variable \"$a\" got invalid value \"PINK\"; Value \"PINK\" does not exist in \"Color\" enum."},
        Case{"unknown_member", "query ($f: Filter) { echo(filter: $f) }", R"({"f": {"nope": 1}})",
             "Variable \"$f\" got invalid value { nope: 1 }; Field \"nope\" is not defined by type "
             "\"Filter\"."},
        Case{"missing_member_with_path", "query ($f: Filter) { echo(filter: $f) }",
             R"({"f": {"inners": [{"a": 1}, {}]}})",
             "Variable \"$f\" got invalid value {} at \"f.inners[1]\"; Field \"a\" of required type \"Int!\" "
             "was not provided."},
        Case{"null_member_with_path", "query ($f: Filter) { echo(filter: $f) }", R"({"f": {"colors": ["RED", null]}})",
             "Variable \"$f\" got invalid value null at \"f.colors[1]\"; Expected non-nullable type "
             "\"Color!\" not to be null."},
        Case{"list_for_object", "query ($f: Filter) { echo(filter: $f) }", R"({"f": [{}]})",
             "Variable \"$f\" got invalid value [{}]; Expected type \"Filter\" to be an object."},
        Case{"null_for_a_required_place", "query ($a: Int) { echo(required: $a) }", R"({"a": null})",
             "Argument \"required\" of non-null type \"Int!\" must not be null."}),
    kCaseName);

TEST(Variables, long_values_are_cut_in_messages) {
  const auto response =
      ask({"", "query ($a: Int) { echo(int: $a) }", "{\"a\": \"" + std::string(100'000, 'x') + "\"}", ""});
  EXPECT_LT(response.outcome.error().message().size(), 1000u);
  EXPECT_THAT(response.outcome.error().message(), testing::HasSubstr("(100000 bytes)"));
}

TEST(Variables, floods_of_errors_are_cut) {
  std::string items;
  for (int i = 0; i < 500; ++i) items += std::string(i > 0 ? "," : "") + "\"x\"";
  const auto response = ask({"", "query ($a: [Int]) { echo(ints: $a) }", "{\"a\": [" + items + "]}", ""});
  const auto found = messages(response);
  ASSERT_EQ(found.size(), 51u);
  EXPECT_EQ(found.back(), "Too many errors processing variables, error limit reached. Execution aborted.");
}

TEST(Operations, are_chosen_by_name) {
  const auto engine = engine_of("type Query { a: Int } type Mutation { b: Int }");
  const std::string two = "query A { a } mutation B { b }";
  EXPECT_THAT(messages(run(*engine, two)),
              testing::ElementsAre("Must provide operation name if query contains multiple operations."));
  EXPECT_THAT(messages(run(*engine, two, {}, "C")), testing::ElementsAre("Unknown operation named \"C\"."));
  EXPECT_EQ(to_text(run(*engine, two, {}, "B").body), R"({"data":{"b":null}})");
  EXPECT_EQ(to_text(run(*engine, "query A { a }").body), R"({"data":{"a":null}})");
  EXPECT_THAT(messages(run(*engine, "subscription { a }")),
              testing::ElementsAre("Schema is not configured to execute subscription operation."));
  EXPECT_THAT(messages(run(*engine, "fragment F on Query { a }")),
              testing::ElementsAre("Fragment \"F\" is never used."));
}

}  // namespace
}  // namespace slipway::graphql
