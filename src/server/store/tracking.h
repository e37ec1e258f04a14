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
  Id item = 0;                    ///< The item it came from, 0: none.
  UnixMillis created_at = 0;
  std::optional<UnixMillis> started_at, heartbeat_at, finished_at;
  std::int64_t history_lines = 0, event_lines = 0, log_lines = 0;
};

}  // namespace slipway::server
