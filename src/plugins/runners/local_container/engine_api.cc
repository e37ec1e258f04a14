#include "plugins/runners/local_container/engine_api.h"

#include <fmt/format.h>

namespace slipway::plugins::runners::local_container {
namespace {

Code code_of(int status) {
  switch (status) {
    case 400:
      return Code::invalid_argument;
    case 404:
      return Code::not_found;
    case 409:
      return Code::conflict;
    case 502:
    case 503:
    case 504:
      return Code::unavailable;
    default:
      return Code::failed_precondition;
  }
}

Error engine_error(int status, const std::string& body) {
  const auto value = parse_json(body);
  std::string message = value ? text_or(*value, "message") : "";
  if (message.empty()) message = fmt::format("the Docker engine answered with status {}", status);
  return Error(code_of(status), std::move(message));
}

/// A transfer that was cut says nothing about what the engine did.
Error transport_error(Error error) {
  if (error.code() == Code::cancelled || error.code() == Code::deadline_exceeded) return error;
  return Error(Code::unavailable, "the Docker engine cannot be reached: " + error.message());
}

}  // namespace

net::ClientRequest EngineApi::request(std::string method, const std::string& path) const {
  net::ClientRequest request;
  request.method = std::move(method);
  request.url = host_.base_url + path;
  request.unix_socket = host_.unix_socket;
  return request;
}

Task<net::ClientResponse> EngineApi::exchange(net::ClientRequest request) const {
  net::HttpClient* client = http_.lock().get();
  if (client == nullptr) co_return Error(Code::cancelled, "the HTTP client was closed");
  co_return co_await client->send(std::move(request));
}

Task<net::ClientResponse> EngineApi::send(net::ClientRequest request) const {
  auto answer = co_await exchange(std::move(request));
  if (!answer) co_return transport_error(std::move(answer).error());
  if (answer->status >= 400) co_return engine_error(answer->status, answer->body);
  co_return answer;
}

Task<Json> EngineApi::get(std::string path) const {
  CO_TRY(const auto answer, co_await send(request("GET", path)));
  auto value = parse_json(answer.body);
  if (!value)
    co_return Error(Code::failed_precondition, "the Docker engine's answer is no JSON: " + value.error().message());
  co_return value;
}

Task<> EngineApi::post(std::string path, Millis timeout) const {
  auto sent = request("POST", path);
  sent.timeout = timeout;
  CO_TRY_VOID(co_await send(std::move(sent)));
  co_return Result<>();
}

Task<> EngineApi::remove(std::string path) const {
  CO_TRY_VOID(co_await send(request("DELETE", path)));
  co_return Result<>();
}

Task<> EngineApi::put_tar(std::string container, std::filesystem::path tar) const {
  auto sent = request("PUT", "/containers/" + net::url_encode(container) + "/archive?path=%2F");
  sent.headers.set("Content-Type", "application/x-tar");
  sent.body_file = std::move(tar);
  sent.timeout = std::nullopt;
  sent.idle_timeout = Millis(300'000);
  CO_TRY_VOID(co_await send(std::move(sent)));
  co_return Result<>();
}

Task<> EngineApi::stream(Stream stream) const {
  struct Answer {
    int status = 0;
    std::string error_body;
  };
  const auto answer = std::make_shared<Answer>();
  auto sent = request(stream.method, stream.path);
  sent.headers = std::move(stream.headers);
  sent.timeout = std::nullopt;
  sent.idle_timeout = stream.idle_timeout;
  sent.on_headers = [answer, opened = stream.on_open](int status, const net::Headers&) {
    answer->status = status;
    if (status == 200 && opened) opened();
  };
  const auto consume_error = [answer](std::string piece) -> Task<bool> {
    if (answer->error_body.size() < 64 * 1024) answer->error_body += piece;
    co_return true;
  };
  sent.consume = [answer, consume_error, consume = stream.consume](std::string piece) {
    return answer->status == 200 ? consume(std::move(piece)) : consume_error(std::move(piece));
  };
  bool consumer_failed = false;
  sent.consume = [inner = std::move(sent.consume), &consumer_failed](std::string piece) -> Task<bool> {
    auto taken = co_await inner(std::move(piece));
    consumer_failed = !taken;
    co_return taken;
  };
  auto ended = co_await exchange(std::move(sent));
  if (!ended && consumer_failed) co_return std::move(ended).error();
  if (!ended) co_return transport_error(std::move(ended).error());
  if (ended->status != 200) co_return engine_error(ended->status, answer->error_body);
  co_return Result<>();
}

}  // namespace slipway::plugins::runners::local_container
