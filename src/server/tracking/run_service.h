// RunService: what people, SDKs and agents do with runs and their output. No HTTP, no GraphQL.
#pragma once
#include "server/services.h"
#include "server/store/tracking_store.h"
#include "server/store/tracking_streams.h"
#include "server/tracking/log_signals.h"
#include "server/tracking/stream_body.h"

namespace slipway::server {

/// finished, failed, crashed, killed: nothing more happens to the run.
bool is_terminal_run(std::string_view state);
/// Why a run or project cannot have this name; "" when it can: 1 to 128 bytes, no '/', '\', ':', '?', '#', '%' and control characters.
std::string name_fault(std::string_view name);

/// The entity that a call without one means.
std::string default_entity(const Principal& who);

/// The run's id in the API: base64 of "Run:v1:<run>:<project>:<entity>" (protocol 1.9).
std::string run_global_id(const RunKey& key);
std::optional<RunKey> parse_run_global_id(std::string_view id);

struct StreamAnswer {
  bool stopped = false;  ///< Somebody asked the run to stop.
  std::vector<StreamInfo> streams;
};

/// All calls on one executor's thread.
class RunService {
 public:
  RunService(Services& services, TrackingStore& runs, StreamStore& streams, LogSignals& signals)
      : services_(services), runs_(runs), streams_(streams), signals_(signals) {}

  /// not_found when the run does not exist or the caller may not see it, in one wording.
  Task<Run> find(Principal who, RunKey key, Role needed = Role::viewer);
  Task<RunStore::Upserted> upsert(Principal who, RunChange change);
  Task<> remove(Principal who, RunKey key);
  /// Asks the SDK to stop; cancels the item that the run belongs to. False: it has ended already.
  Task<bool> stop(Principal who, RunKey key);
  /// "pending" or "failed", said by a person. False: not from its present state, or an item decides on it.
  Task<bool> set_state(Principal who, RunKey key, std::string state);
  /// A file stream call: lines, summary, the SDK's end.
  Task<StreamAnswer> accept(Principal who, RunKey key, StreamBody body);
  /// Runs that nobody watches and that were silent for longer than that are crashed (C-6). The value counts them.
  Task<std::size_t> mark_crashed(Millis silence);

  /// Called when an item was cancelled with its run: the dispatch side tells the agent.
  std::function<void(const Item&)> on_cancelled;

 private:
  Task<> keep_summary(Run run, StreamPart part);
  void publish(const Run& run);

  Services& services_;
  TrackingStore& runs_;
  StreamStore& streams_;
  LogSignals& signals_;
};

}  // namespace slipway::server
