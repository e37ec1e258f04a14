// What the server keeps of runs, their output and artifacts: as far as launched jobs need it (architecture 5). Same rules as store.h.
// Bulk (log lines, blobs) lives beside the dispatch database, so that it never slows a lease down.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/store/store.h"

namespace slipway::server {

struct RunKey {
  std::string entity, project, name;
  friend auto operator<=>(const RunKey&, const RunKey&) = default;
};

struct Run {
  Id id = 0;
  RunKey key;
  std::string display_name;
  std::string state = "pending";  ///< Words of protocol 1.7.
  std::string user;               ///< Author: the submitter for runs of service accounts (S-32).
  std::string host, program, job_type, group, notes, commit, repo, sweep;
  Json config, summary, tags;
  std::optional<int> exit_code;
  bool stop_requested = false;
  Id item = 0;  ///< The item it came from, 0: none.
  UnixMillis created_at = 0;
  std::optional<UnixMillis> started_at, heartbeat_at, finished_at;
  std::int64_t history_lines = 0, event_lines = 0, log_lines = 0;
};

/// upsertBucket: absent members stay as they are. `user` is taken only for a run that has none.
struct RunChange {
  RunKey key;
  std::string user;
  std::optional<std::string> display_name, host, program, job_type, group, notes, commit, repo, sweep;
  std::optional<Json> config, summary, tags;
  bool revives = true;  ///< The SDK's init; false: a change of what is known of the run.
};

class RunQuery;

struct RunFilter {
  std::string entity;
  std::string project;                    ///< "": all projects of the entity.
  std::vector<std::string> states;        ///< Empty: all.
  std::shared_ptr<const RunQuery> query;  ///< Further conditions and another order; none: newest first.
};

/// A file of a run: its bytes are a blob.
struct RunFile {
  std::string name;
  std::string sha256;  ///< "" while only its upload address has been given out.
  std::string md5;     ///< Hex.
  std::int64_t size = 0;
  UnixMillis updated_at = 0;
};

class RunStore {
 public:
  virtual ~RunStore() = default;
  struct Upserted {
    Run run;
    bool inserted = false;
  };
  /// The SDK's init: a new or pending run is running from now on, an ended one that no item owns runs again. A run whose item has ended keeps its state.
  virtual Task<Upserted> upsert_run(RunChange change) = 0;
  virtual Task<std::optional<Run>> find_run(RunKey key) = 0;
  virtual Task<std::optional<Run>> get_run(Id id) = 0;
  /// In the order of the query, newest first without one.
  virtual Task<Paged<Run>> list_runs(RunFilter filter, Page page) = 0;
  virtual Task<std::int64_t> count_runs(RunFilter filter) = 0;
  /// Names of the projects that hold a run or an artifact, in order.
  virtual Task<std::vector<std::string>> list_projects(std::string entity) = 0;
  /// With its files. Its streams and artifacts are the caller's to delete.
  virtual Task<> delete_run(Id id) = 0;
  /// The SDK hears it with its next file stream call. False: the run has ended already.
  virtual Task<bool> request_stop(Id id) = 0;
  /// The SDK says that the run ended ("finished", "failed"), or nobody heard of it ("crashed"). Nothing changes while an agent watches the run's item, or after the item
  /// has ended: the item decides then. The end (not the crash) of a run that a W&B agent started ends its item.
  virtual Task<Run> finish_run(Id id, std::string state, std::optional<int> exit_code) = 0;
  virtual Task<> set_summary(Id id, Json summary) = 0;
  /// By a person: "pending" (it is to run again) or "failed" (nobody will say it). False: not from its present state, or its item decides.
  virtual Task<bool> set_run_state(Id id, std::string state) = 0;
  /// Runs in state running that no agent watches: those whose silence means a crash (C-6). Oldest first.
  virtual Task<std::vector<Run>> unwatched_runs() = 0;

  virtual Task<> put_run_file(Id run, RunFile file) = 0;
  virtual Task<std::optional<RunFile>> find_run_file(Id run, std::string name) = 0;
  /// Those whose bytes are there, in order of names; `names` empty: all. `like`: a pattern of SQL's LIKE, "" for none.
  virtual Task<Paged<RunFile>> list_run_files(Id run, std::vector<std::string> names, std::string like, Page page) = 0;
  virtual Task<std::int64_t> count_run_files(Id run) = 0;
  virtual Task<> remove_run_files(Id run, std::vector<std::string> names) = 0;
};

}  // namespace slipway::server
