// Event: what one coroutine waits for and another announces. All calls on one executor's thread.
#pragma once
#include <chrono>
#include <optional>

#include <boost/asio/steady_timer.hpp>

#include "async/task.h"

namespace slipway {

/// A condition variable for coroutines. notify_all() wakes those that wait now; it is not remembered (check your state first).
class Event {
 public:
  explicit Event(asio::any_io_executor executor);
  /// True when notified, false when `limit` passed or the waiter was cancelled.
  asio::awaitable<bool> wait(std::optional<std::chrono::steady_clock::duration> limit = {});
  void notify_all();

 private:
  asio::steady_timer timer_;
  unsigned generation_ = 0;
};

}  // namespace slipway
