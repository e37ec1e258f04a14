#include "server/api/graphql_endpoint.h"

#include <fmt/format.h>

#include "base/log.h"
#include "graphql/graph_error.h"

namespace slipway::server {
namespace {

Result<graphql::Request> read_request(Json body) {
  if (!body.is_object())
    return Error(Code::invalid_argument,
                 fmt::format("a GraphQL request is a JSON object with 'query', got {}", kind_name(body)));
  graphql::Request request;
  for (auto& member : body.get_object()) {
    const std::string_view key(member.key().data(), member.key().size());
    Json& value = member.value();
    if (value.is_null()) continue;
    if (key == "query" || key == "operationName") {
      if (!value.is_string())
        return Error(Code::invalid_argument, fmt::format("'{}' must be a string, got {}", key, kind_name(value)));
      std::string& target = key == "query" ? request.query : request.operation_name;
      target.assign(value.get_string().data(), value.get_string().size());
    } else if (key == "variables") {
      if (!value.is_object())
        return Error(Code::invalid_argument, fmt::format("'variables' must be an object, got {}", kind_name(value)));
      request.variables = std::move(value.get_object());
    }
  }
  if (request.query.empty()) return Error(Code::invalid_argument, "the request has no 'query'");
  return request;
}

net::ServerResponse error_response(const Error& error) {
  JsonArray errors;
  errors.push_back(graphql::error_to_json({error, {}, {}}));
  JsonObject body;
  body["errors"] = std::move(errors);
  return net::ServerResponse::json(http_status(error.code()), to_text(Json(std::move(body))));
}

/// A browser sends other types across sites without asking; JSON it does not.
Result<> check_content_type(const net::ServerRequest& request) {
  const std::string_view type = request.headers.get("Content-Type");
  if (type.starts_with("application/json")) return {};
  return Error(Code::invalid_argument, "the Content-Type of a GraphQL request is application/json");
}

Task<graphql::Request> take_request(RouteCall& call) {
  CO_TRY_VOID(check_content_type(call.exchange.request()));
  CO_TRY(auto body, co_await call.json_body());
  co_return read_request(std::move(body));
}

Task<> answer(RouteCall& call, std::shared_ptr<const graphql::Engine> engine) {
  auto request = co_await take_request(call);
  if (!request) {
    if (request.error().code() == Code::cancelled) co_return std::move(request).error();
    co_return co_await call.exchange.respond(error_response(request.error()));
  }
  auto result = co_await engine->execute(*std::move(request), call.context);
  int status = 200;
  if (!result.outcome) {
    const Error& error = result.outcome.error();
    if (error.code() == Code::cancelled) co_return error;
    status = http_status(error.code());
    if (error.code() == Code::internal)
      log::error("request failed", {{"request", call.context->request_id}, {"error", error.message()}});
  }
  auto response = net::ServerResponse::json(status, to_text(result.body));
  response.headers.set("X-Request-Id", call.context->request_id);
  co_return co_await call.exchange.respond(std::move(response));
}

}  // namespace

void mount_graphql(Router& router, std::string path, std::shared_ptr<const graphql::Engine> engine,
                   std::size_t max_body) {
  RouteOptions options;
  options.auth = AuthNeed::any;
  options.max_body = max_body;
  router.add("POST", std::move(path), options,
             [engine = std::move(engine)](RouteCall& call) { return answer(call, engine); });
}

}  // namespace slipway::server
