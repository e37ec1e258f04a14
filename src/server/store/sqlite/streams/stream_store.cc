// StreamStore on a SQLite file of its own.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "db/sqlite/database.h"
#include "server/store/sqlite/streams/metric_reads.h"
#include "server/store/sqlite/streams/metric_segments.h"
#include "server/store/sqlite/streams/migrations.h"
#include "server/store/sqlite/streams/stream_rows.h"

namespace slipway::server {

namespace {

using db::sqlite::Connection;
using db::sqlite::Database;
using namespace sqlite::streams;

constexpr std::int64_t kMaxGap = 10'000;
constexpr UnixMillis kTouchEvery = 5'000;

Error gap(const StreamChunk& chunk, const StreamInfo& info) {
  return Error(Code::conflict,
               fmt::format("{}: expected offset {}, got {}", chunk.key.file, info.next_offset, chunk.offset))
      .hint(fmt::format("Send the lines from {} on.", info.next_offset));
}

Result<> append_strict(Connection& connection, StreamRow& stream, const StreamChunk& chunk, std::int64_t max_bytes) {
  const std::int64_t known = stream.info.next_offset - chunk.offset;
  if (known < 0) return gap(chunk, stream.info);
  if (known >= static_cast<std::int64_t>(chunk.lines.size())) return Result<>();
  stream.info.complete = false;
  return add_lines(connection, stream, std::span(chunk.lines).subspan(static_cast<std::size_t>(known)), max_bytes);
}

Result<> append_rewrite(Connection& connection, StreamRow& stream, const StreamChunk& chunk, std::int64_t max_bytes) {
  StreamInfo& info = stream.info;
  if (chunk.offset > info.next_offset + kMaxGap) return gap(chunk, info);
  if (info.truncated && chunk.offset + 1 >= info.lines) {
    info.next_offset = std::max(info.next_offset, chunk.offset + static_cast<std::int64_t>(chunk.lines.size()));
    return Result<>();
  }
  if (chunk.offset > info.next_offset) {
    const std::vector<std::string> missing(static_cast<std::size_t>(chunk.offset - info.next_offset));
    TRY_VOID(add_lines(connection, stream, missing, max_bytes));
  }
  TRY(const auto there, lines_from(connection, stream, chunk.offset, chunk.lines.size(), SIZE_MAX));
  const auto difference = std::ranges::mismatch(there, chunk.lines);
  const auto equal = static_cast<std::size_t>(difference.in1 - there.begin());
  if (equal == chunk.lines.size()) return Result<>();
  if (const std::int64_t from = chunk.offset + static_cast<std::int64_t>(equal); from < info.next_offset) {
    TRY_VOID(cut(connection, stream, from));
    TRY_VOID(unseal(connection, stream, from));
  }
  return add_lines(connection, stream, std::span(chunk.lines).subspan(equal), max_bytes);
}

class SqliteStreams final : public StreamStore {
 public:
  SqliteStreams(std::unique_ptr<Database> database, const StreamOptions& options)
      : database_(std::move(database)), max_bytes_(options.max_bytes_per_run), clock_(*options.clock) {}

  Task<std::vector<StreamInfo>> append(std::vector<StreamChunk> chunks) override {
    for (const StreamChunk& chunk : chunks) touched_[chunk.key.run].at = clock_.now();
    auto work = [chunks = std::move(chunks), limit = max_bytes_,
                 now = clock_.now()](Connection& connection) -> Result<std::vector<StreamInfo>> {
      std::vector<StreamInfo> infos;
      for (const StreamChunk& chunk : chunks) {
        TRY(StreamRow stream, find_or_create(connection, chunk.key));
        const auto append_lines = chunk.rule == AppendRule::strict ? append_strict : append_rewrite;
        TRY_VOID(append_lines(connection, stream, chunk, limit));
        if (chunk.metrics) TRY_VOID(seal(connection, stream));
        if (chunk.complete) stream.info.complete = true;
        TRY_VOID(save(connection, stream));
        TRY_VOID(write_touch(connection, chunk.key.run, now));
        infos.push_back(std::move(stream.info));
      }
      return infos;
    };
    return database_->write(std::move(work));
  }

  Task<StreamPiece> read(StreamKey key, std::int64_t first, std::size_t max_lines, std::size_t max_bytes) override {
    auto work = [key = std::move(key), first, max_lines, max_bytes](Connection& connection) -> Result<StreamPiece> {
      StreamPiece piece;
      piece.first = first;
      piece.info.key = key;
      TRY(auto stream, find_stream(connection, key));
      if (!stream) return piece;
      TRY(piece.lines, lines_from(connection, *stream, first, max_lines, max_bytes));
      piece.info = std::move(stream->info);
      return piece;
    };
    return database_->read(std::move(work));
  }

