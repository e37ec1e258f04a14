// AgentLoop: leases items while there is room, and starts one coroutine for each.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/cancellation_signal.hpp>

#include "agent/control/control.h"
#include "agent/pipeline/pipeline.h"
#include "async/event.h"
#include "async/scope.h"

namespace slipway::agent {

/// How the loop ends.
enum class StopMode {
  leave,  ///< No new leases; unsubmitted items are given back, submitted jobs go on and the next start adopts them (SIGTERM).
  drain,  ///< No new leases; ends when the last job has.
};

/// All calls on one executor.
class AgentLoop {
 public:
  AgentLoop(asio::any_io_executor executor, Control& control, Services& services);

  /// Leases and runs items until told to stop. An error: the server refuses this agent (superseded by another process, key revoked).
  Task<> run();
  /// May be called at any time, also twice: leave wins over drain.
  void request_stop(StopMode mode);
  std::size_t held() const { return entries_.size(); }

 private:
  struct Entry {
    std::shared_ptr<Job> job;
    std::unique_ptr<asio::cancellation_signal> abandon;
    std::optional<Lease>
        successor;  ///< The same item, leased again with a newer epoch while the old coroutine still runs.
  };

  Task<> lease_once();
  LeaseCall next_call() const;
  int free_slots() const;
  void take(const LeaseReply& reply);
  void start(Lease lease);
  void abandon(Entry& entry);
  void ended(const std::string& item_id, JobEnd end);

  asio::any_io_executor executor_;
  Control& control_;
  Services& services_;
  std::map<std::string, Entry> entries_;  ///< By item id.
  std::optional<StopMode> stop_;
  Desire desire_ = Desire::run;
  Millis lease_time_{60'000};
  Event changed_;  ///< What the parked lease call says is no longer true.
  Scope jobs_;
};

}  // namespace slipway::agent
