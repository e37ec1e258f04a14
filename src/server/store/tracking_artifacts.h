// Artifacts: versioned, named directories of files (jobs, code, models), protocol 1.6. A collection belongs to a project; names are unique in it.
#pragma once
#include "server/store/store.h"
#include "server/store/tracking_blobs.h"

namespace slipway::server {

enum class ArtifactState { pending, committed, deleted };

struct ArtifactCollection {
  Id id = 0;
  std::string entity, project, type, name, description;
  UnixMillis created_at = 0, updated_at = 0;
  std::vector<std::string> tags;
  Id latest = 0;  ///< What the alias `latest` points at, 0: nothing was committed yet.
};

struct Artifact {
  Id id = 0;
  ArtifactCollection collection;
  ArtifactState state = ArtifactState::pending;
  std::optional<int> version;  ///< Given at the commit, from 0.
  std::string digest;          ///< MD5 hex of the manifest (protocol 1.6.4).
  std::optional<std::string> description;
  std::optional<std::string> metadata;  ///< JSON text.
  std::int64_t ttl_seconds = -2;        ///< -2: the collection's, which is for ever.
  std::optional<std::int64_t> history_step;
  std::int64_t size = 0, file_count = 0;
  UnixMillis created_at = 0, updated_at = 0;
  Id run = 0;  ///< That made it, 0: none.
  std::vector<std::string> aliases, tags;
  std::string manifest_name, manifest_digest, manifest_sha256;  ///< sha256 "" until its bytes are there.
};

struct NewArtifact {
  std::string entity, project, type, collection;
  std::string digest, client_id, sequence_client_id;
  std::optional<std::string> description, metadata;
  std::optional<std::int64_t> ttl_seconds, history_step;
  std::vector<std::string> aliases, tags;
  Id run = 0;
  bool renames =
      false;  ///< When the client id is known and its artifact pending, under another name: this name counts.
  bool deduplicate =
      false;  ///< A committed artifact of the collection with this digest is the answer, and becomes `latest` and what `aliases` say.
};

struct ArtifactFile {
  std::string path;
  Blob blob;              ///< Empty for a reference.
  std::string reference;  ///< Address outside of the server.
};

struct ArtifactChange {
  std::optional<std::string> description, metadata;
  std::optional<std::int64_t> ttl_seconds;
  std::optional<std::vector<std::string>> aliases;  ///< The whole list.
  std::vector<std::string> add_aliases, remove_aliases, add_tags, remove_tags;
};

struct CollectionChange {
  std::optional<std::string> name, type, description;
  std::vector<std::string> add_tags, remove_tags;
};

class ArtifactStore {
 public:
  virtual ~ArtifactStore() = default;
  /// Idempotent on (entity, client_id): the first call's artifact, which keeps its metadata unless it had none (protocol 1.6.1). conflict: the collection has another type.
  virtual Task<Artifact> create_artifact(NewArtifact artifact) = 0;
  virtual Task<std::optional<Artifact>> get_artifact(Id id) = 0;
  /// `reference` is "collection:alias", "collection:v3" or "collection" (latest). Committed ones only.
  virtual Task<std::optional<Artifact>> find_artifact(std::string entity, std::string project,
                                                      std::string reference) = 0;
  virtual Task<std::optional<Id>> find_client_id(std::string entity, std::string client_id) = 0;
  /// failed_precondition once committed.
  virtual Task<> set_manifest(Id artifact, std::string name, std::string digest) = 0;
  virtual Task<> set_manifest_bytes(Id artifact, std::string sha256) = 0;
  /// Gives the version and moves `latest` and the wanted aliases to it. A committed one: unchanged.
  virtual Task<Artifact> commit_artifact(Id artifact, std::vector<ArtifactFile> files) = 0;
  virtual Task<Artifact> update_artifact(Id artifact, ArtifactChange change) = 0;
  /// failed_precondition when it has aliases other than latest, unless `delete_aliases`. `latest` goes to the version before.
  virtual Task<> delete_artifact(Id artifact, bool delete_aliases) = 0;
  virtual Task<> use_artifact(Id run, Id artifact, std::string used_as) = 0;

  virtual Task<std::vector<std::string>> list_types(std::string entity, std::string project) = 0;
  /// When the type was first used in the project.
  virtual Task<std::optional<UnixMillis>> type_since(std::string entity, std::string project, std::string type) = 0;
  virtual Task<std::optional<ArtifactCollection>> find_collection(std::string entity, std::string project,
                                                                  std::string name) = 0;
  virtual Task<std::optional<ArtifactCollection>> get_collection(Id id) = 0;
  /// `type` "": all. In order of names.
  virtual Task<Paged<ArtifactCollection>> list_collections(std::string entity, std::string project, std::string type,
                                                           Page page) = 0;
  /// conflict: the name is taken.
  virtual Task<ArtifactCollection> update_collection(Id id, CollectionChange change) = 0;
  /// With all of its versions.
  virtual Task<> delete_collection(Id id) = 0;
  /// Committed versions, newest first.
  virtual Task<Paged<Artifact>> list_artifacts(Id collection, Page page) = 0;
  /// (alias, artifact), in order of aliases.
  virtual Task<std::vector<std::pair<std::string, Id>>> list_aliases(Id collection) = 0;
  virtual Task<Paged<ArtifactFile>> list_files(Id artifact, std::vector<std::string> names, Page page) = 0;
  enum class RunLink { made, used };
  /// Runs that used it, in the order in which they were made.
  virtual Task<std::vector<Id>> list_users(Id artifact) = 0;
  virtual Task<Paged<Artifact>> list_run_artifacts(Id run, RunLink link, Page page) = 0;
  virtual Task<std::int64_t> count_run_artifacts(Id run, RunLink link) = 0;
  virtual Task<std::int64_t> count_artifacts(Id collection) = 0;
  virtual Task<std::int64_t> count_collections(std::string entity, std::string project, std::string type) = 0;
};

}  // namespace slipway::server
