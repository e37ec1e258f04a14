#include <algorithm>
#include <charconv>

#include "server/store/sqlite/tracking_sqlite.h"

namespace slipway::server::sqlite {

namespace {

/// The number of "v12", nothing for any other alias.
std::optional<int> version_number(std::string_view alias) {
  int number = 0;
  if (alias.size() < 2 || alias.front() != 'v') return std::nullopt;
  const auto end = std::from_chars(alias.data() + 1, alias.data() + alias.size(), number);
  if (end.ec != std::errc() || end.ptr != alias.data() + alias.size() || number < 0) return std::nullopt;
  return number;
}

constexpr std::string_view kCollectionColumns =
    "SELECT c.id, c.entity, c.project, c.type, c.name, c.description, c.created_at, c.updated_at, c.tags,"
    " (SELECT artifact FROM artifact_aliases x WHERE x.collection = c.id AND x.alias = 'latest') FROM "
    "artifact_collections c ";

ArtifactCollection read_collection(Rows& rows) {
  ArtifactCollection collection;
  std::string tags;
  rows.read(collection.id, collection.entity, collection.project, collection.type, collection.name,
            collection.description, collection.created_at, collection.updated_at, tags, collection.latest);
  collection.tags = read_list(tags);
  return collection;
}

Result<std::optional<ArtifactCollection>> first_collection(Rows rows) {
  TRY(const bool found, rows.next());
  std::optional<ArtifactCollection> collection;
  if (found) collection = read_collection(rows);
  return collection;
}

Result<std::vector<Artifact>> read_artifacts(Connection& connection, Rows rows) {
  std::vector<Artifact> artifacts;
  TRY_VOID(rows.each([&] { artifacts.push_back(read_artifact(rows)); }));
  for (Artifact& artifact : artifacts) TRY_VOID(fill_artifact(connection, artifact));
  return artifacts;
}

}  // namespace

Task<std::optional<Artifact>> SqliteTracking::get_artifact(Id id) {
  auto work = [id](Connection& connection) { return load_artifact(connection, id); };
  return database_.read(std::move(work));
}

Task<std::optional<Artifact>> SqliteTracking::find_artifact(std::string entity, std::string project,
                                                            std::string reference) {
  const auto colon = reference.rfind(':');
  std::string name = reference.substr(0, colon);
  std::string alias = colon == std::string::npos ? "latest" : reference.substr(colon + 1);
  auto work = [entity = std::move(entity), project = std::move(project), name = std::move(name),
               alias = std::move(alias)](Connection& connection) -> Result<std::optional<Artifact>> {
    TRY(const auto collection,
        connection.value<Id>("SELECT id FROM artifact_collections WHERE entity = ? AND project = ? AND name = ?",
                             entity, project, name));
    if (!collection) return std::optional<Artifact>();
    TRY(auto id, connection.value<Id>("SELECT artifact FROM artifact_aliases WHERE collection = ? AND alias = ?",
                                      *collection, alias));
    if (const auto version = version_number(alias); !id && version) {
      TRY(id, connection.value<Id>("SELECT id FROM artifacts WHERE collection = ? AND version = ? AND state = 1",
                                   *collection, *version));
    }
    return load_artifact(connection, id.value_or(0));
  };
  return database_.read(std::move(work));
}

Task<std::optional<Id>> SqliteTracking::find_client_id(std::string entity, std::string client_id) {
  auto work = [entity = std::move(entity), client_id = std::move(client_id)](Connection& connection) {
    return connection.value<Id>("SELECT artifact FROM artifact_clients WHERE entity = ? AND client_id = ?", entity,
                                client_id);
  };
  return database_.read(std::move(work));
}

Task<std::vector<std::string>> SqliteTracking::list_types(std::string entity, std::string project) {
  auto work = [entity = std::move(entity),
               project = std::move(project)](Connection& connection) -> Result<std::vector<std::string>> {
    std::vector<std::string> types;
    TRY(auto rows, connection.query(
                       "SELECT DISTINCT type FROM artifact_collections WHERE entity = ? AND project = ? ORDER BY type",
                       entity, project));
    TRY_VOID(rows.each([&] { rows.read(types.emplace_back()); }));
    return types;
  };
  return database_.read(std::move(work));
}

Task<std::optional<ArtifactCollection>> SqliteTracking::find_collection(std::string entity, std::string project,
                                                                        std::string name) {
  auto work = [entity = std::move(entity), project = std::move(project),
               name = std::move(name)](Connection& connection) -> Result<std::optional<ArtifactCollection>> {
    static const std::string sql = sql_of({kCollectionColumns, "WHERE c.entity = ? AND c.project = ? AND c.name = ?"});
    TRY(auto rows, connection.query(sql, entity, project, name));
    return first_collection(std::move(rows));
  };
  return database_.read(std::move(work));
}

Task<std::optional<ArtifactCollection>> SqliteTracking::get_collection(Id id) {
  auto work = [id](Connection& connection) -> Result<std::optional<ArtifactCollection>> {
    static const std::string sql = sql_of({kCollectionColumns, "WHERE c.id = ?"});
    TRY(auto rows, connection.query(sql, id));
    return first_collection(std::move(rows));
  };
  return database_.read(std::move(work));
}

Task<Paged<ArtifactCollection>> SqliteTracking::list_collections(std::string entity, std::string project,
                                                                 std::string type, Page page) {
  auto work = [entity = std::move(entity), project = std::move(project), type = std::move(type),
               page = std::move(page)](Connection& connection) -> Result<Paged<ArtifactCollection>> {
    static const std::string sql = sql_of({kCollectionColumns,
                                           "WHERE c.entity = ?1 AND c.project = ?2 AND (?3 = '' OR c.type = ?3) AND "
                                           "c.name > ?4 ORDER BY c.name LIMIT ?5"});
    std::vector<ArtifactCollection> collections;
    TRY(auto rows, connection.query(sql, entity, project, type, cursor_text(page), page_size(page) + 1));
    TRY_VOID(rows.each([&] { collections.push_back(read_collection(rows)); }));
    return paged(std::move(collections), page, [](const ArtifactCollection& collection) { return collection.name; });
  };
  return database_.read(std::move(work));
}

Task<Paged<Artifact>> SqliteTracking::list_artifacts(Id collection, Page page) {
  auto work = [collection, page = std::move(page)](Connection& connection) -> Result<Paged<Artifact>> {
    static const std::string sql =
        sql_of({"SELECT ", kArtifactColumns, kArtifactTables,
                " WHERE a.collection = ? AND a.state = 1 AND a.version < ? ORDER BY a.version DESC LIMIT ?"});
    TRY(auto rows, connection.query(sql, collection, cursor_number(page, INT64_MAX), page_size(page) + 1));
    TRY(auto artifacts, read_artifacts(connection, std::move(rows)));
    return paged(std::move(artifacts), page,
                 [](const Artifact& artifact) { return std::to_string(artifact.version.value_or(0)); });
  };
  return database_.read(std::move(work));
}

Task<std::vector<std::pair<std::string, Id>>> SqliteTracking::list_aliases(Id collection) {
  auto work = [collection](Connection& connection) -> Result<std::vector<std::pair<std::string, Id>>> {
    std::vector<std::pair<std::string, Id>> aliases;
    TRY(auto rows, connection.query("SELECT alias, artifact FROM artifact_aliases WHERE collection = ? ORDER BY alias",
                                    collection));
    TRY_VOID(rows.each([&] {
      auto& alias = aliases.emplace_back();
      rows.read(alias.first, alias.second);
    }));
    return aliases;
  };
  return database_.read(std::move(work));
}

Task<Paged<ArtifactFile>> SqliteTracking::list_files(Id artifact, std::vector<std::string> names, Page page) {
  auto work = [artifact, names = std::move(names),
               page = std::move(page)](Connection& connection) -> Result<Paged<ArtifactFile>> {
    std::vector<ArtifactFile> files;
    TRY(auto rows, connection.query(
                       "SELECT path, sha256, md5, size, reference FROM artifact_files WHERE artifact = ?1 AND path > ?2"
                       " AND (?3 = '[]' OR path IN (SELECT value FROM json_each(?3))) ORDER BY path LIMIT ?4",
                       artifact, cursor_text(page), write_list(names), page_size(page) + 1));
    TRY_VOID(rows.each([&] {
      ArtifactFile& file = files.emplace_back();
      rows.read(file.path, file.blob.sha256, file.blob.md5, file.blob.size, file.reference);
    }));
    return paged(std::move(files), page, [](const ArtifactFile& file) { return file.path; });
  };
  return database_.read(std::move(work));
}

Task<Paged<Artifact>> SqliteTracking::list_run_artifacts(Id run, RunLink link, Page page) {
  auto work = [run, link, page = std::move(page)](Connection& connection) -> Result<Paged<Artifact>> {
    static const std::string made =
        sql_of({"SELECT ", kArtifactColumns, kArtifactTables,
                " WHERE a.run = ? AND a.run <> 0 AND a.state = 1 AND a.id > ? ORDER BY a.id LIMIT ?"});
    static const std::string used = sql_of({"SELECT ", kArtifactColumns, kArtifactTables,
                                            " JOIN artifact_uses u ON u.artifact = a.id WHERE u.run = ? AND a.state = "
                                            "1 AND a.id > ? ORDER BY a.id LIMIT ?"});
    TRY(auto rows,
        connection.query(link == RunLink::made ? made : used, run, cursor_number(page, 0), page_size(page) + 1));
    TRY(auto artifacts, read_artifacts(connection, std::move(rows)));
    return paged(std::move(artifacts), page, [](const Artifact& artifact) { return std::to_string(artifact.id); });
  };
  return database_.read(std::move(work));
}

}  // namespace slipway::server::sqlite
