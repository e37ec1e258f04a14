// Answers questions about our GraphQL engine for compare.mjs: one JSON object a line in, one a line out.
//   {"ask": "parse", "text": …}                          → {"ast": …} or {"syntaxError": …}
//   {"ask": "print", "text": …}                          → {"text": …}
//   {"ask": "execute", "text": …, "variables": {…}, "operationName": …} → the response
// Usage: graphql_probe SCHEMA.graphql DATA.json. Root fields are members of the data, under "query" and
// "mutation".
#include <fstream>
#include <iostream>
#include <iterator>

#include <boost/asio/io_context.hpp>

#include "ast_json.h"
#include "async/task.h"
#include "graphql/engine.h"
#include "graphql/parser.h"
#include "graphql/printer.h"

namespace slipway::graphql {
namespace {

std::string read_file(const char* path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Json execute(const Engine& engine, Request request) {
  asio::io_context io;
  Json body;
  asio::co_spawn(
      io,
      [&]() -> asio::awaitable<void> {
        body = (co_await engine.execute(std::move(request), std::make_shared<Context>())).body;
      },
      [](const std::exception_ptr& error) {
        if (error) std::rethrow_exception(error);
      });
  io.run();
  return body;
}

Json answer(const Engine& engine, const Json& question) {
  const std::string ask = text_or(question, "ask");
  const std::string text = text_or(question, "text");
  JsonObject out;
  if (ask == "execute") {
    const Json* variables = find(question, "variables");
    return execute(engine, {text, variables && variables->is_object() ? variables->get_object() : JsonObject(),
                            text_or(question, "operationName")});
  }
  auto document = parse(text);
  if (!document) {
    out["syntaxError"] = document.error().message();
  } else if (ask == "print") {
    out["text"] = print(**document);
  } else {
    out["ast"] = ast_to_json(**document);
  }
  return out;
}

int run(const char* schema_path, const char* data_path) {
  const auto data = parse_json(read_file(data_path));
  if (!data) return std::cerr << data.error().to_string() << "\n", 1;
  Resolvers resolvers;
  for (const auto& [root, type] : {std::pair("query", "Query"), std::pair("mutation", "Mutation")}) {
    for (const auto& member : data->at(root).as_object()) {
      const Json* value = &member.value();
      const auto resolver = [value](const FieldCall&) -> Result<Json> { return *value; };
      resolvers.bind_sync(std::string(type) + "." + std::string(member.key()), resolver);
    }
  }
  const auto engine = Engine::create(read_file(schema_path), std::move(resolvers));
  if (!engine) return std::cerr << engine.error().to_string() << "\n", 1;
  for (std::string line; std::getline(std::cin, line);) {
    const auto question = parse_json(line);
    if (!question) return std::cerr << question.error().to_string() << "\n", 1;
    std::cout << to_text(answer(**engine, *question)) << "\n";
  }
  return 0;
}

}  // namespace
}  // namespace slipway::graphql

int main(int argc, char** argv) {
  if (argc != 3) return std::cerr << "usage: graphql_probe SCHEMA.graphql DATA.json\n", 2;
  return slipway::graphql::run(argv[1], argv[2]);
}
