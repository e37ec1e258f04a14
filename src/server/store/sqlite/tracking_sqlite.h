// TrackingStore on the dispatch database's SQLite file. Runs, blobs, artifacts: a file each.
#pragma once
#include "server/store/sqlite/tracking_rows.h"

namespace slipway::server::sqlite {

class SqliteTracking final : public TrackingStore {
 public:
  SqliteTracking(Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  // tracking_runs.cc
  Task<Upserted> upsert_run(RunChange change) override;
  Task<std::optional<Run>> find_run(RunKey key) override;
  Task<std::optional<Run>> get_run(Id id) override;
  Task<std::vector<std::string>> list_projects(std::string entity) override;
  Task<> delete_run(Id id) override;
  Task<bool> request_stop(Id id) override;
  Task<Run> finish_run(Id id, std::string state, std::optional<int> exit_code) override;
  Task<> set_summary(Id id, Json summary) override;
  Task<bool> set_run_state(Id id, std::string state) override;
  Task<std::vector<Run>> unwatched_runs() override;

  // tracking_run_lists.cc
  Task<Paged<Run>> list_runs(RunFilter filter, Page page) override;
  Task<std::int64_t> count_runs(RunFilter filter) override;

  // tracking_files.cc
  Task<> put_run_file(Id run, RunFile file) override;
  Task<std::optional<RunFile>> find_run_file(Id run, std::string name) override;
  Task<Paged<RunFile>> list_run_files(Id run, std::vector<std::string> names, std::string like, Page page) override;
  Task<std::int64_t> count_run_files(Id run) override;
  Task<> remove_run_files(Id run, std::vector<std::string> names) override;

  // tracking_blobs.cc
  Task<Blob> add_blob(std::string entity, Blob blob) override;
  Task<std::vector<std::optional<Blob>>> find_blobs(std::string entity, std::vector<std::string> md5s) override;
  Task<bool> has_bytes(std::string sha256) override;
  Task<std::vector<std::string>> collect(Millis grace, std::size_t limit) override;

  // tracking_artifacts.cc
  Task<Artifact> create_artifact(NewArtifact artifact) override;
  Task<> set_manifest(Id artifact, std::string name, std::string digest) override;
  Task<> set_manifest_bytes(Id artifact, std::string sha256) override;
  Task<Artifact> commit_artifact(Id artifact, std::vector<ArtifactFile> files) override;
  Task<Artifact> update_artifact(Id artifact, ArtifactChange change) override;
  Task<> delete_artifact(Id artifact, bool delete_aliases) override;
  Task<> use_artifact(Id run, Id artifact, std::string used_as) override;

  // tracking_collections.cc
  Task<ArtifactCollection> update_collection(Id id, CollectionChange change) override;
  Task<> delete_collection(Id id) override;
  Task<std::optional<UnixMillis>> type_since(std::string entity, std::string project, std::string type) override;
  Task<std::vector<Id>> list_users(Id artifact) override;
  Task<std::int64_t> count_run_artifacts(Id run, RunLink link) override;
  Task<std::int64_t> count_artifacts(Id collection) override;
  Task<std::int64_t> count_collections(std::string entity, std::string project, std::string type) override;

  // tracking_artifact_reads.cc
  Task<std::optional<Artifact>> get_artifact(Id id) override;
  Task<std::optional<Artifact>> find_artifact(std::string entity, std::string project, std::string reference) override;
  Task<std::optional<Id>> find_client_id(std::string entity, std::string client_id) override;
  Task<std::vector<std::string>> list_types(std::string entity, std::string project) override;
  Task<std::optional<ArtifactCollection>> find_collection(std::string entity, std::string project,
                                                          std::string name) override;
  Task<std::optional<ArtifactCollection>> get_collection(Id id) override;
  Task<Paged<ArtifactCollection>> list_collections(std::string entity, std::string project, std::string type,
                                                   Page page) override;
  Task<Paged<Artifact>> list_artifacts(Id collection, Page page) override;
  Task<std::vector<std::pair<std::string, Id>>> list_aliases(Id collection) override;
  Task<Paged<ArtifactFile>> list_files(Id artifact, std::vector<std::string> names, Page page) override;
  Task<Paged<Artifact>> list_run_artifacts(Id run, RunLink link, Page page) override;

 private:
  Database& database_;
  const Clock& clock_;
  std::pair<std::string, std::string> collected_;  ///< Where the next round of collection starts.
};

}  // namespace slipway::server::sqlite
