// Scope: owns background coroutines. Nothing in slipway is detached.
#pragma once
#include <cassert>
#include <functional>
#include <list>
#include <string>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include "async/task.h"

namespace slipway {

/// Declare it as the last member, so that children may use every other member. Await stop() before destruction.
/// All calls on the executor's thread. A child's exception is logged, never swallowed.
class Scope {
 public:
  explicit Scope(asio::any_io_executor executor);
  ~Scope();
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

  /// Starts `body()` as a child. A function without captured values, or one that owns what it captured: the Scope keeps the
  /// function alive as long as its coroutine runs. Does nothing once stop() was called.
  void spawn(std::string name, std::function<asio::awaitable<void>()> body);
  std::size_t size() const { return children_.size(); }
  bool stopping() const { return stopping_; }
  /// Cancels every child and waits until all have ended. Idempotent.
  asio::awaitable<void> stop();
  /// Waits until all children have ended by themselves.
  asio::awaitable<void> wait_idle();

 private:
  asio::any_io_executor executor_;
  asio::steady_timer idle_;
  std::list<asio::cancellation_signal> children_;
  bool stopping_ = false;
};

}  // namespace slipway
