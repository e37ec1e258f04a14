#include "graphql/schema.h"

#include "graphql/test_engine.h"

namespace slipway::graphql {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Case {
  std::string_view name;
  std::string_view sdl;
  std::string_view problem;
  int line = 1;
};

class BadSchema : public testing::TestWithParam<Case> {};

TEST_P(BadSchema, is_refused_with_the_line) {
  const auto schema = Schema::load(GetParam().sdl);
  ASSERT_FALSE(schema);
  ASSERT_EQ(schema.error().problems().size(), 1u) << schema.error().to_string();
  EXPECT_EQ(schema.error().problems()[0].message, GetParam().problem);
  EXPECT_EQ(schema.error().problems()[0].line, GetParam().line);
}

INSTANTIATE_TEST_SUITE_P(
    Rules, BadSchema,
    testing::Values(
        Case{"no_query", "type A { b: Int }", "Query root type must be provided."},
        Case{"root_is_no_object", "input Query { a: Int }", "Root type \"Query\" must be an Object type."},
        Case{"operation_inside", "type Query { a: Int } query { a }",
             "a schema holds no operations or fragments. Take them out."},
        Case{"unknown_type", "type Query {\n a: Nope }", "Unknown type \"Nope\".", 2},
        Case{"type_twice", "type Query { a: Int }\ntype Query { b: Int }",
             "There can be only one type named \"Query\".", 2},
        Case{"field_twice", "type Query { a: Int\n a: Int }", "Field \"Query.a\" can only be defined once.", 2},
        Case{"argument_twice", "type Query { a(b: Int\n b: Int): Int }",
             "Argument \"Query.a(b:)\" can only be defined once.", 2},
        Case{"reserved_name", "type Query { __a: Int }",
             "the name \"__a\" is reserved: names with two underscores belong to introspection."},
        Case{"no_fields", "type Query { a: A }\ntype A", "Type A must define one or more fields.", 2},
        Case{"input_as_output", "type Query { a: I }\ninput I { b: Int }",
             "The type of Query.a must be Output Type but got: I."},
        Case{"output_as_input", "type Query { a(b: Query): Int }",
             "The type of Query.a(b:) must be Input Type but got: Query."},
        Case{"extension_of_nothing", "type Query { a: Int }\nextend type B { c: Int }",
             "Cannot extend type \"B\" because it is not defined.", 2},
        Case{"extension_of_another_kind", "type Query { a: Int }\nextend enum Query { B }",
             "Cannot extend \"Query\" as another kind of type than it was defined as.", 2},
        Case{"interface_field_missing", "interface N { id: ID }\ntype Query implements N { a: Int }",
             "Interface field N.id expected but Query does not provide it.", 2},
        Case{"interface_field_of_another_type", "interface N { id: ID! }\ntype Query implements N { id: ID }",
             "Interface field N.id expects type ID! but Query.id is type ID.", 2},
        Case{"interface_argument_missing", "interface N { a(b: Int): Int }\ntype Query implements N { a: Int }",
             "Interface field argument N.a(b:) expected but Query.a does not provide it.", 2},
        Case{"interface_argument_added", "interface N { a: Int }\ntype Query implements N { a(b: Int!): Int }",
             "Query.a(b:) is required, but N.a lacks it.", 2},
        Case{"implements_an_object", "type A { b: Int }\ntype Query implements A { b: Int }",
             "Type Query must only implement Interface types, it cannot implement A.", 2},
        Case{"interface_of_interface_left_out",
             "interface A { x: Int }\ninterface B implements A { x: Int }\ntype Query implements B { x: Int }",
             "Type Query must implement A because it is implemented by B.", 3},
        Case{"union_of_scalars", "type Query { a: U }\nunion U = Int",
             "Union type U can only include Object types, it cannot include Int.", 2},
        Case{"enum_value_twice", "type Query { a: E }\nenum E { X X }", "Enum value \"E.X\" can only be defined once.",
             2},
        Case{"default_of_another_type", "type Query { a(b: Int = \"x\"): Int }",
             "The default value \"x\" does not fit the type \"Int\"."},
        Case{"endless_input", "type Query { a(i: I): Int }\ninput I { i: I! }",
             "Input Object I cannot reference itself through a series of non-null fields.", 2},
        Case{"unknown_directive", "type Query { a: Int @nope }", "Unknown directive \"@nope\"."},
        Case{"directive_elsewhere", "type Query @skip(if: true) { a: Int }",
             "Directive \"@skip\" may not be used on OBJECT."},
        Case{"deprecated_and_required", "type Query { a(b: Int! @deprecated): Int }",
             "Query.a(b:) is required, so it cannot be deprecated."}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(Schema, reports_all_problems_at_once) {
  const auto schema = Schema::load("type Query { a: Nope b: Nada }");
  ASSERT_FALSE(schema);
  EXPECT_EQ(schema.error().problems().size(), 2u);
}

TEST(Schema, syntax_errors_name_the_line) {
  const auto schema = Schema::load("type Query {\n  a Int\n}");
  ASSERT_FALSE(schema);
  EXPECT_EQ(schema.error().message(), "reading the GraphQL schema: Syntax Error: Expected \":\", found Name \"Int\".");
  EXPECT_EQ(schema.error().problems().at(0).line, 2);
}

TEST(Schema, defaults_of_input_objects_lean_on_each_other_in_any_order) {
  const auto schema = Schema::load(
      "input A { b: B = {} } input B { c: C = {x: 1} } input C { x: Int y: Int = 2 } type Query { f(a: A = "
      "{}): Int }");
  ASSERT_TRUE(schema) << schema.error().to_string();
  EXPECT_EQ(to_text(*(*schema)->type("Query")->field("f")->arg("a")->default_value), R"({"b":{"c":{"x":1,"y":2}}})");
}

TEST(Schema, extensions_add_to_every_kind_of_type) {
  const auto schema = Schema::load(
      "type Query { a(i: I): E } enum E { X } input I { x: Int } union U = Query scalar S type T { z: Int } "
      "schema { query: Query }"
      "extend type Query { u: U s: S } extend enum E { Y } extend input I { y: Int } extend union U = T"
      " extend schema { mutation: T } extend scalar S @specifiedBy(url: \"https://example.org\")");
  ASSERT_TRUE(schema) << schema.error().to_string();
  EXPECT_TRUE((*schema)->type("Query")->field("u"));
  EXPECT_TRUE((*schema)->type("E")->has_value("Y"));
  EXPECT_TRUE((*schema)->type("I")->input_field("y"));
  EXPECT_TRUE((*schema)->type("U")->includes((*schema)->type("T")));
  EXPECT_EQ((*schema)->type("S")->specified_by, "https://example.org");
  EXPECT_EQ((*schema)->root(OperationKind::mutation), (*schema)->type("T"));
}

TEST(Engine, bindings_must_fit_the_schema) {
  Resolvers resolvers;
  resolvers.bind_sync("Query.a", constant("1"));
  resolvers.bind_sync("Query.a", constant("2"));
  resolvers.bind_sync("Query.nope", constant("1"));
  resolvers.bind_sync("Nope.a", constant("1"));
  resolvers.bind_sync("nonsense", constant("1"));
  const auto engine = Engine::create("type Query { a: Int }", std::move(resolvers));
  ASSERT_FALSE(engine);
  std::vector<std::string> paths;
  for (const auto& problem : engine.error().problems()) paths.push_back(problem.path);
  EXPECT_THAT(paths, ElementsAre("Query.a", "Query.nope", "Nope.a", "nonsense"));
}

TEST(Engine, knows_its_fields_and_which_root_fields_nobody_answers) {
  Resolvers resolvers;
  resolvers.bind_sync("Query.a", constant("1"));
  const auto engine =
      engine_of("type Query { a: Int b: Int } type Mutation { c: Int } type T { d: Int }", std::move(resolvers));
  EXPECT_TRUE(engine->has_field("Mutation.c"));
  EXPECT_TRUE(engine->has_field("T.d"));
  EXPECT_FALSE(engine->has_field("T.x"));
  EXPECT_FALSE(engine->has_field("X.d"));
  EXPECT_FALSE(engine->has_field("T"));
  EXPECT_THAT(engine->unbound_root_fields(), ElementsAre("Query.b", "Mutation.c"));
}

TEST(Schema, hides_what_a_directive_marks) {
  constexpr std::string_view kMarked = R"(
    directive @ours on FIELD_DEFINITION | OBJECT | INPUT_OBJECT | INPUT_FIELD_DEFINITION | ARGUMENT_DEFINITION
    type Query { a(x: Int, y: Secret @ours): Int b: Hidden @ours }
    type Hidden @ours { c: Int }
    input Secret @ours { d: Int }
    input Open { e: Int f: Int @ours })";
  const auto whole = Schema::load(kMarked).value();
  EXPECT_TRUE(whole->type("Query")->field("b"));
  const auto cut = Schema::load(kMarked, "ours").value();
  EXPECT_FALSE(cut->type("Query")->field("b"));
  EXPECT_FALSE(cut->type("Hidden"));
  EXPECT_EQ(cut->type("Query")->field("a")->args.size(), 1U);

  Resolvers resolvers;
  resolvers.bind_sync("Query.b", [](const FieldCall&) -> Result<Json> { return Json(); });
  EXPECT_TRUE(Engine::create(kMarked, std::move(resolvers), {}, "ours"));
}

}  // namespace
}  // namespace slipway::graphql
