// LeaseExpiry: sleeps until the next lease runs out, and deals with it.
#pragma once
#include <optional>

#include "async/event.h"
#include "server/service/dispatch_service.h"

namespace slipway::server {

/// All calls on one executor's thread.
class LeaseExpiry {
 public:
  LeaseExpiry(asio::any_io_executor executor, Store& store, DispatchService& dispatch, Live& live, const Clock& clock);

  /// Until cancelled. Run it in a Scope.
  asio::awaitable<void> run();
  /// A lease was granted that runs out at `next`.
  void granted(UnixMillis next);
  /// Everything that has run out by now; wakes the agents of the queues that have something again.
  Task<> sweep();

 private:
  Task<> wait_for_next();

  Store& store_;
  DispatchService& dispatch_;
  Live& live_;
  const Clock& clock_;
  Event changed_;
  std::optional<UnixMillis> armed_;
};

}  // namespace slipway::server
