// What the server keeps of sweeps (protocol 1.9). Same rules as store.h: each call is one transaction.
#pragma once
#include "server/store/tracking.h"

namespace slipway::server {

struct Sweep {
  Id id = 0;
  RunKey key;  ///< name: the word in addresses.
  std::string display_name, description;
  std::string config;                 ///< YAML as given.
  std::string state;                  ///< PENDING, RUNNING, PAUSED, FINISHED, CANCELED, CRASHED.
  std::string controller, scheduler;  ///< JSON texts, "": none.
  std::string user;                   ///< Author.
  std::int64_t made = 0;              ///< Runs that the search has suggested.
  UnixMillis created_at = 0, updated_at = 0;
  std::optional<UnixMillis> heartbeat_at;
};

/// Absent members stay as they are.
struct SweepChange {
  std::optional<std::string> display_name, description, config, state, controller, scheduler;
};

struct SweepAgent {
  Id id = 0;
  Id sweep = 0;
  std::string host;
  std::string run;        ///< Name of the last run that it was given, "": none yet.
  std::int64_t runs = 0;  ///< How many it was given.
  UnixMillis created_at = 0, heartbeat_at = 0;
};

class SweepStore {
 public:
  virtual ~SweepStore() = default;
  /// conflict: the name is taken.
  virtual Task<Sweep> create_sweep(Sweep sweep) = 0;
  virtual Task<Sweep> change_sweep(Id id, SweepChange change) = 0;
  virtual Task<std::optional<Sweep>> find_sweep(RunKey key) = 0;
  virtual Task<std::optional<Sweep>> get_sweep(Id id) = 0;
  /// Newest first.
  virtual Task<Paged<Sweep>> list_sweeps(std::string entity, std::string project, Page page) = 0;
  virtual Task<std::int64_t> count_sweeps(std::string entity, std::string project) = 0;

  virtual Task<SweepAgent> create_agent(Id sweep, std::string host) = 0;
  virtual Task<std::optional<SweepAgent>> get_agent(Id id) = 0;
  virtual Task<std::vector<SweepAgent>> list_agents(Id sweep) = 0;
  /// A sign of life of the agent and so of its sweep.
  virtual Task<> touch_agent(Id agent) = 0;

  /// A run that waits to be started, given to the agent; counts as made. Nothing when `made` is not the sweep's number any more: another agent was quicker.
  virtual Task<std::optional<Run>> add_run(Id sweep, Id agent, std::int64_t made, std::string name, Json config) = 0;
  /// All of them, in the order in which they were made.
  virtual Task<std::vector<Run>> list_runs(Id sweep) = 0;
  virtual Task<std::vector<Run>> list_agent_runs(Id agent) = 0;
  /// A run that waits and will not be started.
  virtual Task<> give_up_run(Id run) = 0;
};

/// On the database of `store`, which must outlive it.
std::unique_ptr<SweepStore> open_sweeps(Store& store);

}  // namespace slipway::server
