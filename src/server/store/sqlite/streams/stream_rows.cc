#include "server/store/sqlite/streams/stream_rows.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/strings.h"
#include "server/store/sqlite/streams/stream_lines.h"

namespace slipway::server::sqlite::streams {

namespace {

constexpr std::size_t kChunkBytes = 64 << 10;
/// A last chunk shorter than this is added to: a job that prints a line a second must not cost a row a line.
constexpr std::size_t kGrowingChunk = 8 << 10;
constexpr std::size_t kLengthBytes = 4;

struct Chunk {
  std::int64_t first = 0;
  std::int64_t lines = 0;
  std::string data;
};

Result<std::optional<Chunk>> chunk_at_or_before(Connection& connection, std::int64_t stream, std::int64_t line) {
  TRY(auto rows,
      connection.query(
          "SELECT first, lines, data FROM chunks WHERE stream = ? AND first <= ? ORDER BY first DESC LIMIT 1", stream,
          line));
  TRY(const bool found, rows.next());
  std::optional<Chunk> chunk;
  if (found) {
    chunk.emplace();
    rows.read(chunk->first, chunk->lines, chunk->data);
  }
  return chunk;
}

Result<> put_chunk(Connection& connection, std::int64_t stream, const Chunk& chunk) {
  const db::sqlite::Blob data{chunk.data};
  TRY_VOID(
      connection.run("INSERT INTO chunks (stream, first, lines, data) VALUES (?, ?, ?, ?)"
                     " ON CONFLICT (stream, first) DO UPDATE SET lines = excluded.lines, data = excluded.data",
                     stream, chunk.first, chunk.lines, data));
  return Result<>();
}

}  // namespace

Result<std::optional<StreamRow>> find_stream(Connection& connection, const StreamKey& key) {
  TRY(auto rows,
      connection.query("SELECT id, next_offset, lines, bytes, complete, truncated, sealed FROM streams WHERE run = "
                       "? AND file = ? AND attempt = ?",
                       key.run, key.file, key.attempt));
  TRY(const bool found, rows.next());
  std::optional<StreamRow> stream;
  if (found) {
    stream.emplace();
    stream->info.key = key;
    rows.read(stream->id, stream->info.next_offset, stream->info.lines, stream->info.bytes, stream->info.complete,
              stream->info.truncated, stream->sealed);
  }
  return stream;
}

Result<StreamRow> find_or_create(Connection& connection, const StreamKey& key) {
  TRY(auto found, find_stream(connection, key));
  if (found) return std::move(*found);
  TRY_VOID(connection.run("INSERT INTO streams (run, file, attempt) VALUES (?, ?, ?)", key.run, key.file, key.attempt));
  StreamRow stream;
  stream.id = connection.last_id();
  stream.info.key = key;
  return stream;
}

Result<> save(Connection& connection, const StreamRow& stream) {
  const StreamInfo& info = stream.info;
  TRY_VOID(connection.run(
      "UPDATE streams SET next_offset = ?, lines = ?, bytes = ?, complete = ?, truncated = ?, sealed = ? WHERE id = ?",
      info.next_offset, info.lines, info.bytes, info.complete, info.truncated, stream.sealed, stream.id));
  return Result<>();
}

Result<> add_lines(Connection& connection, StreamRow& stream, std::span<const std::string> lines,
                   std::int64_t max_bytes) {
  StreamInfo& info = stream.info;
  info.next_offset += static_cast<std::int64_t>(lines.size());
  if (info.truncated || lines.empty()) return Result<>();
  TRY(auto last, chunk_at_or_before(connection, stream.id, info.lines));
  Chunk chunk;
  if (last && last->data.size() < kGrowingChunk)
    chunk = std::move(*last);
  else
    chunk.first = info.lines;
  const auto add = [&](std::string_view line) -> Result<> {
    if (!chunk.data.empty() && chunk.data.size() + line.size() > kChunkBytes) {
      TRY_VOID(put_chunk(connection, stream.id, chunk));
      chunk = Chunk{.first = info.lines};
    }
    pack_line(chunk.data, line);
    ++chunk.lines;
    ++info.lines;
    info.bytes += static_cast<std::int64_t>(line.size());
    return Result<>();
  };
  for (const std::string& line : lines) {
    if (info.bytes + static_cast<std::int64_t>(line.size()) > max_bytes) {
      info.truncated = true;
      TRY_VOID(add(fmt::format("[slipway: the limit of {} for this log is reached; the rest of the output is not kept]",
                               human_bytes(static_cast<std::uint64_t>(max_bytes)))));
      break;
    }
    TRY_VOID(add(line));
  }
  return put_chunk(connection, stream.id, chunk);
}

Result<> cut(Connection& connection, StreamRow& stream, std::int64_t from) {
  StreamInfo& info = stream.info;
  TRY(auto straddling, chunk_at_or_before(connection, stream.id, from));
  TRY_VOID(connection.run("DELETE FROM chunks WHERE stream = ? AND first >= ?", stream.id, from));
  if (straddling && straddling->first < from) {
    Chunk kept{.first = straddling->first};
    std::string_view rest = straddling->data;
    while (kept.first + kept.lines < from) {
      const auto line = unpack_line(rest);
      if (!line) break;
      pack_line(kept.data, *line);
      ++kept.lines;
    }
    TRY_VOID(put_chunk(connection, stream.id, kept));
  }
  TRY(const auto bytes,
      connection.value<std::int64_t>("SELECT sum(length(data)) FROM chunks WHERE stream = ?", stream.id));
  info.lines = std::min(info.lines, from);
  info.next_offset = from;
  info.bytes = bytes.value_or(0) - info.lines * static_cast<std::int64_t>(kLengthBytes);
  info.truncated = false;
  return Result<>();
}

Result<std::vector<std::string>> lines_from(Connection& connection, const StreamRow& stream, std::int64_t first,
                                            std::size_t max_lines, std::size_t max_bytes) {
  std::vector<std::string> lines;
  if (first >= stream.info.lines || max_lines == 0) return lines;
  TRY(auto rows, connection.query("SELECT first, data FROM chunks WHERE stream = ?1 AND first >= coalesce((SELECT "
                                  "max(first) FROM chunks WHERE stream = ?1 AND first <= ?2), 0)"
                                  " ORDER BY first",
                                  stream.id, first));
  std::size_t bytes = 0;
  for (;;) {
    TRY(const bool more, rows.next());
    if (!more) return lines;
    std::int64_t number = 0;
    std::string data;
    rows.read(number, data);
    std::string_view rest = data;
    while (const auto line = unpack_line(rest)) {
      if (number++ < first) continue;
      lines.emplace_back(*line);
      bytes += line->size();
      if (lines.size() >= max_lines || bytes >= max_bytes) return lines;
    }
  }
}

Result<std::vector<std::string>> lines_at(Connection& connection, const StreamRow& stream,
                                          std::span<const std::int64_t> numbers) {
  std::vector<std::string> lines;
  lines.reserve(numbers.size());
  std::optional<Chunk> chunk;
  std::string_view rest;
  std::int64_t number = 0;  // Of the line at the beginning of `rest`.
  for (const std::int64_t wanted : numbers) {
    if (wanted >= stream.info.lines) break;
    if (!chunk || wanted >= chunk->first + chunk->lines) {
      TRY(chunk, chunk_at_or_before(connection, stream.id, wanted));
      if (!chunk) break;
      rest = chunk->data;
      number = chunk->first;
    }
    std::optional<std::string_view> line;
    do {
      line = unpack_line(rest);
    } while (line && number++ < wanted);
    if (line) lines.emplace_back(*line);
  }
  return lines;
}

}  // namespace slipway::server::sqlite::streams
