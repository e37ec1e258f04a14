// One stream inside a transaction: finding it, adding lines, cutting it, reading it. Used by stream_store.cc on the database's threads.
#pragma once
#include <optional>
#include <span>

#include "db/sqlite/connection.h"
#include "server/store/tracking_streams.h"

namespace slipway::server::sqlite::streams {

using db::sqlite::Connection;

struct StreamRow {
  std::int64_t id = 0;
  StreamInfo info;
  std::int64_t sealed = 0;  ///< Lines before it are in segments of metrics (metric_segments.h).
};

Result<std::optional<StreamRow>> find_stream(Connection& connection, const StreamKey& key);
Result<StreamRow> find_or_create(Connection& connection, const StreamKey& key);
Result<> save(Connection& connection, const StreamRow& stream);

/// Behind the last line, up to the limit; then one line says so. Changes `stream`, which is the caller's to save.
Result<> add_lines(Connection& connection, StreamRow& stream, std::span<const std::string> lines,
                   std::int64_t max_bytes);
/// Forgets everything from line `from` on.
Result<> cut(Connection& connection, StreamRow& stream, std::int64_t from);
/// At least one line when there is one at `first`; stops behind the line that reaches a limit.
Result<std::vector<std::string>> lines_from(Connection& connection, const StreamRow& stream, std::int64_t first,
                                            std::size_t max_lines, std::size_t max_bytes);

/// The lines with these numbers, which ascend. Numbers behind the last line are left out.
Result<std::vector<std::string>> lines_at(Connection& connection, const StreamRow& stream,
                                          std::span<const std::int64_t> numbers);

}  // namespace slipway::server::sqlite::streams
