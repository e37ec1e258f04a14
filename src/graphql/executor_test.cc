#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include "graphql/test_engine.h"

namespace slipway::graphql {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kSdl = R"(
scalar JSON
scalar JSONString
scalar Int64
enum Color { RED GREEN }
interface Node { id: ID! }
type Query {
  hero: Hero
  strict: Hero!
  list: [Hero]
  strictList: [Hero!]!
  node: Node
  slow: Slow
  slowList: [Slow!]!
  number: Int
  text(value: JSONString, other: JSONString): String
  json(value: JSON): JSON
  encoded: JSONString
  big(value: Int64): Int64
  float: Float
  flag: Boolean
  color(value: Color = RED): Color
  failing: String
  throwing: String
}
type Hero implements Node { id: ID! name: String friends: [Hero!] boss: Hero text: String extra: JSON }
type Slow { id: ID! later(add: Int = 0): Int nested: [Slow] }
type Mutation { first: Int second: Int third: Int set(value: Int64, color: Color, ids: [ID!]): JSON }
)";

const std::string kHero =
    R"({"id": "1", "name": "Ada", "friends": [{"id": "2", "name": "Bob"}, {"id": "3"}], "boss": {"id": "4", "name": "Zoe"}})";

/// Suspends and comes back on the same executor.
asio::awaitable<void> yield_once() {
  asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::steady_clock::duration::zero());
  co_await timer.async_wait(asio::use_awaitable);
}

Task<Json> later(const FieldCall& call) {
  co_await yield_once();
  const auto base = as_integer(call.parent.at("base")).value_or(0);
  if (base < 0) co_return Error(Code::unavailable, "the store is away");
  co_return Json(base + as_integer(call.args.at("add")).value_or(0));
}

TEST(Executor, fields_fragments_aliases_and_directives) {
  Resolvers resolvers;
  resolvers.bind_sync("Query.hero", constant(kHero));
  const auto engine = engine_of(kSdl, std::move(resolvers));
  const auto response = run(*engine,
                            "query Q($yes: Boolean!, $no: Boolean = false) { b: hero { name } a: hero { ...F "
                            "id @skip(if: $yes) ... @include(if: $no) { text } } }"
                            " fragment F on Hero { friends { n: name ...G } boss @include(if: $yes) { id } } "
                            "fragment G on Node { id __typename }",
                            {{"yes", true}});
  EXPECT_EQ(
      to_text(response.body),
      R"({"data":{"b":{"name":"Ada"},"a":{"friends":[{"n":"Bob","id":"2","__typename":"Hero"},{"n":null,"id":"3","__typename":"Hero"}],"boss":{"id":"4"}}}})");
}

TEST(Executor, merges_selections_of_one_key) {
  Resolvers resolvers;
  resolvers.bind_sync("Query.hero", constant(kHero));
  const auto engine = engine_of(kSdl, std::move(resolvers));
  EXPECT_EQ(body(*engine, "{ hero { boss { id } } hero { name boss { name } } }"),
            R"({"data":{"hero":{"boss":{"id":"4","name":"Zoe"},"name":"Ada"}}})");
}

struct NullCase {
  std::string_view name;
  std::string_view root;  ///< Field of Query and what it gives.
  std::string_view value;
  std::string_view query;
  std::string_view data;
  std::vector<std::string> errors;
};

class NullPropagation : public testing::TestWithParam<NullCase> {};

TEST_P(NullPropagation, stops_at_the_nearest_nullable_value) {
  Resolvers resolvers;
  resolvers.bind_sync("Query." + std::string(GetParam().root), constant(GetParam().value));
  const auto engine = engine_of(kSdl, std::move(resolvers));
  const auto response = run(*engine, std::string(GetParam().query));
  EXPECT_EQ(to_text(response.body.at("data")), GetParam().data);
  EXPECT_THAT(messages(response), testing::ElementsAreArray(GetParam().errors));
}

const std::string kNullId = "Cannot return null for non-nullable field Hero.id.";

