// DispatchService: what agents do. The long poll (renew, directives, leases, park), reports, and the pop, acknowledge, fail and warn of W&B agents.
#pragma once
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "async/event.h"
#include "server/service/live.h"
#include "server/service/queue_directory.h"
#include "server/service/waiters.h"

namespace slipway::server {

struct LeaseCall {
  Id agent = 0;
  std::string incarnation;
  std::int64_t slots = 0;
  std::vector<HeldItem> held;
  std::vector<std::string> scopes;
  std::chrono::steady_clock::duration wait{};
  std::int64_t sequence = 0;
};

struct LeaseAnswer {
  std::vector<Lease> leases;
  std::vector<ItemDirective> directives;
  AgentDesire desire = AgentDesire::run;
  Millis lease_ttl{60'000};
};

/// What this process has heard from an agent last: for the reasons why an item waits. Gone after a restart.
struct AgentLoad {
  std::int64_t held = 0;
  std::int64_t slots = 0;
};

/// All calls on one executor's thread.
class DispatchService {
 public:
  DispatchService(asio::any_io_executor executor, Store& store, QueueDirectory& directory, Live& live);

  /// Codes: not_found, stale (a newer start of this agent has registered), invalid_argument. An older sequence, and a parked call that a newer one
  /// supersedes, end empty.
  Task<LeaseAnswer> lease(Principal who, LeaseCall call);
  Task<Item> report(Principal who, Id item, std::int64_t epoch, ItemReport report, std::string reason);
  Task<> release(Principal who, Id item, std::int64_t epoch, std::string reason);

  Task<std::optional<Lease>> pop(Principal who, std::string entity, std::string queue, std::optional<Id> agent);
  Task<bool> acknowledge(Principal who, Id item, std::string run_name);
  Task<bool> fail(Principal who, Id item, std::string message, std::string stage, Json file_paths);
  Task<bool> warn(Principal who, Id item, Json warning);

  /// Stores items of one queue and hands them to a parked agent in the same transaction when one waits.
  Task<std::vector<Item>> push(std::vector<PushItem> items, Cause cause);
  /// For the other services and the expiry worker.
  void queue_filled(Id queue) { waiters_.wake_one(queue); }
  void queue_changed(Id queue) { waiters_.wake_all(queue); }
  /// The agent's registration or desire changed, or an item that it holds is to be cancelled.
  void agent_changed(Id agent);
  std::optional<AgentLoad> load(Id agent) const;
  std::size_t parked() const { return waiters_.size(); }
  /// Announces grants to the expiry worker; `next` is when the new lease runs out.
  std::function<void(UnixMillis next)> on_grant;
  /// Ends all parked calls with an empty answer, and every later one at once.
  void close();

 private:
  /// What is remembered of an agent while this process runs.
  struct Session {
    Agent agent;
    bool known = false;    ///< `agent` is up to date.
    bool may_hold = true;  ///< Until a renewal has shown that the store thinks of nothing as this agent's.
    std::int64_t sequence = -1;
    std::string incarnation;
    AgentDesire told = AgentDesire::run;
    AgentLoad load;
    std::shared_ptr<Parked> parked;
  };

  Task<> refresh(Principal who, Id agent);
  /// False: an older call, which has nothing to hear any more.
  Result<bool> enter(const LeaseCall& call);
  Task<LeaseAnswer> listen(Principal who, LeaseCall call);
  Task<std::vector<ItemDirective>> renew(const LeaseCall& call);
  Task<std::vector<Lease>> take(LeaseRequest request);
  Task<std::vector<Lease>> park(LeaseRequest request, std::chrono::steady_clock::time_point deadline);
  Task<LeaseAnswer> answer(Id agent, std::vector<Lease> leases, std::vector<ItemDirective> directives);
  Task<Millis> lease_ttl(std::vector<Id> queues);
  /// The item, when the caller may act as an agent of its queue.
  Task<Item> held_item(Principal who, Id item);
  void announce(const std::vector<Lease>& leases);
  Task<> give_back(std::vector<Lease> leases);

  asio::any_io_executor executor_;
  Store& store_;
  QueueDirectory& directory_;
  Live& live_;
  Waiters waiters_;
  std::unordered_map<Id, Session> sessions_;
  bool closed_ = false;
};

}  // namespace slipway::server
