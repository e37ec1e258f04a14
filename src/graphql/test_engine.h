// What the tests of this folder share: running a request to its end, and comparing messages.
#pragma once
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graphql/engine.h"

namespace slipway::graphql {

inline Response run(const Engine& engine, std::string query, JsonObject variables = {}, std::string operation = {}) {
  asio::io_context io;
  std::optional<Response> out;
  Request request{std::move(query), std::move(variables), std::move(operation)};
  const auto context = std::make_shared<Context>();
  asio::co_spawn(
      io, [&]() -> asio::awaitable<void> { out = co_await engine.execute(std::move(request), context); },
      [](const std::exception_ptr& error) {
        if (error) std::rethrow_exception(error);
      });
  io.run();
  return std::move(*out);
}

inline std::string body(const Engine& engine, std::string query, JsonObject variables = {}) {
  return to_text(run(engine, std::move(query), std::move(variables)).body);
}

inline std::vector<std::string> messages(const Response& response) {
  std::vector<std::string> out;
  const Json* errors = find(response.body, "errors");
  if (!errors) return out;
  for (const auto& error : errors->as_array()) out.push_back(text_or(error, "message"));
  return out;
}

inline std::shared_ptr<const Engine> engine_of(std::string_view sdl, Resolvers resolvers = {}, Limits limits = {}) {
  auto engine = Engine::create(sdl, std::move(resolvers), limits);
  if (!engine) throw std::runtime_error(engine.error().to_string());
  return *engine;
}

/// A resolver that always gives the same JSON.
inline SyncResolver constant(std::string_view json) {
  auto value = parse_json(json);
  if (!value) throw std::runtime_error(value.error().to_string());
  return [value = *std::move(value)](const FieldCall&) -> Result<Json> { return value; };
}

}  // namespace slipway::graphql