INSTANTIATE_TEST_SUITE_P(
    All, NullPropagation,
    testing::Values(
        NullCase{"in_a_nullable_object",
                 "hero",
                 R"({"name": "x"})",
                 "{ hero { name id } number }",
                 R"({"hero":null,"number":null})",
                 {kNullId}},
        NullCase{"in_a_non_null_root_field", "strict", R"({"name": "x"})", "{ strict { id } }", "null", {kNullId}},
        NullCase{"null_for_a_non_null_root_field",
                 "strict",
                 "null",
                 "{ strict { id } }",
                 "null",
                 {"Cannot return null for non-nullable field Query.strict."}},
        NullCase{"in_a_list_of_nullable_items",
                 "list",
                 R"([{"id": 1}, {}, null])",
                 "{ list { id } }",
                 R"({"list":[{"id":"1"},null,null]})",
                 {kNullId}},
        NullCase{"in_a_list_of_non_null_items",
                 "hero",
                 R"({"friends": [{"id": 1}, {}]})",
                 "{ hero { friends { id } name } }",
                 R"({"hero":{"friends":null,"name":null}})",
                 {kNullId}},
        NullCase{"null_item_of_a_strict_list",
                 "strictList",
                 R"([{"id": 1}, null])",
                 "{ strictList { id } }",
                 "null",
                 {"Cannot return null for non-nullable field Query.strictList."}},
        NullCase{"no_list",
                 "list",
                 R"({"id": 1})",
                 "{ list { id } }",
                 R"({"list":null})",
                 {"Expected Iterable, but did not find one for field \"Query.list\"."}},
        NullCase{"no_object",
                 "hero",
                 "5",
                 "{ hero { id } }",
                 R"({"hero":null})",
                 {"Expected value of type \"Hero\" but got: 5."}},
        NullCase{"no_typename",
                 "node",
                 R"({"id": 1})",
                 "{ node { id } }",
                 R"({"node":null})",
                 {"Abstract type \"Node\" must resolve to an Object type at runtime for field "
                  "\"Query.node\": its value has no \"__typename\"."}},
        NullCase{"unknown_typename",
                 "node",
                 R"({"__typename": "Robot"})",
                 "{ node { id } }",
                 R"({"node":null})",
                 {"Abstract type \"Node\" was resolved to a type \"Robot\" that does not exist inside the "
                  "schema."}},
        NullCase{"impossible_typename",
                 "node",
                 R"({"__typename": "Slow"})",
                 "{ node { id } }",
                 R"({"node":null})",
                 {"Runtime Object type \"Slow\" is not a possible type for \"Node\"."}},
        NullCase{"wrong_leaf",
                 "number",
                 "\"many\"",
                 "{ number }",
                 R"({"number":null})",
                 {"Int cannot represent non-integer value: \"many\""}},
        NullCase{"wrong_enum",
                 "color",
                 "\"PINK\"",
                 "{ color }",
                 R"({"color":null})",
                 {"Enum \"Color\" cannot represent value: \"PINK\""}}),
    [](const auto& info) { return std::string(info.param.name); });

struct LeafCase {
  std::string_view name;
  std::string_view field;
  std::string_view value;
  std::string_view expected;
};

class Leaf : public testing::TestWithParam<LeafCase> {};

TEST_P(Leaf, is_written_as_its_type_wants) {
  Resolvers resolvers;
  resolvers.bind_sync("Query." + std::string(GetParam().field), constant(GetParam().value));
  const auto engine = engine_of(kSdl, std::move(resolvers));
  const auto response = run(*engine, "{ x: " + std::string(GetParam().field) + " }");
  EXPECT_EQ(to_text(response.body.at("data").at("x")), GetParam().expected);
  EXPECT_THAT(messages(response), ElementsAre());
}

