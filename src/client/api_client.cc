#include "client/api_client.h"

#include <fmt/format.h>

#include "base/log.h"
#include "base/retry.h"
#include "base/strings.h"
#include "client/graphql_answer.h"

namespace slipway::client {
namespace {

constexpr Millis kTransferIdle{60'000};
constexpr Millis kTransferRetry{300'000};

/// Is `url` the server's own? Compared part by part: "http://host.evil" only begins like "http://host".
bool is_below(std::string_view url, std::string_view base_url) {
  const auto address = net::parse_url(url);
  const auto base = net::parse_url(base_url);
  if (!address || !base || address->scheme != base->scheme || address->host != base->host ||
      address->port != base->port)
    return false;
  const std::string_view folder = base->path == "/" ? std::string_view() : std::string_view(base->path);
  return address->path.starts_with(folder) &&
         (address->path.size() == folder.size() || address->path[folder.size()] == '/');
}

net::ClientRequest request_to(const Connection& connection, std::string method, std::string_view path_or_url) {
  net::ClientRequest request;
  request.method = std::move(method);
  request.url =
      path_or_url.starts_with('/') ? connection.base_url + std::string(path_or_url) : std::string(path_or_url);
  if (!connection.user_agent.empty()) request.headers.add("User-Agent", connection.user_agent);
  return request;
}

void add_identity(net::ClientRequest& request, const Connection& connection) {
  if (!is_below(request.url, connection.base_url)) return;
  request.user = "api";
  request.password = connection.api_key;
  if (!connection.username.empty()) request.headers.set("X-WANDB-USERNAME", connection.username);
}

/// One answer, judged.
struct Attempt {
  Result<Json> value;
  std::optional<Millis> retry_after;
};
using Judge = std::function<Result<Json>(const net::ClientResponse&)>;

Attempt judge_answer(const Result<net::ClientResponse>& answer, const Judge& judge) {
  if (!answer) return {answer.error(), std::nullopt};
  return {judge(*answer), answer->retry_after()};
}

/// Sends until the judge is content, the error is final, or `retry_for` has passed.
Task<Json> send_with_retries(std::shared_ptr<net::HttpClient> http, net::ClientRequest request, Judge judge,
                             Millis retry_for) {
  const BackoffPolicy policy{.first = Millis(250), .max = Millis(15'000), .give_up_after = retry_for};
  Backoff backoff(policy);
  for (;;) {
    auto answer = co_await http->send(request);
    auto attempt = judge_answer(answer, judge);
    if (attempt.value || !retryable(attempt.value.error().code()) || retry_for.count() <= 0)
      co_return std::move(attempt.value);
    const auto wait = backoff.next(attempt.retry_after);
    if (!wait) co_return std::move(attempt.value);
    log::debug("trying again", {{"error", attempt.value.error().message()}, {"wait_ms", wait->count()}});
    CO_TRY_VOID(co_await sleep_for(*wait));
  }
}

Result<Json> nothing_but_success(const net::ClientResponse& response, std::string_view doing) {
  if (response.status >= 200 && response.status < 300) return Json();
  return read_json_answer(response, doing);
}

}  // namespace

ApiClient::ApiClient(std::shared_ptr<net::HttpClient> http, Connection connection)
    : http_(std::move(http)), connection_(std::move(connection)) {}

Task<Json> ApiClient::call(std::string document, JsonObject variables, CallOptions options) {
  auto request = request_to(connection_, "POST", "/graphql");
  add_identity(request, connection_);
  request.headers.add("Content-Type", "application/json");
  request.timeout = options.timeout;
  JsonObject body;
  body["query"] = text_value(document);
  body["variables"] = std::move(variables);
  request.body = to_text(body);
  co_return co_await send_with_retries(http_, std::move(request), read_graphql_answer, options.retry_for);
}

Task<bool> ApiClient::has_field(std::string type, std::string field) {
  if (!known_fields_.contains(type)) {
    JsonObject variables;
    variables["type"] = text_value(type);
    auto answer = co_await call(
        "query TypeFields($type: String!) { __type(name: $type) { fields(includeDeprecated: true) { name } "
        "inputFields { name } } }",
        std::move(variables), CallOptions());
    // A server that answers, but not this question, has none of our extensions.
    const auto refused = !answer && (answer.error().code() == Code::invalid_argument ||
                                     answer.error().code() == Code::failed_precondition);
    if (!answer && !refused) co_return std::move(answer).error();
    auto& fields = known_fields_[type];
    for (const char* list : {"fields", "inputFields"}) {
      const Json* names = answer ? find_path(*answer, std::string("__type.") + list) : nullptr;
      if (names == nullptr || !names->is_array()) continue;
      for (const auto& each : names->get_array()) fields[text_or(each, "name")] = true;
    }
  }
  co_return known_fields_[type].contains(field);
}

Task<> ApiClient::upload(std::string url, std::filesystem::path file, std::vector<std::string> headers,
                         std::function<void(std::uint64_t, std::uint64_t)> on_progress) {
  auto request = request_to(connection_, "PUT", url);
  for (const auto& header : headers) {
    const auto colon = header.find(':');
    if (colon == std::string::npos)
      co_return Error(Code::invalid_argument, "the server asks for an upload header that is none");
    request.headers.set(std::string(trim(header.substr(0, colon))), std::string(trim(header.substr(colon + 1))));
  }
  request.body_file = file;
  request.timeout = std::nullopt;
  request.idle_timeout = kTransferIdle;
  request.on_progress = std::move(on_progress);
  const auto doing = "uploading " + file.filename().string();
  auto judge = [doing](const net::ClientResponse& response) { return nothing_but_success(response, doing); };
  auto sent = co_await send_with_retries(http_, request, judge, kTransferRetry);
  // Signed addresses need no key. One of the server's own that asks for it gets it.
  if (!sent && sent.error().code() == Code::unauthenticated && is_below(request.url, connection_.base_url)) {
    add_identity(request, connection_);
    sent = co_await send_with_retries(http_, request, judge, kTransferRetry);
  }
  if (!sent) co_return std::move(sent).error();
  co_return Result<>();
}

Task<> ApiClient::download(std::string url, std::filesystem::path file) {
  auto request = request_to(connection_, "GET", url);
  add_identity(request, connection_);
  request.response_file = file;
  request.follow_redirects = true;
  request.timeout = std::nullopt;
  request.idle_timeout = kTransferIdle;
  const auto doing = "downloading " + file.filename().string();
  auto judge = [doing](const net::ClientResponse& response) { return nothing_but_success(response, doing); };
  CO_TRY_VOID(co_await send_with_retries(http_, std::move(request), judge, kTransferRetry));
  co_return Result<>();
}

Task<Json> ApiClient::post_json(std::string path, std::string body, CallOptions options) {
  auto request = request_to(connection_, "POST", path);
  add_identity(request, connection_);
  request.headers.add("Content-Type", "application/json");
  request.timeout = options.timeout;
  request.body = std::move(body);
  auto judge = [](const net::ClientResponse& response) { return read_json_answer(response, "sending to the server"); };
  co_return co_await send_with_retries(http_, std::move(request), judge, options.retry_for);
}

Task<> ApiClient::stream(std::string path, std::function<bool(std::string_view)> on_data,
                         std::optional<Millis> idle_timeout) {
  auto request = request_to(connection_, "GET", path);
  add_identity(request, connection_);
  request.timeout = std::nullopt;
  request.idle_timeout = idle_timeout;
  // What comes with an error is no part of the stream: it is kept for the error's text.
  constexpr std::size_t kMaxErrorBody = 64 << 10;
  bool good = false;
  std::string error_body;
  request.on_headers = [&good](int status, const net::Headers&) { good = status >= 200 && status < 300; };
  request.on_data = [&](std::string_view piece) {
    if (good) return on_data(piece);
    error_body.append(piece);
    return error_body.size() < kMaxErrorBody;
  };
  CO_TRY(auto response, co_await http_->send(std::move(request)));
  response.body = std::move(error_body);
  auto verdict = nothing_but_success(response, "reading a stream of the server");
  if (!verdict) co_return std::move(verdict).error();
  co_return Result<>();
}

}  // namespace slipway::client
