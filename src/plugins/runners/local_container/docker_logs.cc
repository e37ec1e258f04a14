// DockerRunner's way from the engine's log stream to numbered lines.
#include "base/retry.h"
#include "plugins/runners/local_container/docker_runner.h"
#include "plugins/runners/local_container/log_frames.h"

namespace slipway::plugins::runners::local_container {
namespace {

constexpr BackoffPolicy kReconnect{.first = Millis(200), .max = Millis(3'000)};

}  // namespace

Task<> DockerRunner::follow_logs(RunHandle handle, std::uint64_t from, LogSink sink) {
  return no_throw(copy_lines(std::move(handle), from, std::move(sink)));
}

Task<> DockerRunner::copy_lines(RunHandle handle, std::uint64_t from, LogSink sink) {
  CO_TRY_VOID(co_await connect());
  const auto next = std::make_shared<std::uint64_t>(from);
  Backoff backoff(kReconnect);
  for (;;) {
    const std::uint64_t before = *next;
    auto complete = co_await copy_some(handle, next, sink);
    if (complete && *complete) co_return Result<>();
    const bool away = !complete && complete.error().code() == Code::unavailable;
    if (!complete && !away) co_return std::move(complete).error();
    if (*next != before) backoff.reset();
    if (complete && backoff.failures() == 0) {
      backoff.next();
      continue;
    }
    const auto wait = *backoff.next();
    CO_TRY_VOID(co_await sleep_for(wait));
  }
}

Task<bool> DockerRunner::copy_some(RunHandle handle, std::shared_ptr<std::uint64_t> next, LogSink sink) {
  const std::string container = "/containers/" + net::url_encode(handle.uid);
  const auto seen = co_await engine_->get(container + "/json");
  const bool other = seen && text_or(*seen, "Id") != handle.uid;
  if (other || (!seen && seen.error().code() == Code::not_found)) {
    co_return Error(Code::not_found, fmt::format("there is no output of {}: its container was removed", handle.name));
  }
  if (!seen) co_return seen.error();
  const Json* tty = find_path(*seen, "Config.Tty");
  const bool raw = tty != nullptr && tty->is_bool() && tty->get_bool();
  const auto frames = std::make_shared<LogFrames>(raw ? LogFrames::Format::raw : LogFrames::Format::frames, *next);
  const bool ended = container_state(*seen).ended();
  EngineApi::Stream logs;
  logs.path = container + "/logs?follow=1&stdout=1&stderr=1";
  logs.consume = [frames, next, sink](std::string piece) -> Task<bool> {
    std::vector<std::string> lines;
    frames->feed(piece, lines);
    if (lines.empty()) co_return true;
    const std::size_t count = lines.size();
    CO_TRY_VOID(co_await sink(std::move(lines)));
    *next += count;
    co_return true;
  };
  CO_TRY_VOID(co_await engine_->stream(std::move(logs)));
  // The engine may end a stream before it has written down the container's last words: only what is read
  // after the end is complete.
  if (!ended) co_return false;
  std::vector<std::string> last;
  frames->finish(last);
  const std::size_t count = last.size();
  if (count > 0) CO_TRY_VOID(co_await sink(std::move(last)));
  *next += count;
  co_return true;
}

}  // namespace slipway::plugins::runners::local_container
