// Runs a task to its end on the caller's thread; throws its error.
#pragma once
#include <functional>
#include <stdexcept>

#include "async/testing.h"

namespace slipway::bench {

template <class T>
T wait_for(asio::io_context& io, std::function<Task<T>()> make) {
  auto outcome = run_task(io, std::move(make));
  if (!outcome) throw std::runtime_error(outcome.error().to_string());
  if constexpr (!std::is_void_v<T>) return *std::move(outcome);
}

}  // namespace slipway::bench