INSTANTIATE_TEST_SUITE_P(
    All, Leaf,
    testing::Values(LeafCase{"whole_double_as_int", "number", "5.0", "5"},
                    LeafCase{"int64", "big", "9007199254740993", "9007199254740993"},
                    LeafCase{"int64_from_text", "big", "\"12\"", "12"},
                    LeafCase{"json_string_from_object", "encoded", R"({"a": [1, "b"]})", R"("{\"a\":[1,\"b\"]}")"},
                    LeafCase{"json_string_from_text", "encoded", R"("{}")", R"("{}")"},
                    LeafCase{"json", "json", R"({"a":[null]})", R"({"a":[null]})"},
                    LeafCase{"string_from_number", "text", "1.5", "\"1.5\""},
                    LeafCase{"string_from_boolean", "text", "true", "\"true\""},
                    LeafCase{"float_from_int", "float", "2", "2"}, LeafCase{"boolean", "flag", "false", "false"},
                    LeafCase{"enumeration", "color", "\"GREEN\"", "\"GREEN\""}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(Executor, resolver_errors_leave_the_rest_of_the_data) {
  Resolvers resolvers;
  resolvers.bind_sync("Query.failing", [](const FieldCall&) -> Result<Json> {
    return Error(Code::not_found, "no such thing", {{"spec.name", "is empty", "queue.yaml", 3, 4}}).hint("Make one.");
  });
  resolvers.bind_sync("Query.throwing", [](const FieldCall&) -> Result<Json> { throw std::runtime_error("boom"); });
  resolvers.bind_sync("Query.number", constant("7"));
  const auto engine = engine_of(kSdl, std::move(resolvers));
  const auto response = run(*engine, "{ failing\n  again: failing throwing number }");
  EXPECT_EQ(to_text(response.body.at("data")), R"({"failing":null,"again":null,"throwing":null,"number":7})");
  EXPECT_EQ(to_text(response.body.at("errors").at(1)),
            R"({"message":"no such thing: spec.name: is empty","locations":[{"line":2,"column":3}],"path":["again"],)"
            R"("extensions":{"code":"not_found","summary":"no such thing","hint":"Make one.",)"
            R"("problems":[{"path":"spec.name","message":"is empty","file":"queue.yaml","line":3,"column":4}]}})");
  EXPECT_EQ(text_or(response.body.at("errors").at(2), "message"), "boom");
  EXPECT_EQ(response.outcome.error().code(), Code::not_found);
  EXPECT_EQ(response.outcome.error().mend(), "Make one.");
}

TEST(Executor, awaits_resolvers_at_any_depth) {
  Resolvers resolvers;
  resolvers.bind_sync(
      "Query.slowList",
      constant(R"([{"id": 1, "base": 10, "nested": [{"id": 2, "base": 20}, null]}, {"id": 3, "base": -1}])"));
  resolvers.bind("Slow.later", later);
  const auto engine = engine_of(kSdl, std::move(resolvers));
  const auto response =
      run(*engine, "{ slowList { id later(add: 1) nested { ...F } } } fragment F on Slow { id later }");
  EXPECT_EQ(
      to_text(response.body.at("data")),
      R"({"slowList":[{"id":"1","later":11,"nested":[{"id":"2","later":20},null]},{"id":"3","later":null,"nested":null}]})");
  EXPECT_THAT(messages(response), ElementsAre("the store is away"));
  EXPECT_EQ(to_text(response.body.at("errors").at(0).at("path")), R"(["slowList",1,"later"])");
}

TEST(Executor, null_propagates_through_awaited_values_too) {
  Resolvers resolvers;
  resolvers.bind_sync("Query.slowList", constant(R"([{"id": 1, "base": 1}, {"base": 2}])"));
  resolvers.bind("Slow.later", later);
  const auto engine = engine_of(kSdl, std::move(resolvers));
  const auto response = run(*engine, "{ slowList { later id } }");
  EXPECT_TRUE(response.body.at("data").is_null());
  EXPECT_THAT(messages(response), ElementsAre("Cannot return null for non-nullable field Slow.id."));
}

TEST(Executor, mutations_run_one_after_the_other) {
  std::vector<std::string> steps;
  const auto step = [&steps](std::string name) -> AsyncResolver {
    return [&steps, name](const FieldCall&) -> Task<Json> {
      steps.push_back(name + " begins");
      co_await yield_once();
      steps.push_back(name + " ends");
      co_return Json(static_cast<std::int64_t>(steps.size()));
    };
  };
  Resolvers resolvers;
  resolvers.bind("Mutation.first", step("first"));
  resolvers.bind("Mutation.second", step("second"));
  resolvers.bind_sync("Mutation.third", [&steps](const FieldCall&) -> Result<Json> {
    steps.emplace_back("third");
    return Json(0);
  });
  const auto engine = engine_of(kSdl, std::move(resolvers));
  const auto response = run(*engine, "mutation { first third second }");
  EXPECT_EQ(to_text(response.body), R"({"data":{"first":2,"third":0,"second":5}})");
  EXPECT_TRUE(response.is_mutation);
  EXPECT_THAT(steps, ElementsAre("first begins", "first ends", "third", "second begins", "second ends"));
}

TEST(Executor, throwing_coroutines_become_errors) {
  Resolvers resolvers;
  resolvers.bind("Query.throwing", [](const FieldCall&) -> Task<Json> {
    co_await yield_once();
    throw std::runtime_error("boom");
  });
  const auto engine = engine_of(kSdl, std::move(resolvers));
  const auto response = run(*engine, "{ throwing number }");
  EXPECT_EQ(to_text(response.body.at("data")), R"({"throwing":null,"number":null})");
  EXPECT_EQ(response.outcome.error().code(), Code::internal);
}

TEST(Executor, a_cancelled_request_still_answers) {
  Resolvers resolvers;
  resolvers.bind("Query.slow", [](const FieldCall&) -> Task<Json> {
    asio::steady_timer timer(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
    co_await timer.async_wait(asio::use_awaitable);
    co_return Json(nullptr);
  });
  resolvers.bind("Slow.later", later);
  const auto engine = engine_of(kSdl, std::move(resolvers));
  asio::io_context io;
  asio::cancellation_signal signal;
  std::optional<Response> out;
  Request request{"{ slow { later } other: slow { id } }", {}, ""};
  const auto body = [&]() -> asio::awaitable<void> {
    auto answer = engine->execute(std::move(request), std::make_shared<Context>());
    out = co_await std::move(answer);
  };
  asio::co_spawn(io, body, asio::bind_cancellation_slot(signal.slot(), [](const std::exception_ptr&) {}));
  io.poll();
  signal.emit(asio::cancellation_type::all);
  io.run();
  ASSERT_TRUE(out);
  EXPECT_EQ(out->outcome.error().code(), Code::cancelled);
}

TEST(Executor, tells_resolvers_what_is_selected_below) {
  std::map<std::string, bool> asked;
  Resolvers resolvers;
  resolvers.bind_sync("Query.hero", [&](const FieldCall& call) -> Result<Json> {
    for (const char* name : {"id", "friends", "boss", "name", "text"}) asked[name] = call.selects(name);
    return parse_json(kHero);
  });
  const auto engine = engine_of(kSdl, std::move(resolvers));
  run(*engine,
      "{ hero { id ...F text @skip(if: true) boss { name } } } fragment F on Hero { ... on Node { ... on "
      "Hero { x: friends { id } } } }");
  EXPECT_THAT(asked, ElementsAre(std::pair("boss", true), std::pair("friends", true), std::pair("id", true),
                                 std::pair("name", false), std::pair("text", false)));
}

TEST(Executor, resolvers_below_see_their_whole_parent) {
  Resolvers resolvers;
  resolvers.bind_sync("Query.hero", constant(R"({"id": "1", "name": "Ada", "extra": {"a": "b"}})"));
  resolvers.bind_sync("Hero.text",
                      [](const FieldCall& call) -> Result<Json> { return text_value(to_text(call.parent)); });
  const auto engine = engine_of(kSdl, std::move(resolvers));
  EXPECT_EQ(
      body(*engine, "{ hero { name extra text again: name id } }"),
      R"({"data":{"hero":{"name":"Ada","extra":{"a":"b"},"text":"{\"id\":\"1\",\"name\":\"Ada\",\"extra\":{\"a\":\"b\"}}","again":"Ada","id":"1"}}})");
}

TEST(Executor, one_member_may_be_read_many_times) {
  Resolvers resolvers;
  resolvers.bind_sync("Query.hero", constant(kHero));
  const auto engine = engine_of(kSdl, std::move(resolvers));
  EXPECT_EQ(
      body(*engine,
           "{ hero { a: name b: name x: boss { a: name b: name } y: boss { name } z: friends { name } "
           "friends { name id } } }"),
      R"({"data":{"hero":{"a":"Ada","b":"Ada","x":{"a":"Zoe","b":"Zoe"},"y":{"name":"Zoe"},"z":[{"name":"Bob"},{"name":null}],)"
      R"("friends":[{"name":"Bob","id":"2"},{"name":null,"id":"3"}]}}})");
}

TEST(Executor, big_values_are_moved_not_copied) {
  const void* received = nullptr;
  const void* returned = nullptr;
  Resolvers resolvers;
  resolvers.bind_sync("Query.text", [&](const FieldCall& call) -> Result<Json> {
    received = call.args.at("value").get_string().data();
    return text_value("ok");
  });
  resolvers.bind_sync("Query.hero", [&](const FieldCall&) -> Result<Json> {
    Json hero = {{"id", "1"}, {"text", std::string(1 << 20, 'y')}};
    returned = hero.at("text").get_string().data();
    return hero;
  });
  const auto engine = engine_of(kSdl, std::move(resolvers));
  JsonObject variables{{"v", std::string(1 << 20, 'x')}};
  const void* sent = variables.at("v").get_string().data();
  const auto response =
      run(*engine, "query ($v: JSONString) { text(value: $v) hero { id text } }", std::move(variables));
  EXPECT_EQ(received, sent);
  EXPECT_EQ(response.body.at("data").at("hero").at("text").get_string().data(), returned);
}

TEST(Executor, variables_that_are_used_twice_reach_both_places) {
  std::vector<std::string> received;
  Resolvers resolvers;
  resolvers.bind_sync("Query.text", [&](const FieldCall& call) -> Result<Json> {
    received.push_back(to_text(Json(call.args)));
    return Json(nullptr);
  });
  const auto engine = engine_of(kSdl, std::move(resolvers));
  run(*engine,
      "query ($v: JSONString) { text(value: $v, other: $v) ...F ... { b: text(value: $v) } } fragment F on "
      "Query { a: text(value: $v) }",
      {{"v", "x"}});
  EXPECT_THAT(received, ElementsAre(R"({"value":"x","other":"x"})", R"({"value":"x"})", R"({"value":"x"})"));
}

}  // namespace
}  // namespace slipway::graphql
