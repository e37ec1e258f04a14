// What the parts of the tracking store share. Everything here runs on the database's threads, inside one transaction.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "db/sqlite/database.h"
#include "server/store/tracking_store.h"

namespace slipway::server::sqlite {

using db::sqlite::Connection;
using db::sqlite::Database;
using db::sqlite::Rows;

/// Columns of runs in the order of read_run(); `r` is the table's name in the query.
inline constexpr std::string_view kRunColumns =
    "r.id, r.entity, r.project, r.name, r.display_name, r.state, r.user, r.host, r.program, r.job_type, r.run_group, "
    "r.notes, r.git_commit, r.repo, r.sweep,"
    " r.config, r.summary, r.tags, r.exit_code, r.stop_requested, r.item, r.created_at, r.started_at, r.heartbeat_at, "
    "r.finished_at";
Run read_run(Rows& rows);
Result<std::optional<Run>> load_run(Connection& connection, Id id);

/// Columns of artifacts `a` and their collection `c`; then fill_artifact() adds the aliases.
inline constexpr std::string_view kArtifactColumns =
    "a.id, a.state, a.version, a.digest, a.description, a.metadata, a.ttl_seconds, a.history_step, a.size, "
    "a.file_count, a.created_at, a.updated_at, a.run, a.tags,"
    " a.manifest_name, a.manifest_digest, a.manifest_sha256, c.id, c.entity, c.project, c.type, c.name, c.description, "
    "c.created_at, c.updated_at, c.tags";
inline constexpr std::string_view kArtifactTables =
    " FROM artifacts a JOIN artifact_collections c ON c.id = a.collection";
Artifact read_artifact(Rows& rows);
Result<> fill_artifact(Connection& connection, Artifact& artifact);
Result<std::optional<Artifact>> load_artifact(Connection& connection, Id id);
Result<Artifact> existing_artifact(Connection& connection, Id id);
/// Points the alias at the artifact, away from any other of the collection.
Result<> set_alias(Connection& connection, Id collection, std::string_view alias, Id artifact);
/// `latest` belongs to the committed artifact of the highest version; without one it goes.
Result<> refresh_latest(Connection& connection, Id collection);

/// Statement texts must outlive their use in the statement cache: built once, kept by the caller as a static.
inline std::string sql_of(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

/// A list stored as a JSON array of strings.
std::vector<std::string> read_list(std::string_view text);
std::string write_list(const std::vector<std::string>& list);
/// Without what is removed, then with what is added and not there yet.
std::vector<std::string> changed_list(std::vector<std::string> list, const std::vector<std::string>& add,
                                      const std::vector<std::string>& remove);

/// Cursors are numbers or texts that mean nothing to the client.
std::int64_t cursor_number(const Page& page, std::int64_t otherwise);
std::string cursor_text(const Page& page);
inline std::size_t page_size(const Page& page) {
  return std::min<std::size_t>(std::max<std::size_t>(page.first, 1), 1000);
}
/// `rows` has one more than the page when there is a next one: takes it off.
template <class T, class CursorOf>
Paged<T> paged(std::vector<T> rows, const Page& page, CursorOf cursor_of) {
  Paged<T> out;
  out.has_next = rows.size() > page_size(page);
  if (out.has_next) rows.pop_back();
  if (!rows.empty()) out.end_cursor = cursor_of(rows.back());
  out.rows = std::move(rows);
  return out;
}

}  // namespace slipway::server::sqlite
