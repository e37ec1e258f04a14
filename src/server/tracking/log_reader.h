// LogReader: a run's output from a line on, to its end or along with the run. Bounded memory: one piece at a time.
#pragma once
#include <functional>

#include "server/tracking/run_service.h"

namespace slipway::server {

struct LogQuery {
  std::string file;            ///< "": launch.log when the run has one or comes from an item, else output.log.
  std::optional<int> attempt;  ///< Nothing: the newest; a follower goes on with the next one when it starts.
  std::int64_t from = 0;
  bool follow = false;
  std::optional<std::int64_t> most;  ///< Lines; then it ends.
};

/// What the reader hands on, in order. Each callback suspends the reader until the client has taken it.
struct LogSink {
  std::function<Task<>(const StreamPiece& piece)> lines;
  std::function<Task<>()> idle;  ///< Nothing came for ten seconds.
};

struct LogEnd {
  StreamInfo info;
  Run run;
  bool more = false;  ///< LogQuery::most ended it before the log's end.
};

class LogReader {
 public:
  LogReader(Services& services, TrackingStore& runs, StreamStore& streams, LogSignals& signals)
      : services_(services), runs_(runs), streams_(streams), signals_(signals) {}

  /// Ends at the last line there is; with `follow` when the log is complete and the run has ended (or three quiet seconds after its end, when the log never
  /// was completed), when the run is deleted, and when the server stops.
  Task<LogEnd> read(Run run, LogQuery query, LogSink sink);

 private:
  struct Position {
    StreamKey key;
    std::int64_t next = 0;
    bool fixed = false;  ///< The attempt was asked for.
  };
  Task<Position> start(Run run, LogQuery query);
  Task<bool> go_on_with_next_attempt(Position* position);
  Task<bool> has_ended(Run* run, StreamInfo info, UnixMillis last_line);

  Services& services_;
  TrackingStore& runs_;
  StreamStore& streams_;
  LogSignals& signals_;
};

}  // namespace slipway::server
