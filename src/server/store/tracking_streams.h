// Streams: the numbered lines of a run (history, events, console, the job's output as its agent saw it). In a database of their own (logs.db), with a writer of its own.
#pragma once
#include "server/store/store.h"
#include "server/store/tracking_metrics.h"

namespace slipway::server {

struct StreamKey {
  Id run = 0;
  std::string file;  ///< "launch.log", "output.log", "wandb-history.jsonl" …
  int attempt = 1;   ///< Of the run's item: each attempt's launch.log counts from line 0.
};

/// How a chunk meets what is there already.
enum class AppendRule {
  strict,   ///< What was stored is final: known lines are skipped, a gap is a conflict.
  rewrite,  ///< The SDK's rule: other lines at a known place replace everything from there on; equal ones are skipped. A gap is filled with empty lines (at most 10,000).
};

struct StreamChunk {
  StreamKey key;
  std::int64_t offset = 0;
  std::vector<std::string> lines;  ///< Without line ends.
  AppendRule rule = AppendRule::strict;
  bool complete = false;  ///< Nothing comes after it, unless the run goes on with another attempt.
  bool metrics = false;   ///< The lines are rows of metrics: readable by key.
};

struct StreamInfo {
  StreamKey key;
  std::int64_t next_offset = 0;  ///< What a writer sends next. Grows also past the limit.
  std::int64_t lines = 0;        ///< What a reader finds: less than next_offset after the limit was passed.
  std::int64_t bytes = 0;
  bool complete = false;
  bool truncated = false;  ///< The limit was passed; the last line says so.
};

struct StreamPiece {
  std::int64_t first = 0;
  std::vector<std::string> lines;
  StreamInfo info;
};

class StreamStore : public MetricStore {
 public:
  /// All chunks in one transaction; durable when it returns. conflict: a gap, the message names the expected offset.
  virtual Task<std::vector<StreamInfo>> append(std::vector<StreamChunk> chunks) = 0;
  /// Lines from `first` on: at most `max_lines`, and no more once `max_bytes` are reached (always at least one when there is one). No such stream: empty.
  virtual Task<StreamPiece> read(StreamKey key, std::int64_t first, std::size_t max_lines, std::size_t max_bytes) = 0;
  virtual Task<std::vector<StreamInfo>> list(Id run) = 0;
  virtual Task<> remove(Id run) = 0;
  /// Liveness of the SDK, kept in memory and written with the next append at the latest every few seconds.
  virtual void touch(Id run) = 0;
  virtual Task<std::optional<UnixMillis>> last_touch(Id run) = 0;
  virtual void close() = 0;
};

struct StreamOptions {
  std::string path;                            ///< Of the SQLite file, ":memory:" for tests.
  std::int64_t max_bytes_per_run = 1ll << 30;  ///< Of each log stream; then one line says so and the rest is dropped.
  const Clock* clock = &system_clock();
};
Result<std::unique_ptr<StreamStore>> open_streams(const StreamOptions& options);

}  // namespace slipway::server
