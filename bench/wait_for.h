// Runs a task to its end on the caller's thread; throws its error.
#pragma once
#include <functional>
#include <optional>
#include <stdexcept>

#include <boost/asio/io_context.hpp>

#include "async/task.h"

namespace slipway::bench {

template <class T>
T wait_for(asio::io_context& io, std::function<Task<T>()> make) {
  std::optional<Result<T>> outcome;
  asio::co_spawn(
      io, [&]() -> asio::awaitable<void> { outcome = co_await make(); },
      [](const std::exception_ptr& error) {
        if (error) std::rethrow_exception(error);
      });
  io.restart();
  while (!outcome && io.run_one() > 0) {
  }
  if (!*outcome) throw std::runtime_error(outcome->error().to_string());
  if constexpr (!std::is_void_v<T>) return **std::move(outcome);
}

}  // namespace slipway::bench
