// run_periodic: the one shape of a maintenance loop.
#pragma once
#include <functional>
#include <string>

#include "async/task.h"
#include "base/retry.h"

namespace slipway {

struct PeriodicOptions {
  std::string name;  ///< In log lines.
  Millis interval{
      1000};  ///< From the end of one step to the start of the next; grows up to ten times while steps fail.
};

/// Runs `step` until cancelled. Spawn it in a Scope. A failing step is logged and tried again.
asio::awaitable<void> run_periodic(PeriodicOptions options, std::function<Task<>()> step);

}  // namespace slipway
