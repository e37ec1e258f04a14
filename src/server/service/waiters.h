// Waiters: the long polls that are parked, by queue and by agent. Memory of this process only: a lost wake-up costs one poll, never an item.
#pragma once
#include <chrono>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "server/store/store.h"

namespace slipway::server {

/// One parked call. Shared by the call's coroutine and by a push that has reserved it.
struct Parked {
  Parked(asio::any_io_executor executor, LeaseRequest wanted)
      : request(std::move(wanted)), timer(std::move(executor)) {}

  LeaseRequest request;        ///< What a push may offer to it.
  asio::steady_timer timer;    ///< Cancelled to wake the call.
  std::vector<Lease> granted;  ///< By a push.
  bool offered = false;        ///< A push has it in its transaction: the call waits for deliver().
  bool woken = false;
  bool superseded = false;  ///< A newer call of the same agent has come.
  bool gone = false;        ///< The call has ended.
};

/// All calls on one executor's thread.
class Waiters {
 public:
  explicit Waiters(asio::any_io_executor executor) : executor_(std::move(executor)) {}

  /// Counts what became leasable in these queues: a call that leased nothing parks only when this has not moved meanwhile.
  std::uint64_t generation(const std::vector<Id>& queues) const;

  std::shared_ptr<Parked> park(LeaseRequest request);
  /// The call has ended, however. Idempotent.
  void leave(const std::shared_ptr<Parked>& parked);

  /// The call that has waited longest for work of this queue, taken out of all lists until deliver(); nullptr when none waits.
  std::shared_ptr<Parked> reserve(Id queue);
  /// Ends a reservation. False: the call is gone, the leases are still the caller's to give back.
  bool deliver(const std::shared_ptr<Parked>& parked, std::vector<Lease> leases);

  /// Something became leasable: wakes the call that has waited longest. It wakes the next when it has taken all that it could hold.
  void wake_one(Id queue);
  /// Something that only certain agents can take (a takeover), or a queue that went on.
  void wake_all(Id queue);
  void wake(Parked& parked);
  void wake_everybody();
  std::size_t size() const { return all_.size(); }

 private:
  using Line = std::list<std::shared_ptr<Parked>>;
  struct Lines {
    Line hungry;  ///< With free slots.
    Line full;    ///< Only takeovers and directives reach these.
    std::uint64_t generation = 0;
  };
  void unlink(const std::shared_ptr<Parked>& parked);

  asio::any_io_executor executor_;
  std::unordered_map<Id, Lines> queues_;
  std::unordered_map<Parked*, std::vector<std::pair<Line*, Line::iterator>>> all_;
};

}  // namespace slipway::server
