// From what the engine says about a container to the status that the pipeline sees. Pure.
#pragma once
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/json.h"
#include "plugins/runners/api.h"

namespace slipway::plugins::runners::local_container {

struct ContainerState {
  std::string status;  ///< "created", "running", "paused", "restarting", "removing", "exited", "dead".
  int exit_code = 0;
  bool out_of_memory = false;   ///< The engine may miss it when the container ends at the same moment.
  bool memory_limited = false;  ///< So that a SIGKILL can be explained even then.
  std::string error;            ///< Why it could not be started.
  UnixMillis finished_at = 0;
  friend bool operator==(const ContainerState&, const ContainerState&) = default;

  /// Created, and nobody has tried to start it.
  bool only_created() const { return status == "created" && error.empty(); }
  bool ended() const { return status == "exited" || status == "dead" || (status == "created" && !error.empty()); }
};
/// Of GET /containers/ID/json.
ContainerState container_state(const Json& inspected);

/// What is known beside the container itself.
struct Circumstances {
  bool stop_asked = false;
  bool another_boot = false;   ///< The machine was restarted since the job was submitted.
  UnixMillis outage_from = 0;  ///< The last time that the engine was away, 0: never seen.
  UnixMillis outage_until = 0;
};

/// D1: a container that was killed together with its engine is node_lost; one that ended by itself keeps its
/// exit code whatever happened to the engine.
JobStatus job_status(const ContainerState& state, const Circumstances& around);
/// The engine does not know the container (any more).
JobStatus gone_status(const Circumstances& around);

/// RFC 3339 with up to nine decimals, UTC, as the engine writes it. 0 for anything else and for year 1.
UnixMillis parse_engine_time(std::string_view text);

}  // namespace slipway::plugins::runners::local_container
