#include "graphql/test_engine.h"

namespace slipway::graphql {
namespace {

constexpr std::string_view kSdl = R"(
directive @many(n: Int!) repeatable on FIELD
type Query {
  dog(name: String): Dog
  pet: Pet
  node(id: ID!): Node
  number(value: Int! = 1, list: [Int!], filter: Filter): Int
  strict(value: Int!): Int
}
type Mutation { set(value: Int): Int }
interface Node { id: ID }
type Dog implements Node { id: ID name: String barks(loud: Boolean): Boolean owner: Person tail: Int }
type Cat implements Node { id: ID name: String! lives: Int owner: Person tail: String }
type Person { name: String age: Int }
union Pet = Dog | Cat
enum Color { RED GREEN }
input Filter { color: Color text: String min: Int! }
)";

struct Case {
  std::string_view rule;
  std::string_view good;
  std::string_view bad;
  std::vector<std::string> expected;
};

class Rule : public testing::TestWithParam<Case> {
 protected:
  static Response check(std::string_view text) {
    static const auto engine = engine_of(kSdl);
    return run(*engine, std::string(text), {{"v", 1}}, "");
  }
};

TEST_P(Rule, accepts_the_good_document) {
  // Two named operations are fine for validation; the request just names none of them.
  const std::vector<std::string> no_choice{"Must provide operation name if query contains multiple operations."};
  EXPECT_THAT(messages(check(GetParam().good)), testing::AnyOf(testing::IsEmpty(), no_choice));
}

TEST_P(Rule, refuses_the_bad_document) {
  const auto response = check(GetParam().bad);
  EXPECT_THAT(messages(response), testing::ElementsAreArray(GetParam().expected));
  EXPECT_EQ(find(response.body, "data"), nullptr);
  EXPECT_EQ(response.outcome.error().code(), Code::invalid_argument);
}

INSTANTIATE_TEST_SUITE_P(
    Definitions, Rule,
    testing::Values(Case{"executable_definitions",
                         "{ dog { id } }",
                         "{ dog { id } } type X { a: Int }",
                         {"The \"X\" definition is not executable."}},
                    Case{"unique_operation_names",
                         "query A { dog { id } } query B { dog { id } }",
                         "query A { dog { id } } query A { dog { id } }",
                         {"There can be only one operation named \"A\"."}},
                    Case{"lone_anonymous_operation",
                         "{ dog { id } }",
                         "{ dog { id } } query A { dog { id } }",
                         {"This anonymous operation must be the only defined operation."}},
                    Case{"unique_fragment_names",
                         "{ ...A ...B } fragment A on Query { dog { id } } fragment B on Query { dog { id } }",
                         "{ ...A } fragment A on Query { dog { id } } fragment A on Query { dog { id } }",
                         {"There can be only one fragment named \"A\"."}},
                    Case{"known_fragment_names",
                         "{ ...A } fragment A on Query { dog { id } }",
                         "{ ...A }",
                         {"Unknown fragment \"A\"."}},
                    Case{"no_unused_fragments",
                         "{ ...A } fragment A on Query { dog { id } }",
                         "{ dog { id } } fragment A on Dog { id }",
                         {"Fragment \"A\" is never used."}},
                    Case{"no_fragment_cycles",
                         "{ ...A ...B } fragment A on Query { ...B } fragment B on Query { dog { id } }",
                         "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
                         {"Cannot spread fragment \"A\" within itself via \"B\"."}}),
    [](const auto& info) { return std::string(info.param.rule); });

INSTANTIATE_TEST_SUITE_P(
    Selections, Rule,
    testing::Values(Case{"fields_on_correct_type",
                         "{ dog { name } }",
                         "{ dog { meows } }",
                         {"Cannot query field \"meows\" on type \"Dog\"."}},
                    Case{"fields_on_unions",
                         "{ pet { __typename } }",
                         "{ pet { id } }",
                         {"Cannot query field \"id\" on type \"Pet\"."}},
                    Case{"scalars_have_no_fields",
                         "{ dog { name } }",
                         "{ dog { name { x } } }",
                         {"Field \"name\" must not have a selection since type \"String\" has no subfields."}},
                    Case{"objects_need_fields",
                         "{ dog { id } }",
                         "{ dog }",
                         {"Field \"dog\" of type \"Dog\" must have a selection of subfields. Did you mean \"dog { ... "
                          "}\"?"}},
                    Case{"known_type_names",
                         "{ ...F } fragment F on Query { dog { id } }",
                         "{ ... on Nope { x } }",
                         {"Unknown type \"Nope\"."}},
                    Case{"fragments_on_composite_types",
                         "{ pet { ... on Dog { id } } }",
                         "{ dog { ... on String { x } } }",
                         {"Fragment cannot condition on non composite type \"String\"."}},
                    Case{"named_fragments_on_composite_types",
                         "{ pet { ...F } } fragment F on Pet { __typename }",
                         "{ dog { ...F } } fragment F on Color { x }",
                         {"Fragment \"F\" cannot condition on non composite type \"Color\"."}},
                    Case{"possible_inline_fragments",
                         "{ node(id: 1) { ... on Dog { id } } }",
                         "{ dog { ... on Cat { id } } }",
                         {"Fragment cannot be spread here as objects of type \"Dog\" can never be of type \"Cat\"."}},
                    Case{"possible_fragment_spreads",
                         "{ pet { ...F } } fragment F on Node { id }",
                         "{ dog { ...F } } fragment F on Cat { id }",
                         {"Fragment \"F\" cannot be spread here as objects of type \"Dog\" can never be of type "
                          "\"Cat\"."}},
                    Case{"known_directives",
                         "{ dog @skip(if: true) { id } }",
                         "{ dog @nope { id } }",
                         {"Unknown directive \"@nope\"."}},
                    Case{"directive_locations",
                         "{ ... @include(if: true) { dog { id } } }",
                         "query @include(if: true) { dog { id } }",
                         {"Directive \"@include\" may not be used on QUERY."}},
                    Case{"unique_directives",
                         "{ dog { id @many(n: 1) @many(n: 2) } }",
                         "{ dog { id @skip(if: true) @skip(if: false) } }",
                         {"The directive \"@skip\" can only be used once at this location."}},
                    Case{"known_arguments",
                         "{ dog(name: \"x\") { id } }",
                         "{ dog(size: 1) { id } }",
                         {"Unknown argument \"size\" on field \"Query.dog\"."}},
                    Case{"known_directive_arguments",
                         "{ dog @skip(if: true) { id } }",
                         "{ dog @skip(if: true, x: 1) { id } }",
                         {"Unknown argument \"x\" on directive \"@skip\"."}},
                    Case{"unique_arguments",
                         "{ dog(name: \"x\") { id } }",
                         "{ dog(name: \"x\", name: \"y\") { id } }",
                         {"There can be only one argument named \"name\"."}},
                    Case{"required_arguments",
                         "{ node(id: 1) { id } number }",
                         "{ node { id } }",
                         {"Field \"node\" argument \"id\" of type \"ID!\" is required, but it was not provided."}},
                    Case{
                        "required_directive_arguments",
                        "{ dog { id @many(n: 1) } }",
                        "{ dog { id @many } }",
                        {"Directive \"@many\" argument \"n\" of type \"Int!\" is required, but it was not provided."}}),
    [](const auto& info) { return std::string(info.param.rule); });

INSTANTIATE_TEST_SUITE_P(Values, Rule,
                         testing::Values(Case{"integers",
                                              "{ number(value: 3) }",
                                              "{ number(value: \"3\") }",
                                              {"Int cannot represent non-integer value: \"3\""}},
                                         Case{"large_integers",
                                              "{ number(value: 2147483647) }",
                                              "{ number(value: 2147483648) }",
                                              {"Int cannot represent non 32-bit signed integer value: 2147483648"}},
                                         Case{"null_for_non_null",
                                              "{ number(list: null) }",
                                              "{ number(value: null) }",
                                              {"Expected value of type \"Int!\", found null."}},
                                         Case{"lists",
                                              "{ a: number(list: 1) b: number(list: [1, 2]) }",
                                              "{ number(list: [1, null]) }",
                                              {"Expected value of type \"Int!\", found null."}},
                                         Case{"strings",
                                              "{ dog(name: \"x\") { id } }",
                                              "{ dog(name: RED) { id } }",
                                              {"String cannot represent a non string value: RED"}},
                                         Case{"enums",
                                              "{ number(filter: {color: RED, min: 1}) }",
                                              "{ number(filter: {color: \"RED\", min: 1}) }",
                                              {"Enum \"Color\" cannot represent non-enum value: \"RED\"."}},
                                         Case{"enum_values",
                                              "{ number(filter: {color: RED, min: 1}) }",
                                              "{ number(filter: {color: BLUE, min: 1}) }",
                                              {"Value \"BLUE\" does not exist in \"Color\" enum."}},
                                         Case{"input_fields",
                                              "{ number(filter: {min: 1}) }",
                                              "{ number(filter: {min: 1, max: 2}) }",
                                              {"Field \"max\" is not defined by type \"Filter\"."}},
                                         Case{"required_input_fields",
                                              "{ number(filter: {min: 1}) }",
                                              "{ number(filter: {text: \"x\"}) }",
                                              {"Field \"Filter.min\" of required type \"Int!\" was not provided."}},
                                         Case{"unique_input_fields",
                                              "{ number(filter: {min: 1}) }",
                                              "{ number(filter: {min: 1, min: 2}) }",
                                              {"There can be only one input field named \"min\"."}},
                                         Case{"objects_for_scalars",
                                              "{ number }",
                                              "{ number(value: {a: 1}) }",
                                              {"Int cannot represent non-integer value: {a: 1}"}},
                                         Case{"scalars_for_objects",
                                              "{ number }",
                                              "{ number(filter: 1) }",
                                              {"Expected value of type \"Filter\", found 1."}}),
                         [](const auto& info) { return std::string(info.param.rule); });

INSTANTIATE_TEST_SUITE_P(
    Variables, Rule,
    testing::Values(Case{"unique_variables",
                         "query ($v: Int!) { strict(value: $v) }",
                         "query ($v: Int!, $v: Int!) { strict(value: $v) }",
                         {"There can be only one variable named \"$v\"."}},
                    Case{"input_types_only",
                         "query ($v: Int!) { strict(value: $v) }",
                         "query ($v: Dog) { strict(value: 1) dog { id @skip(if: $v) } }",
                         {"Variable \"$v\" of type \"Dog\" used in position expecting type \"Boolean!\".",
                          "Variable \"$v\" cannot be non-input type \"Dog\"."}},
                    Case{"no_undefined_variables",
                         "query ($v: Int!) { strict(value: $v) }",
                         "query Q { ...F } fragment F on Query { strict(value: $v) }",
                         {"Variable \"$v\" is not defined by operation \"Q\"."}},
                    Case{"no_unused_variables",
                         "query ($v: Int!) { ...F } fragment F on Query { strict(value: $v) }",
                         "query Q($v: Int) { number }",
                         {"Variable \"$v\" is never used in operation \"Q\"."}},
                    Case{"allowed_positions",
                         "query ($v: Int = 1) { strict(value: $v) }",
                         "query ($v: Int) { strict(value: $v) }",
                         {"Variable \"$v\" of type \"Int\" used in position expecting type \"Int!\"."}},
                    Case{"places_with_defaults",
                         "query ($v: Int) { number(value: $v) }",
                         "query ($v: String) { number(value: $v) }",
                         {"Variable \"$v\" of type \"String\" used in position expecting type \"Int!\"."}},
                    Case{"defaults_fit",
                         "query ($v: Int = 2) { number(value: $v) }",
                         "query ($v: Int = \"x\") { number(value: $v) }",
                         {"Int cannot represent non-integer value: \"x\""}}),
    [](const auto& info) { return std::string(info.param.rule); });

INSTANTIATE_TEST_SUITE_P(
    Merging, Rule,
    testing::Values(
        Case{"different_fields",
             "{ dog { x: id x: id } }",
             "{ dog { x: id x: name } }",
             {"Fields \"x\" conflict because \"id\" and \"name\" are different fields. Use different aliases "
              "on the fields to fetch both if this "
              "was intentional."}},
        Case{"different_arguments",
             "{ dog { barks(loud: true) barks(loud: true) } }",
             "{ dog { barks(loud: true) barks } }",
             {"Fields \"barks\" conflict because they have differing arguments. Use different aliases on the "
              "fields to fetch both if this was "
              "intentional."}},
        Case{"subfields",
             "{ dog { owner { x: name } } dog { owner { x: name } } }",
             "{ dog { owner { x: name } } dog { owner { x: age } } }",
             {"Fields \"dog\" conflict because subfields \"owner\" conflict because subfields \"x\" conflict "
              "because \"name\" and \"age\" are "
              "different fields. Use different aliases on the fields to fetch both if this was intentional."}},
        Case{"types_of_exclusive_parents",
             "{ pet { ... on Dog { x: id } ... on Cat { x: id } } }",
             "{ pet { ... on Dog { tail } ... on Cat { tail } } }",
             {"Fields \"tail\" conflict because they return conflicting types \"Int\" and \"String\". Use "
              "different aliases on the fields to fetch "
              "both if this was intentional."}},
        Case{"through_fragments",
             "{ dog { ...A ...A } } fragment A on Dog { x: id }",
             "{ dog { ...A ...B } } fragment A on Dog { x: id } fragment B on Dog { x: tail }",
             {"Fields \"x\" conflict because \"id\" and \"tail\" are different fields. Use different aliases "
              "on the fields to fetch both if this "
              "was intentional."}}),
    [](const auto& info) { return std::string(info.param.rule); });

TEST(Validation, reports_in_the_order_of_the_document_and_stops_at_a_hundred) {
  const auto engine = engine_of(kSdl);
  std::string query = "{ first";
  for (int i = 0; i < 150; ++i) query += " x" + std::to_string(i);
  const auto found = messages(run(*engine, query + " }"));
  ASSERT_EQ(found.size(), 101u);
  EXPECT_EQ(found.front(), "Cannot query field \"first\" on type \"Query\".");
  EXPECT_EQ(found.back(), "Too many validation errors, error limit reached. Validation aborted.");
}

}  // namespace
}  // namespace slipway::graphql
