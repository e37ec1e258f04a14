#include "client/graphql_answer.h"

#include <fmt/format.h>

#include "base/strings.h"

namespace slipway::client {
namespace {

constexpr std::string_view kAsking = "asking the server";

Problem problem_of(const Json& value) {
  Problem problem;
  problem.path = text_or(value, "path");
  problem.message = text_or(value, "message");
  problem.file = text_or(value, "file");
  problem.line = static_cast<int>(int_or(value, "line", 0));
  problem.column = static_cast<int>(int_or(value, "column", 0));
  return problem;
}

/// Without the problems, which slipway's message repeats for clients that read nothing else.
std::string message_of(const Json& error) {
  if (error.is_string()) return std::string(error.get_string());
  if (const Json* extensions = find(error, "extensions")) {
    const auto summary = text_or(*extensions, "summary");
    if (!summary.empty()) return summary;
  }
  return text_or(error, "message", "the server gave no reason");
}

/// Our codes, and those that other servers of this protocol write in capitals.
std::optional<Code> code_of(const Json& details) {
  const auto name = lower(text_or(details, "code"));
  if (name == "permission_error" || name == "forbidden") return Code::permission_denied;
  return code_from_name(name);
}

std::string hint_for(Code code, const Json& details) {
  auto hint = text_or(details, "hint");
  if (hint.empty() && code == Code::unauthenticated) hint = "Set WANDB_API_KEY, or sign in with `slipway login`.";
  return hint;
}

/// `error` is one entry of "errors", or the value of "error". `fallback` when it names no code.
Error make_error(const Json& error, std::string message, Code fallback) {
  const Json* extensions = find(error, "extensions");
  const Json& details = extensions != nullptr ? *extensions : error;
  const auto code = code_of(details).value_or(fallback);
  std::vector<Problem> problems;
  if (const Json* list = find(details, "problems"); list != nullptr && list->is_array()) {
    for (const auto& each : list->get_array()) problems.push_back(problem_of(each));
  }
  return Error(code, std::move(message), std::move(problems)).hint(hint_for(code, details));
}

std::optional<Error> error_in(const Json& body, Code fallback) {
  if (const Json* error = find(body, "error"); error != nullptr && !error->is_null())
    return make_error(*error, message_of(*error), fallback);
  const Json* errors = find(body, "errors");
  if (errors == nullptr || !errors->is_array() || errors->get_array().empty()) return std::nullopt;
  std::vector<std::string> messages;
  for (const auto& each : errors->get_array()) messages.push_back(message_of(each));
  return make_error(errors->get_array().front(), join(messages, "; "), fallback);
}

/// The error of an answer that is no 2xx.
Error failure_of(const net::ClientResponse& response, std::string_view doing) {
  auto plain = net::expect_success(response, doing).error();
  if (const auto body = parse_json(response.body)) {
    if (auto error = error_in(*body, plain.code())) return *std::move(error);
  }
  const auto hint = hint_for(plain.code(), Json());
  return std::move(plain).hint(hint);
}

bool succeeded(const net::ClientResponse& response) { return response.status >= 200 && response.status < 300; }

}  // namespace

Result<Json> read_graphql_answer(const net::ClientResponse& response) {
  if (!succeeded(response)) return failure_of(response, kAsking);
  auto body = parse_json(response.body);
  if (!body) {
    return Error(Code::failed_precondition, "the server's answer is not JSON")
        .hint("Is WANDB_BASE_URL the address of a slipway or W&B server?");
  }
  if (auto error = error_in(*body, Code::invalid_argument)) return *std::move(error);
  const Json* data = find(*body, "data");
  if (data == nullptr) return Error(Code::failed_precondition, "the server's answer has neither data nor errors");
  return *data;
}

Result<Json> read_json_answer(const net::ClientResponse& response, std::string_view doing) {
  if (!succeeded(response)) return failure_of(response, doing);
  if (trim(response.body).empty()) return Json(JsonObject());
  auto body = parse_json(response.body);
  if (!body) return std::move(body).error().wrap(doing);
  return body;
}

}  // namespace slipway::client
