#include "graphql/test_engine.h"

namespace slipway::graphql {
namespace {

constexpr std::string_view kSdl = R"(
"What one can ask."
type Query {
  "Says hello."
  hello(name: String = "world", loud: Boolean @deprecated(reason: "rude")): String!
  old: Int @deprecated
  node: Node
  pet: Pet
  find(by: Filter = {color: RED, ids: [1, "a"], text: "x\"y"}): [[Int!]]!
}
interface Node { id: ID! }
type Dog implements Node { id: ID! }
union Pet = Dog
enum Color { RED GREEN @deprecated(reason: "faded") }
input Filter { color: Color ids: [ID] text: String gone: Int @deprecated ratio: Float = 1.5 }
scalar Date @specifiedBy(url: "https://example.org/date")
directive @tag(name: Date) repeatable on FIELD | QUERY
)";

struct Case {
  std::string_view name;
  std::string_view query;
  std::string_view data;
};

class Introspection : public testing::TestWithParam<Case> {};

TEST_P(Introspection, answers) {
  const auto engine = engine_of(kSdl);
  EXPECT_EQ(body(*engine, std::string(GetParam().query)), "{\"data\":" + std::string(GetParam().data) + "}");
}

INSTANTIATE_TEST_SUITE_P(
    All, Introspection,
    testing::Values(
        Case{"unknown_types_are_null",
             R"({ a: __type(name: "Nope") { name } b: __type(name: "__Introspection") { name } })",
             R"({"a":null,"b":null})"},
        Case{
            "probe_of_a_client",
            R"({ QueryType: __type(name: "Query") { ...T } FilterInput: __type(name: "Filter") { ...T } }
                                    fragment T on __Type { name fields { name } inputFields { name } })",
            R"({"QueryType":{"name":"Query","fields":[{"name":"hello"},{"name":"node"},{"name":"pet"},{"name":"find"}],"inputFields":null},)"
            R"("FilterInput":{"name":"Filter","fields":null,"inputFields":[{"name":"color"},{"name":"ids"},{"name":"text"},{"name":"ratio"}]}})"},
        Case{
            "roots", "{ __schema { queryType { name description } mutationType { name } subscriptionType { name } } }",
            R"({"__schema":{"queryType":{"name":"Query","description":"What one can ask."},"mutationType":null,"subscriptionType":null}})"},
        Case{
            "deprecated_fields",
            R"({ __type(name: "Query") { fields(includeDeprecated: true) { name isDeprecated deprecationReason } } })",
            R"({"__type":{"fields":[{"name":"hello","isDeprecated":false,"deprecationReason":null},)"
            R"({"name":"old","isDeprecated":true,"deprecationReason":"No longer supported"},{"name":"node","isDeprecated":false,"deprecationReason":null},)"
            R"({"name":"pet","isDeprecated":false,"deprecationReason":null},{"name":"find","isDeprecated":false,"deprecationReason":null}]}})"},
        Case{
            "deprecated_arguments",
            R"({ __type(name: "Query") { fields { args { name } all: args(includeDeprecated: true) { name } } } })",
            R"({"__type":{"fields":[{"args":[{"name":"name"}],"all":[{"name":"name"},{"name":"loud"}]},{"args":[],"all":[]},)"
            R"({"args":[],"all":[]},{"args":[{"name":"by"}],"all":[{"name":"by"}]}]}})"},
        Case{
            "enum_values",
            R"({ __type(name: "Color") { kind enumValues { name } all: enumValues(includeDeprecated: true) { name deprecationReason } } })",
            R"({"__type":{"kind":"ENUM","enumValues":[{"name":"RED"}],"all":[{"name":"RED","deprecationReason":null},)"
            R"({"name":"GREEN","deprecationReason":"faded"}]}})"},
        Case{
            "wrappers_and_defaults",
            R"({ __type(name: "Query") { fields { name type { kind name ofType { kind name ofType { kind ofType { kind name ofType { name } } } } } args { defaultValue } } } })",
            R"({"__type":{"fields":[)"
            R"({"name":"hello","type":{"kind":"NON_NULL","name":null,"ofType":{"kind":"SCALAR","name":"String","ofType":null}},"args":[{"defaultValue":"\"world\""}]},)"
            R"({"name":"node","type":{"kind":"INTERFACE","name":"Node","ofType":null},"args":[]},)"
            R"({"name":"pet","type":{"kind":"UNION","name":"Pet","ofType":null},"args":[]},)"
            R"({"name":"find","type":{"kind":"NON_NULL","name":null,"ofType":{"kind":"LIST","name":null,"ofType":{"kind":"LIST","ofType":{"kind":"NON_NULL","name":null,"ofType":{"name":"Int"}}}}},)"
            R"("args":[{"defaultValue":"{color: RED, ids: [1, \"a\"], text: \"x\\\"y\", ratio: 1.5}"}]}]}})"},
        Case{
            "interfaces_and_possible_types",
            R"({ n: __type(name: "Node") { possibleTypes { name } interfaces { name } } p: __type(name: "Pet") { possibleTypes { name } fields { name } } d: __type(name: "Dog") { interfaces { name } possibleTypes { name } } })",
            R"({"n":{"possibleTypes":[{"name":"Dog"}],"interfaces":[]},"p":{"possibleTypes":[{"name":"Dog"}],"fields":null},)"
            R"("d":{"interfaces":[{"name":"Node"}],"possibleTypes":null}})"},
        Case{"specified_by",
             R"({ a: __type(name: "Date") { specifiedByURL } b: __type(name: "Int") { specifiedByURL } })",
             R"({"a":{"specifiedByURL":"https://example.org/date"},"b":{"specifiedByURL":null}})"},
        Case{
            "directives", "{ __schema { directives { name isRepeatable locations args { name type { name } } } } }",
            R"({"__schema":{"directives":[)"
            R"({"name":"include","isRepeatable":false,"locations":["FIELD","FRAGMENT_SPREAD","INLINE_FRAGMENT"],"args":[{"name":"if","type":{"name":null}}]},)"
            R"({"name":"skip","isRepeatable":false,"locations":["FIELD","FRAGMENT_SPREAD","INLINE_FRAGMENT"],"args":[{"name":"if","type":{"name":null}}]},)"
            R"({"name":"deprecated","isRepeatable":false,"locations":["FIELD_DEFINITION","ARGUMENT_DEFINITION","INPUT_FIELD_DEFINITION","ENUM_VALUE"],"args":[{"name":"reason","type":{"name":"String"}}]},)"
            R"({"name":"specifiedBy","isRepeatable":false,"locations":["SCALAR"],"args":[{"name":"url","type":{"name":null}}]},)"
            R"({"name":"tag","isRepeatable":true,"locations":["FIELD","QUERY"],"args":[{"name":"name","type":{"name":"Date"}}]}]}})"},
        Case{"names_of_meta_types", R"({ __typename __schema { __typename queryType { __typename } } })",
             R"({"__typename":"Query","__schema":{"__typename":"__Schema","queryType":{"__typename":"__Type"}}})"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(IntrospectionList, holds_every_type_once) {
  const auto engine = engine_of(kSdl);
  const auto response = run(*engine, "{ __schema { types { name } } }");
  std::vector<std::string> names;
  for (const auto& type : find_path(response.body, "data.__schema.types")->as_array())
    names.push_back(text_or(type, "name"));
  EXPECT_THAT(names,
              testing::UnorderedElementsAre("Query", "Node", "Dog", "Pet", "Color", "Filter", "Date", "Int", "Float",
                                            "String", "Boolean", "ID", "__Schema", "__Type", "__TypeKind", "__Field",
                                            "__InputValue", "__EnumValue", "__Directive", "__DirectiveLocation"));
}

}  // namespace
}  // namespace slipway::graphql
