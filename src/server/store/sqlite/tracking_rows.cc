#include "server/store/sqlite/tracking_rows.h"

#include <algorithm>
#include <charconv>

#include "base/json.h"

namespace slipway::server::sqlite {

namespace {

Json stored_document(const std::string& text) {
  auto parsed = parse_json(text);
  return parsed ? std::move(*parsed) : Json();
}

}  // namespace

Run read_run(Rows& rows) {
  Run run;
  std::string config, summary, tags;
  rows.read(run.id, run.key.entity, run.key.project, run.key.name, run.display_name, run.state, run.user, run.host,
            run.program, run.job_type, run.group, run.notes, run.commit, run.repo, run.sweep, config, summary, tags,
            run.exit_code, run.stop_requested, run.item, run.created_at, run.started_at, run.heartbeat_at,
            run.finished_at);
  run.config = stored_document(config);
  run.summary = stored_document(summary);
  run.tags = stored_document(tags);
  return run;
}

Result<std::optional<Run>> load_run(Connection& connection, Id id) {
  static const std::string sql = sql_of({"SELECT ", kRunColumns, " FROM runs r WHERE r.id = ?"});
  TRY(auto rows, connection.query(sql, id));
  TRY(const bool found, rows.next());
  std::optional<Run> run;
  if (found) run = read_run(rows);
  return run;
}

Artifact read_artifact(Rows& rows) {
  Artifact artifact;
  std::string tags, collection_tags;
  ArtifactCollection& collection = artifact.collection;
  rows.read(artifact.id, artifact.state, artifact.version, artifact.digest, artifact.description, artifact.metadata,
            artifact.ttl_seconds, artifact.history_step, artifact.size, artifact.file_count, artifact.created_at,
            artifact.updated_at, artifact.run, tags, artifact.manifest_name, artifact.manifest_digest,
            artifact.manifest_sha256, collection.id, collection.entity, collection.project, collection.type,
            collection.name, collection.description, collection.created_at, collection.updated_at, collection_tags);
  collection.tags = read_list(collection_tags);
  artifact.tags = read_list(tags);
  return artifact;
}

Result<> fill_artifact(Connection& connection, Artifact& artifact) {
  artifact.aliases.clear();
  TRY(auto rows, connection.query("SELECT alias FROM artifact_aliases WHERE artifact = ? ORDER BY alias", artifact.id));
  TRY_VOID(rows.each([&] { rows.read(artifact.aliases.emplace_back()); }));
  TRY(const auto latest,
      connection.value<Id>("SELECT artifact FROM artifact_aliases WHERE collection = ? AND alias = 'latest'",
                           artifact.collection.id));
  artifact.collection.latest = latest.value_or(0);
  return Result<>();
}

Result<std::optional<Artifact>> load_artifact(Connection& connection, Id id) {
  static const std::string sql = sql_of({"SELECT ", kArtifactColumns, kArtifactTables, " WHERE a.id = ?"});
  std::optional<Artifact> artifact;
  {
    TRY(auto rows, connection.query(sql, id));
    TRY(const bool found, rows.next());
    if (found) artifact = read_artifact(rows);
  }
  if (artifact) TRY_VOID(fill_artifact(connection, *artifact));
  return artifact;
}

Result<Artifact> existing_artifact(Connection& connection, Id id) {
  TRY(auto artifact, load_artifact(connection, id));
  if (!artifact) return Error(Code::not_found, "artifact not found");
  return std::move(*artifact);
}

Result<> set_alias(Connection& connection, Id collection, std::string_view alias, Id artifact) {
  TRY_VOID(
      connection.run("INSERT INTO artifact_aliases (collection, alias, artifact) VALUES (?, ?, ?)"
                     " ON CONFLICT (collection, alias) DO UPDATE SET artifact = excluded.artifact",
                     collection, alias, artifact));
  return Result<>();
}

Result<> refresh_latest(Connection& connection, Id collection) {
  TRY(const auto there,
      connection.value<Id>("SELECT artifact FROM artifact_aliases WHERE collection = ? AND alias = 'latest'",
                           collection));
  if (there) return Result<>();
  TRY(const auto newest,
      connection.value<Id>("SELECT id FROM artifacts WHERE collection = ? AND state = 1 ORDER BY version DESC LIMIT 1",
                           collection));
  if (!newest) return Result<>();
  return set_alias(connection, collection, "latest", *newest);
}

std::vector<std::string> read_list(std::string_view text) {
  std::vector<std::string> list;
  const auto parsed = parse_json(text);
  if (!parsed || !parsed->is_array()) return list;
  for (const Json& item : parsed->as_array()) {
    if (const auto* name = item.if_string()) list.emplace_back(*name);
  }
  return list;
}

std::string write_list(const std::vector<std::string>& list) {
  JsonArray array;
  for (const std::string& item : list) array.push_back(text_value(item));
  return to_text(array);
}

std::vector<std::string> changed_list(std::vector<std::string> list, const std::vector<std::string>& add,
                                      const std::vector<std::string>& remove) {
  std::erase_if(list, [&](const std::string& item) { return std::ranges::find(remove, item) != remove.end(); });
  for (const std::string& item : add) {
    if (std::ranges::find(list, item) == list.end()) list.push_back(item);
  }
  return list;
}

std::int64_t cursor_number(const Page& page, std::int64_t otherwise) {
  if (!page.after) return otherwise;
  std::int64_t number = otherwise;
  std::from_chars(page.after->data(), page.after->data() + page.after->size(), number);
  return number;
}

std::string cursor_text(const Page& page) { return page.after.value_or(""); }

}  // namespace slipway::server::sqlite
