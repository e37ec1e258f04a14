#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "server/store/sqlite/tracking_sqlite.h"

namespace slipway::server::sqlite {

namespace {

/// Rows of one transaction: a commit of 200,000 files must not hold up a lease.
constexpr std::size_t kFilesAtOnce = 2'000;

bool says_nothing(const std::optional<std::string>& metadata) {
  return !metadata || metadata->empty() || *metadata == "{}" || *metadata == "null";
}

std::vector<std::string> joined(std::vector<std::string> list, const std::vector<std::string>& more) {
  for (const std::string& item : more) {
    if (std::ranges::find(list, item) == list.end()) list.push_back(item);
  }
  return list;
}

Result<Id> collection_for(Connection& connection, const NewArtifact& artifact, UnixMillis now) {
  TRY_VOID(connection.run(
      "INSERT INTO artifact_collections (entity, project, type, name, sequence_client_id, created_at) VALUES (?, ?, ?, "
      "?, ?, ?)"
      " ON CONFLICT (entity, project, name) DO NOTHING",
      artifact.entity, artifact.project, artifact.type, artifact.collection, artifact.sequence_client_id, now));
  TRY(auto rows,
      connection.query("SELECT id, type FROM artifact_collections WHERE entity = ? AND project = ? AND name = ?",
                       artifact.entity, artifact.project, artifact.collection));
  TRY(const bool found, rows.next());
  Id id = 0;
  std::string type;
  if (found) rows.read(id, type);
  if (type != artifact.type) {
    return Error(Code::conflict, fmt::format("artifact '{}' of project '{}' has type '{}', not '{}'",
                                             artifact.collection, artifact.project, type, artifact.type))
        .hint("Choose another name.");
  }
  return id;
}

Result<> rename_pending(Connection& connection, Id id, Id from, const NewArtifact& again, UnixMillis now) {
  TRY(const Id to, collection_for(connection, again, now));
  TRY_VOID(connection.run("UPDATE artifacts SET collection = ? WHERE id = ?", to, id));
  TRY_VOID(connection.run(
      "DELETE FROM artifact_collections WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM artifacts WHERE collection = ?1)",
      from));
  return Result<>();
}

/// The same client id again: adds what the first call did not say.
Result<Artifact> repeat(Connection& connection, Id id, const NewArtifact& again, UnixMillis now) {
  TRY(Artifact artifact, existing_artifact(connection, id));
  if (artifact.state != ArtifactState::pending) return artifact;
  if (again.renames && artifact.collection.name != again.collection)
    TRY_VOID(rename_pending(connection, id, artifact.collection.id, again, now));
  if (says_nothing(artifact.metadata) && again.metadata) artifact.metadata = again.metadata;
  if (!artifact.description) artifact.description = again.description;
  TRY(const auto wanted, connection.value<std::string>("SELECT wanted_aliases FROM artifacts WHERE id = ?", id));
  TRY_VOID(connection.run(
      "UPDATE artifacts SET metadata = ?, description = ?, wanted_aliases = ?, tags = ?, run = CASE WHEN run = 0 THEN "
      "? ELSE run END WHERE id = ?",
      artifact.metadata, artifact.description, write_list(joined(read_list(wanted.value_or("[]")), again.aliases)),
      write_list(joined(artifact.tags, again.tags)), again.run, id));
  return existing_artifact(connection, id);
}

Result<> remember_client(Connection& connection, const NewArtifact& artifact, Id id) {
  if (artifact.client_id.empty()) return Result<>();
  TRY_VOID(connection.run("INSERT INTO artifact_clients (entity, client_id, artifact) VALUES (?, ?, ?)",
                          artifact.entity, artifact.client_id, id));
  return Result<>();
}

Result<Artifact> equal_content(Connection& connection, Id collection, Id id, const NewArtifact& artifact) {
  TRY_VOID(remember_client(connection, artifact, id));
  TRY_VOID(set_alias(connection, collection, "latest", id));
  for (const std::string& alias : artifact.aliases) TRY_VOID(set_alias(connection, collection, alias, id));
  return existing_artifact(connection, id);
}

Result<Artifact> create(Connection& connection, const NewArtifact& artifact, UnixMillis now) {
  if (!artifact.client_id.empty()) {
    TRY(const auto known,
        connection.value<Id>("SELECT artifact FROM artifact_clients WHERE entity = ? AND client_id = ?",
                             artifact.entity, artifact.client_id));
    if (known) return repeat(connection, *known, artifact, now);
  }
  TRY(const Id collection, collection_for(connection, artifact, now));
  if (artifact.deduplicate) {
    TRY(const auto equal,
        connection.value<Id>(
            "SELECT id FROM artifacts WHERE collection = ? AND digest = ? AND state = 1 ORDER BY version DESC LIMIT 1",
            collection, artifact.digest));
    if (equal) return equal_content(connection, collection, *equal, artifact);
  }
  TRY_VOID(connection.run(
      "INSERT INTO artifacts (collection, digest, description, metadata, ttl_seconds, history_step, run, tags, "
      "wanted_aliases, created_at, updated_at)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      collection, artifact.digest, artifact.description, artifact.metadata, artifact.ttl_seconds.value_or(-2),
      artifact.history_step, artifact.run, write_list(artifact.tags), write_list(artifact.aliases), now, now));
  const Id id = connection.last_id();
  TRY_VOID(remember_client(connection, artifact, id));
  return existing_artifact(connection, id);
}

Result<> must_be_pending(Connection& connection, Id id) {
  TRY(const Artifact artifact, existing_artifact(connection, id));
  if (artifact.state == ArtifactState::pending) return Result<>();
  return Error(Code::failed_precondition,
               fmt::format("artifact '{}' is {} and cannot change its files", artifact.collection.name,
                           artifact.state == ArtifactState::committed ? "committed" : "deleted"))
      .hint("Log a new version.");
}

Result<> add_files(Connection& connection, Id id, std::span<const ArtifactFile> files, bool first) {
  if (first) TRY_VOID(connection.run("DELETE FROM artifact_files WHERE artifact = ?", id));
  for (const ArtifactFile& file : files) {
    TRY_VOID(connection.run(
        "INSERT INTO artifact_files (artifact, path, sha256, md5, size, reference) VALUES (?, ?, ?, ?, ?, ?)", id,
        file.path, file.blob.sha256, file.blob.md5, file.blob.size, file.reference));
  }
  return Result<>();
}

Result<Artifact> seal(Connection& connection, Id id, UnixMillis now) {
  TRY(const Artifact artifact, existing_artifact(connection, id));
  if (artifact.state == ArtifactState::committed) return artifact;
  TRY_VOID(must_be_pending(connection, id));
  const Id collection = artifact.collection.id;
  TRY(const auto next,
      connection.value<int>(
          "UPDATE artifact_collections SET next_version = next_version + 1 WHERE id = ? RETURNING next_version - 1",
          collection));
  TRY(const auto wanted, connection.value<std::string>("SELECT wanted_aliases FROM artifacts WHERE id = ?", id));
  TRY_VOID(
      connection.run("UPDATE artifacts SET state = 1, version = ?, updated_at = ?, size = (SELECT coalesce(sum(size), "
                     "0) FROM artifact_files WHERE artifact = ?),"
                     " file_count = (SELECT count(*) FROM artifact_files WHERE artifact = ?) WHERE id = ?",
                     next, now, id, id, id));
  TRY_VOID(set_alias(connection, collection, "latest", id));
  for (const std::string& alias : read_list(wanted.value_or("[]")))
    TRY_VOID(set_alias(connection, collection, alias, id));
  return existing_artifact(connection, id);
}

Result<> replace_aliases(Connection& connection, const Artifact& artifact, const std::vector<std::string>& aliases) {
  for (const std::string& alias : artifact.aliases) {
    if (std::ranges::find(aliases, alias) == aliases.end()) {
      TRY_VOID(connection.run("DELETE FROM artifact_aliases WHERE collection = ? AND alias = ?", artifact.collection.id,
                              alias));
    }
  }
  for (const std::string& alias : aliases) TRY_VOID(set_alias(connection, artifact.collection.id, alias, artifact.id));
  return refresh_latest(connection, artifact.collection.id);
}

}  // namespace

Task<Artifact> SqliteTracking::create_artifact(NewArtifact artifact) {
  auto work = [artifact = std::move(artifact), now = clock_.now()](Connection& connection) {
    return create(connection, artifact, now);
  };
  return database_.write(std::move(work));
}

Task<> SqliteTracking::set_manifest(Id artifact, std::string name, std::string digest) {
  auto work = [artifact, name = std::move(name), digest = std::move(digest)](Connection& connection) -> Result<> {
    TRY_VOID(must_be_pending(connection, artifact));
    TRY_VOID(
        connection.run("UPDATE artifacts SET manifest_sha256 = CASE WHEN manifest_digest = ? THEN manifest_sha256 ELSE "
                       "'' END, manifest_name = ?, manifest_digest = ?"
                       " WHERE id = ?",
                       digest, name, digest, artifact));
    return Result<>();
  };
  return database_.write(std::move(work));
}

Task<> SqliteTracking::set_manifest_bytes(Id artifact, std::string sha256) {
  auto work = [artifact, sha256 = std::move(sha256)](Connection& connection) -> Result<> {
    TRY_VOID(must_be_pending(connection, artifact));
    TRY_VOID(connection.run("UPDATE artifacts SET manifest_sha256 = ? WHERE id = ?", sha256, artifact));
    return Result<>();
  };
  return database_.write(std::move(work));
}

Task<Artifact> SqliteTracking::commit_artifact(Id artifact, std::vector<ArtifactFile> files) {
  auto look = [artifact](Connection& connection) { return existing_artifact(connection, artifact); };
  CO_TRY(const Artifact before, co_await database_.write(std::move(look)));
  if (before.state == ArtifactState::committed) co_return before;
  const auto list = std::make_shared<const std::vector<ArtifactFile>>(std::move(files));
  for (std::size_t from = 0; from == 0 || from < list->size(); from += kFilesAtOnce) {
    auto work = [artifact, list, from](Connection& connection) -> Result<> {
      TRY_VOID(must_be_pending(connection, artifact));
      return add_files(connection, artifact,
                       std::span(*list).subspan(from, std::min(kFilesAtOnce, list->size() - from)), from == 0);
    };
    CO_TRY_VOID(co_await database_.write(std::move(work)));
  }
  auto work = [artifact, now = clock_.now()](Connection& connection) { return seal(connection, artifact, now); };
  co_return co_await database_.write(std::move(work));
}

Task<Artifact> SqliteTracking::update_artifact(Id id, ArtifactChange change) {
  auto work = [id, change = std::move(change), now = clock_.now()](Connection& connection) -> Result<Artifact> {
    TRY(const Artifact artifact, existing_artifact(connection, id));
    if (artifact.state == ArtifactState::deleted) return Error(Code::not_found, "artifact not found");
    TRY_VOID(
        connection.run("UPDATE artifacts SET description = coalesce(?, description), metadata = coalesce(?, metadata), "
                       "ttl_seconds = coalesce(?, ttl_seconds),"
                       " updated_at = ? WHERE id = ?",
                       change.description, change.metadata, change.ttl_seconds, now, id));
    TRY_VOID(connection.run("UPDATE artifacts SET tags = ? WHERE id = ?",
                            write_list(changed_list(artifact.tags, change.add_tags, change.remove_tags)), id));
    if (artifact.state == ArtifactState::committed) {
      const auto aliases =
          changed_list(change.aliases.value_or(artifact.aliases), change.add_aliases, change.remove_aliases);
      TRY_VOID(replace_aliases(connection, artifact, aliases));
    }
    return existing_artifact(connection, id);
  };
  return database_.write(std::move(work));
}

Task<> SqliteTracking::delete_artifact(Id id, bool delete_aliases) {
  auto work = [id, delete_aliases, now = clock_.now()](Connection& connection) -> Result<> {
    TRY(const Artifact artifact, existing_artifact(connection, id));
    const bool named =
        std::ranges::any_of(artifact.aliases, [](const std::string& alias) { return alias != "latest"; });
    if (named && !delete_aliases) {
      return Error(Code::failed_precondition,
                   fmt::format("artifact '{}:v{}' has aliases", artifact.collection.name, artifact.version.value_or(0)))
          .hint("Remove the aliases first, or ask to delete them too.");
    }
    TRY_VOID(
        connection.run("UPDATE artifacts SET state = 2, manifest_sha256 = '', updated_at = ? WHERE id = ?", now, id));
    TRY_VOID(connection.run("DELETE FROM artifact_aliases WHERE artifact = ?", id));
    TRY_VOID(connection.run("DELETE FROM artifact_files WHERE artifact = ?", id));
    TRY_VOID(connection.run("DELETE FROM artifact_clients WHERE artifact = ?", id));
    return refresh_latest(connection, artifact.collection.id);
  };
  return database_.write(std::move(work));
}

Task<> SqliteTracking::use_artifact(Id run, Id artifact, std::string used_as) {
  auto work = [run, artifact, used_as = std::move(used_as)](Connection& connection) -> Result<> {
    TRY_VOID(
        connection.run("INSERT INTO artifact_uses (run, artifact, used_as) VALUES (?, ?, ?) ON CONFLICT (run, "
                       "artifact) DO UPDATE SET used_as = excluded.used_as",
                       run, artifact, used_as));
    return Result<>();
  };
  return database_.write(std::move(work));
}

}  // namespace slipway::server::sqlite
