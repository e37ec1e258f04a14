#include "server/tracking/stream_routes.h"

#include <charconv>

#include <fmt/format.h>

#include "base/json.h"

namespace slipway::server {

namespace {

constexpr std::size_t kMaxBody = 10u << 20;
/// A larger body is parsed off the executor's thread.
constexpr std::size_t kParseInPlace = 256u << 10;

enum class LogFormat { ndjson, text };

JsonObject offsets_of(const std::vector<StreamInfo>& streams) {
  JsonObject offsets;
  for (const StreamInfo& info : streams) offsets[info.key.file] = info.next_offset;
  return offsets;
}

Result<std::optional<std::int64_t>> number_of(const net::ServerRequest& request, std::string_view name,
                                              std::int64_t least) {
  const auto text = request.query_value(name);
  if (!text) return std::optional<std::int64_t>();
  std::int64_t number = 0;
  const auto end = std::from_chars(text->data(), text->data() + text->size(), number);
  if (end.ec == std::errc() && end.ptr == text->data() + text->size() && number >= least && number <= (1ll << 52))
    return std::optional(number);
  return Error(Code::invalid_argument, fmt::format("{}: expected a whole number of at least {}", name, least));
}

Result<LogQuery> query_of(const net::ServerRequest& request) {
  LogQuery query;
  query.file = request.query_value("file").value_or("");
  if (!query.file.empty() && !is_stream_name(query.file))
    return Error(Code::invalid_argument, "file: no name of a log");
  TRY(const auto from, number_of(request, "from", 0));
  TRY(const auto attempt, number_of(request, "attempt", 1));
  TRY(query.most, number_of(request, "first", 1));
  query.from = from.value_or(0);
  if (attempt) query.attempt = static_cast<int>(std::min<std::int64_t>(*attempt, 1'000'000));
  const std::string follow = request.query_value("follow").value_or("0");
  query.follow = follow == "1" || follow == "true";
  return query;
}

Result<LogFormat> format_of(const net::ServerRequest& request) {
  const std::string format = request.query_value("format").value_or("text");
  if (format == "ndjson") return LogFormat::ndjson;
  if (format == "text") return LogFormat::text;
  return Error(Code::invalid_argument, fmt::format("format: 'text' or 'ndjson', not '{}'", format.substr(0, 20)));
}

std::string frame_of(const StreamPiece& piece, LogFormat format) {
  std::string text;
  if (format == LogFormat::text) {
    for (const std::string& line : piece.lines) text.append(line).push_back('\n');
    return text;
  }
  JsonArray lines;
  lines.reserve(piece.lines.size());
  for (const std::string& line : piece.lines) lines.push_back(text_value(line));
  JsonObject frame;
  frame["attempt"] = piece.info.key.attempt;
  frame["first"] = piece.first;
  frame["lines"] = std::move(lines);
  return to_text(frame) + "\n";
}

std::string end_frame(const LogEnd& end) {
  JsonObject frame;
  frame["end"] = true;
  frame["attempt"] = end.info.key.attempt;
  frame["next"] = end.info.lines;
  frame["complete"] = end.info.complete;
  frame["truncated"] = end.info.truncated;
  frame["state"] = end.run.state;
  frame["exitCode"] = end.run.exit_code ? Json(*end.run.exit_code) : Json();
  return to_text(frame) + "\n";
}

RunKey key_of(const RouteCall& call) {
  return {.entity = call.param("entity"), .project = call.param("project"), .name = call.param("run")};
}

}  // namespace

void StreamRoutes::mount(Router& router) {
  const RouteOptions write{.auth = AuthNeed::key, .max_body = kMaxBody};
  const RouteOptions read{.auth = AuthNeed::any};
  router.add("POST", "/files/{entity}/{project}/{run}/file_stream", write,
             [this](RouteCall& call) { return file_stream(call); });
  router.add("GET", "/api/runs/{entity}/{project}/{run}/logs", read, [this](RouteCall& call) { return logs(call); });
}

Task<> StreamRoutes::file_stream(RouteCall& call) {
  CO_TRY(const std::string text, co_await call.body());
  std::optional<Result<StreamBody>> decoded;
  if (text.size() <= kParseInPlace) {
    decoded.emplace(decode_stream_body(text));
  } else {
    auto work = [&text] { return decode_stream_body(text); };
    decoded.emplace(co_await on_pool(services_.blocking, std::move(work)));
  }
  if (!*decoded) co_return std::move(*decoded).error();
  auto answer = co_await runs_.accept(call.context->principal, key_of(call), std::move(**decoded));
  if (!answer && answer.error().code() == Code::conflict)
    co_return co_await answer_gap(call, std::move(answer).error());
  if (!answer) co_return std::move(answer).error();
  JsonObject body;
  if (answer->stopped) body["stopped"] = true;
  body["offsets"] = offsets_of(answer->streams);
  co_return co_await call.exchange.respond(net::ServerResponse::json(200, to_text(body)));
}

Task<> StreamRoutes::answer_gap(RouteCall& call, Error error) {
  CO_TRY(const Run run, co_await runs_.find(call.context->principal, key_of(call), Role::agent));
  CO_TRY(const auto streams, co_await streams_.list(run.id));
  auto response = net::ServerResponse::from_error(error);
  auto body = parse_json(response.body);
  if (body && body->is_object()) {
    body->as_object()["offsets"] = offsets_of(streams);
    response.body = to_text(*body);
  }
  co_return co_await call.exchange.respond(std::move(response));
}

Task<> StreamRoutes::logs(RouteCall& call) {
  const auto& request = call.exchange.request();
  CO_TRY(const LogQuery query, query_of(request));
  CO_TRY(const LogFormat format, format_of(request));
  CO_TRY(const Run run, co_await runs_.find(call.context->principal, key_of(call)));
  net::Headers headers;
  headers.set("Cache-Control", "no-store");
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Content-Type", format == LogFormat::text ? "text/plain; charset=utf-8" : "application/x-ndjson");
  if (request.query_value("download")) headers.set("Content-Disposition", "attachment; filename=\"run.log\"");
  CO_TRY_VOID(co_await call.exchange.start_stream(200, std::move(headers)));
  LogSink sink;
  sink.lines = [&](const StreamPiece& piece) { return call.exchange.write(frame_of(piece, format)); };
  // An empty chunk would end the answer, so plain text has no heartbeat.
  sink.idle = [&]() -> Task<> {
    if (format == LogFormat::text) co_return Result<>();
    co_return co_await call.exchange.write("{\"heartbeat\":true}\n");
  };
  auto ended = co_await reader_.read(run, query, std::move(sink));
  if (!ended) co_return std::move(ended).error();
  if (format == LogFormat::ndjson && !ended->more) CO_TRY_VOID(co_await call.exchange.write(end_frame(*ended)));
  co_return co_await call.exchange.finish_stream();
}

}  // namespace slipway::server
