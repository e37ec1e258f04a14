// Background: the loop of an object that has no asynchronous close, such as a Runner's watch.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "async/task.h"

namespace slipway::plugins {

/// At most one loop. Destruction cancels it and does not wait: the loop owns everything that it touches
/// (capture shared_ptr, never `this` of the owner), so it may end later. All calls on the executor's thread;
/// destroy it before the executor's context.
class Background {
 public:
  Background();
  ~Background();
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  /// Does nothing while the loop runs. An exception of `body` is logged under `name`.
  void start(asio::any_io_executor executor, std::string name, std::function<asio::awaitable<void>()> body);
  bool running() const;
  void cancel();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace slipway::plugins
