// SweepService: what people and sweep agents do with sweeps. No HTTP, no GraphQL.
#pragma once
#include <map>
#include <random>

#include "launch/sweep_config.h"
#include "server/service/push_service.h"
#include "server/services.h"
#include "server/store/sweeps.h"

namespace slipway::server {

struct SweepInput {
  std::optional<Id> id;  ///< Change this one; otherwise a new one.
  std::string entity, project;
  SweepChange change;
  /// {queue, run_queue_project, run_spec}: its scheduler is queued, with the sweep's name in the place of the word WANDB_SWEEP_ID.
  std::optional<std::string> launch_scheduler;
  std::string template_values;  ///< Of the scheduler's queue.
};

struct SavedSweep {
  Sweep sweep;
  bool inserted = false;
  std::vector<std::string> warnings;
};

/// What an agent is to do.
struct SweepCommand {
  enum class Kind { run, stop, exit } kind = Kind::exit;
  std::string run;
  JsonObject args;
  std::string program;
};

/// All calls on one executor's thread.
class SweepService {
 public:
  SweepService(Services& services, SweepStore& store, PushService& pushes)
      : services_(services), store_(store), pushes_(pushes), random_(std::random_device{}()) {}

  /// Codes: invalid_argument with the paths of the configuration's problems, failed_precondition (a change of state that cannot be), not_found, permission_denied.
  Task<SavedSweep> save(Principal who, std::string author, SweepInput input);
  /// not_found when there is none, or the caller may not see it.
  Task<Sweep> find(Principal who, RunKey key, Role needed = Role::viewer);
  Task<SweepAgent> register_agent(Principal who, RunKey sweep, std::string host);
  /// `active`: the runs that the agent says are under way.
  Task<std::vector<SweepCommand>> heartbeat(Principal who, Id agent, std::vector<std::string> active);

  /// The best value of the metric over the runs that have ended.
  static std::optional<double> best_loss(const Sweep& sweep, const std::vector<Run>& runs);
  /// Runs of a grid, or the run cap; nothing without end.
  static std::optional<std::int64_t> expected_runs(const Sweep& sweep);

 private:
  Task<SavedSweep> create(Principal who, std::string author, SweepInput input);
  Task<SavedSweep> change(Principal who, std::string author, SweepInput input);
  Task<Sweep> queue_scheduler(Principal who, std::string author, Sweep sweep, SweepInput input);
  /// Agents that are silent never start what they were given.
  Task<> give_up_lost_runs(const Sweep& sweep, const std::vector<Run>& runs);
  Task<std::vector<SweepCommand>> next(Sweep sweep, Id agent);

  Services& services_;
  SweepStore& store_;
  PushService& pushes_;
  std::mt19937_64 random_;
};

}  // namespace slipway::server
