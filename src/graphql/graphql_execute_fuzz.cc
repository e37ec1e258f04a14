// Any document with any variables gets an answer that is JSON. Input: the query, a zero byte, the variables
// as a JSON object.
#include <cstdlib>

#include <boost/asio/io_context.hpp>

#include "graphql/engine.h"

namespace slipway::graphql {
namespace {

constexpr std::string_view kSdl = R"(
scalar JSON
scalar JSONString
scalar Int64
enum Color { RED GREEN @deprecated }
interface Node { id: ID! }
union Any = Query | Leaf
input Filter { color: Color = RED colors: [Color!] min: Int! text: JSONString and: [Filter!] big: Int64 = 5 }
type Leaf implements Node { id: ID! int: Int float: Float! names: [[String!]] json: JSON encoded: JSONString color: Color big: Int64 }
type Query implements Node {
  id: ID! self(filter: Filter, list: [Int!], any: JSON): Query strict: Query! later(value: Int! = 1): Leaf node: Node any: [Any!] leaf: Leaf
}
type Mutation { do(input: Filter!, id: ID): Query }
)";

Result<Json> leaf() {
  return parse_json(
      R"({"__typename": "Leaf", "id": 1, "int": 5, "float": null, "names": [["a", null], null], "json": {"a": [1]}, "encoded": [1], "color": "RED", "big": "7"})");
}

Result<Json> query(const FieldCall& call) {
  return Json({{"__typename", call.selects("id") ? "Query" : "Leaf"}, {"id", "q"}, {"any", call.args}});
}

std::shared_ptr<const Engine> make_engine() {
  Resolvers resolvers;
  resolvers.bind_sync("Query.self", query);
  resolvers.bind_sync("Query.strict", query);
  resolvers.bind_sync("Query.node", [](const FieldCall&) { return leaf(); });
  resolvers.bind_sync("Query.any", [](const FieldCall&) {
    return parse_json(R"([{"__typename": "Query"}, {"__typename": "Leaf", "id": 2}, {}])");
  });
  resolvers.bind("Query.later", [](const FieldCall&) -> Task<Json> { co_return leaf(); });
  resolvers.bind("Mutation.do", [](const FieldCall& call) -> Task<Json> { co_return query(call); });
  auto engine = Engine::create(kSdl, std::move(resolvers));
  if (!engine) std::abort();
  return *engine;
}

void execute(const Engine& engine, Request request) {
  asio::io_context io;
  std::optional<Response> response;
  asio::co_spawn(
      io,
      [&]() -> asio::awaitable<void> {
        response = co_await engine.execute(std::move(request), std::make_shared<Context>());
      },
      [](const std::exception_ptr& error) {
        if (error) std::abort();
      });
  io.run();
  const bool answered = response && (find(response->body, "data") || find(response->body, "errors"));
  if (!answered || response->outcome.has_value() == (find(response->body, "errors") != nullptr)) std::abort();
  if (!parse_json(to_text(response->body), {.max_depth = 1000})) std::abort();
}

}  // namespace
}  // namespace slipway::graphql

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace slipway;
  static const auto engine = graphql::make_engine();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto zero = text.find('\0');
  graphql::Request request{std::string(text.substr(0, zero)), {}, ""};
  if (zero != std::string_view::npos) {
    auto variables = parse_json(text.substr(zero + 1));
    if (variables && variables->is_object()) request.variables = variables->get_object();
  }
  graphql::execute(*engine, std::move(request));
  return 0;
}
