#include "graphql/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async/testing.h"

namespace slipway::graphql {
namespace {

constexpr std::string_view kSdl = R"(
type Query {
  hello(name: String = "world"): String
  hero: Hero
  heroes: [Hero!]
  node(id: ID!): Node
  broken: String!
  number(value: Int): Int
}
type Mutation { add(input: AddInput!): AddPayload fail: String }
input AddInput { value: Int! note: JSONString tags: [String!] color: Color = RED }
type AddPayload { total: Int! echo: JSON }
interface Node { id: ID! }
type Hero implements Node { id: ID! name: String! friends: [Hero!] secret: String! }
enum Color { RED GREEN }
scalar JSONString
scalar JSON
)";

class NoContext : public Context {};

std::shared_ptr<const Engine> make_engine(Limits limits = {}) {
  Resolvers resolvers;
  resolvers.bind_sync("Query.hello", [](const FieldCall& call) -> Result<Json> {
    return text_value("hello " + std::string(call.args.at("name").as_string()));
  });
  resolvers.bind_sync("Query.hero", [](const FieldCall&) -> Result<Json> {
    return parse_json(R"({"id": 7, "name": "Ada", "friends": [{"name": "Bob"}, {"name": "Eve"}]})");
  });
  resolvers.bind_sync("Query.node", [](const FieldCall& call) -> Result<Json> {
    return Json({{"__typename", "Hero"}, {"id", call.args.at("id")}, {"name", "node"}});
  });
  resolvers.bind("Mutation.add", [](const FieldCall& call) -> Task<Json> {
    const JsonObject input = call.args.at("input").as_object();
    JsonObject out;
    out["total"] = input.at("value");
    out["echo"] = input;
    co_return Json(out);
  });
  resolvers.bind_sync("Mutation.fail", [](const FieldCall&) -> Result<Json> {
    return Error(Code::conflict, "the queue exists", {{"name", "is taken"}}).hint("Choose another name.");
  });
  auto engine = Engine::create(kSdl, std::move(resolvers), limits);
  EXPECT_TRUE(engine) << engine.error().to_string();
  return *engine;
}

Response run(const Engine& engine, std::string query, JsonObject variables = {}, std::string operation = {}) {
  asio::io_context io;
  std::optional<Response> out;
  Request request{std::move(query), std::move(variables), std::move(operation)};
  asio::co_spawn(
      io, [&]() -> asio::awaitable<void> { out = co_await engine.execute(std::move(request), std::make_shared<NoContext>()); },
      [](const std::exception_ptr& error) {
        if (error) std::rethrow_exception(error);
      });
  io.run();
  return std::move(*out);
}

std::string data(const Engine& engine, std::string query, JsonObject variables = {}) {
  return to_text(run(engine, std::move(query), std::move(variables)).body);
}

TEST(Engine, answers_fields_in_order_with_aliases_and_fragments) {
  const auto engine = make_engine();
  EXPECT_EQ(data(*engine, "#graphql\n{ b: hello(name: \"x\",), hello hero { ...F __typename } } fragment F on Hero { id name, friends { name } }"),
            R"({"data":{"b":"hello x","hello":"hello world","hero":{"id":"7","name":"Ada",)"
            R"("friends":[{"name":"Bob"},{"name":"Eve"}],"__typename":"Hero"}}})");
}

TEST(Engine, runs_mutations_with_input_objects) {
  const auto engine = make_engine();
  const auto response = run(*engine, "mutation M($i: AddInput!) { add(input: $i) { total echo } hello: fail @skip(if: true) } query Q($n: Int) { number(value: $n) }",
                            {{"i", {{"value", 2.0}, {"tags", "one"}, {"note", "{}"}}}, {"undeclared", 1}}, "M");
  EXPECT_EQ(to_text(response.body),
            R"({"data":{"add":{"total":2,"echo":{"value":2,"tags":["one"],"note":"{}","color":"RED"}}}})");
  EXPECT_TRUE(response.outcome);
  EXPECT_TRUE(response.is_mutation);
}

TEST(Engine, tells_the_type_of_a_name) {
  const auto engine = make_engine();
  EXPECT_EQ(data(*engine, R"({ a: __type(name: "AddPayload") { name fields { name } inputFields { name } } b: __type(name: "Nope") { name } })"),
            R"({"data":{"a":{"name":"AddPayload","fields":[{"name":"total"},{"name":"echo"}],"inputFields":null},"b":null}})");
}

TEST(Engine, errors_carry_path_location_code_hint_and_problems) {
  const auto engine = make_engine();
  const auto response = run(*engine, "mutation {\n  fail }");
  EXPECT_EQ(to_text(response.body),
            R"({"data":{"fail":null},"errors":[{"message":"the queue exists","locations":[{"line":2,"column":3}],"path":["fail"],)"
            R"("extensions":{"code":"conflict","hint":"Choose another name.","problems":[{"path":"name","message":"is taken"}]}}]})");
  EXPECT_EQ(response.outcome.error().code(), Code::conflict);
}

TEST(Engine, unknown_fields_are_named_as_clients_expect) {
  const auto engine = make_engine();
  const auto response = run(*engine, "{ hero { features } }");
  EXPECT_EQ(response.outcome.error().message(), R"(Cannot query field "features" on type "Hero".)");
}

}  // namespace
}  // namespace slipway::graphql
