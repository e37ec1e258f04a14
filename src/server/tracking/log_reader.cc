#include "server/tracking/log_reader.h"

#include <algorithm>

namespace slipway::server {

namespace {

constexpr std::size_t kLinesAtOnce = 2'000;
constexpr std::size_t kBytesAtOnce = 256 << 10;
/// How long a follower sleeps at most before it looks at the run's state: what ends a run is not always told to this process.
constexpr auto kLook = std::chrono::seconds(1);
constexpr int kIdleLooks = 10;
/// A run that ended without completing its log is waited for until nothing has come for that long.
constexpr UnixMillis kGrace = 3'000;

}  // namespace

Task<LogReader::Position> LogReader::start(Run run, LogQuery query) {
  CO_TRY(const auto streams, co_await streams_.list(run.id));
  Position position;
  position.next = query.from;
  position.fixed = query.attempt.has_value();
  const bool launched =
      run.item != 0 || std::ranges::any_of(streams, [](const StreamInfo& info) { return info.key.file == kLaunchLog; });
  position.key = {.run = run.id, .file = query.file, .attempt = query.attempt.value_or(1)};
  if (query.file.empty()) position.key.file = launched ? kLaunchLog : kConsoleLog;
  for (const StreamInfo& info : streams) {
    if (!position.fixed && info.key.file == position.key.file)
      position.key.attempt = std::max(position.key.attempt, info.key.attempt);
  }
  co_return position;
}

Task<bool> LogReader::go_on_with_next_attempt(Position* position) {
  if (position->fixed) co_return false;
  CO_TRY(const auto streams, co_await streams_.list(position->key.run));
  for (const StreamInfo& info : streams) {
    if (info.key.file != position->key.file || info.key.attempt <= position->key.attempt) continue;
    position->key.attempt = info.key.attempt;
    position->next = 0;
    co_return true;
  }
  co_return false;
}

Task<bool> LogReader::has_ended(Run* run, StreamInfo info, UnixMillis last_line) {
  CO_TRY(auto now, co_await runs_.get_run(run->id));
  if (!now) co_return true;
  *run = std::move(*now);
  if (!is_terminal_run(run->state)) co_return false;
  co_return info.complete || services_.clock.now() - std::max(run->finished_at.value_or(0), last_line) > kGrace;
}

Task<LogEnd> LogReader::read(Run run, LogQuery query, LogSink sink) {
  const auto signal = signals_.of(run.id);
  CO_TRY(Position position, co_await start(run, query));
  std::int64_t left = query.most.value_or(INT64_MAX);
  int quiet_looks = 0;
  UnixMillis last_line = 0;
  for (;;) {
    const std::uint64_t changes = signal->changes;
    const auto wanted = static_cast<std::size_t>(std::min<std::int64_t>(left, kLinesAtOnce));
    CO_TRY(StreamPiece piece, co_await streams_.read(position.key, position.next, wanted, kBytesAtOnce));
    if (!piece.lines.empty()) {
      const auto lines = static_cast<std::int64_t>(piece.lines.size());
      position.next += lines;
      left -= lines;
      quiet_looks = 0;
      if (query.follow) last_line = services_.clock.now();
      CO_TRY_VOID(co_await sink.lines(piece));
      if (left == 0) {
        const bool more = position.next < piece.info.lines;
        co_return LogEnd{.info = std::move(piece.info), .run = std::move(run), .more = more};
      }
      continue;
    }
    LogEnd end;
    end.info = piece.info;
    if (!query.follow || services_.live.closed()) {
      end.run = std::move(run);
      co_return end;
    }
    CO_TRY(const bool next_attempt, co_await go_on_with_next_attempt(&position));
    if (next_attempt) continue;
    CO_TRY(const bool ended, co_await has_ended(&run, piece.info, last_line));
    if (ended) {
      // What arrived between the read and the look at the run.
      CO_TRY(const StreamPiece last, co_await streams_.read(position.key, position.next, 1, 1));
      if (!last.lines.empty()) continue;
      end.run = std::move(run);
      co_return end;
    }
    if (signal->changes != changes) continue;
    const bool woken = co_await signal->event.wait(kLook);
    if ((co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none)
      co_return Error(Code::cancelled, "cancelled");
    if (!woken && ++quiet_looks >= kIdleLooks) {
      quiet_looks = 0;
      CO_TRY_VOID(co_await sink.idle());
    }
  }
}

}  // namespace slipway::server