  Task<std::vector<std::string>> metric_lines(StreamKey key, MetricRange range, std::size_t samples) override {
    return read_metrics<std::vector<std::string>>(
        std::move(key), [range = std::move(range), samples](Connection& connection, const StreamRow& stream) {
          return sampled_lines(connection, stream, range, samples);
        });
  }
  Task<std::vector<JsonObject>> metric_rows(StreamKey key, std::vector<std::string> keys, MetricRange range,
                                            std::size_t samples) override {
    return read_metrics<std::vector<JsonObject>>(
        std::move(key),
        [keys = std::move(keys), range = std::move(range), samples](Connection& connection, const StreamRow& stream) {
          return sampled_rows(connection, stream, keys, range, samples);
        });
  }
  Task<std::vector<MetricSeries>> metric_series(StreamKey key, std::vector<std::string> keys, MetricRange range,
                                                std::size_t points) override {
    return read_metrics<std::vector<MetricSeries>>(
        std::move(key),
        [keys = std::move(keys), range = std::move(range), points](Connection& connection, const StreamRow& stream) {
          return series(connection, stream, keys, range, points);
        });
  }
  Task<MetricKeys> metric_keys(StreamKey key) override {
    return read_metrics<MetricKeys>(std::move(key),
                                    [](Connection& connection, const StreamRow& stream) -> Result<MetricKeys> {
                                      TRY(MetricTable table, MetricTable::open(connection, stream));
                                      return table.keys();
                                    });
  }

  Task<std::vector<StreamInfo>> list(Id run) override {
    auto work = [run](Connection& connection) -> Result<std::vector<StreamInfo>> {
      std::vector<StreamInfo> infos;
      TRY(auto rows, connection.query("SELECT file, attempt, next_offset, lines, bytes, complete, truncated FROM "
                                      "streams WHERE run = ? ORDER BY file, attempt",
                                      run));
      TRY_VOID(rows.each([&] {
        StreamInfo& info = infos.emplace_back();
        info.key.run = run;
        rows.read(info.key.file, info.key.attempt, info.next_offset, info.lines, info.bytes, info.complete,
                  info.truncated);
      }));
      return infos;
    };
    return database_->read(std::move(work));
  }

  Task<> remove(Id run) override {
    touched_.erase(run);
    auto work = [run](Connection& connection) -> Result<> {
      TRY_VOID(connection.run("DELETE FROM streams WHERE run = ?", run));
      TRY_VOID(connection.run("DELETE FROM touches WHERE run = ?", run));
      return Result<>();
    };
    return database_->write(std::move(work));
  }

  void touch(Id run) override {
    const UnixMillis now = clock_.now();
    Touch& last = touched_[run];
    last.at = now;
    if (now - last.written < kTouchEvery) return;
    last.written = now;
    database_->post([run, now](Connection& connection) -> Result<> { return write_touch(connection, run, now); });
    if (touched_.size() > 10'000)
      std::erase_if(touched_, [now](const auto& entry) { return now - entry.second.at > 10 * kTouchEvery; });
  }

  Task<std::optional<UnixMillis>> last_touch(Id run) override {
    if (const auto found = touched_.find(run); found != touched_.end())
      co_return std::optional<UnixMillis>(found->second.at);
    auto work = [run](Connection& connection) {
      return connection.value<UnixMillis>("SELECT at FROM touches WHERE run = ?", run);
    };
    co_return co_await database_->read(std::move(work));
  }

  void close() override { database_->close(); }

 private:
  struct Touch {
    UnixMillis at = 0;
    UnixMillis written = 0;
  };

  /// A stream that nobody has written to has no lines.
  template <class T, class F>
  Task<T> read_metrics(StreamKey key, F function) {
    auto work = [key = std::move(key), function = std::move(function)](Connection& connection) -> Result<T> {
      TRY(const auto stream, find_stream(connection, key));
      return function(connection, stream ? *stream : StreamRow());
    };
    return database_->read(std::move(work));
  }

  static Result<> write_touch(Connection& connection, Id run, UnixMillis now) {
    TRY_VOID(connection.run(
        "INSERT INTO touches (run, at) VALUES (?, ?) ON CONFLICT (run) DO UPDATE SET at = excluded.at", run, now));
    return Result<>();
  }

  std::unique_ptr<Database> database_;
  const std::int64_t max_bytes_;
  const Clock& clock_;
  std::map<Id, Touch> touched_;
};

}  // namespace

Result<std::unique_ptr<StreamStore>> open_streams(const StreamOptions& options) {
  db::sqlite::DatabaseOptions how;
  how.path = options.path;
  how.migrations = sqlite::streams::kMigrations;
  auto database = Database::open(how);
  if (!database) return std::move(database).error().wrap("opening the logs in " + options.path);
  return std::unique_ptr<StreamStore>(std::make_unique<SqliteStreams>(std::move(*database), options));
}

}  // namespace slipway::server
