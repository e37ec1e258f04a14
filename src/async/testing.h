// run_task: runs one Task on a fresh io_context until it ends. For tests; fails the test when the task never ends.
#pragma once
#include <optional>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "async/task.h"

namespace slipway {

/// Give it a function that makes the task, so that captured objects outlive it: run_task(io, [&] { return client.get(url); }).
template <class F>
auto run_task(asio::io_context& io, F make) {
  using R = typename std::invoke_result_t<F>::value_type;
  std::optional<R> outcome;
  asio::co_spawn(
      io, [&]() -> asio::awaitable<void> { outcome = co_await make(); },
      [](const std::exception_ptr& error) {
        if (error) std::rethrow_exception(error);
      });
  io.restart();
  while (!outcome && io.run_one() > 0) {
  }
  if (!outcome) throw std::runtime_error("the task never finished: nothing is left that could resume it");
  return std::move(*outcome);
}

/// On an io_context of its own. Not together with a thread pool that outlives the call: see on_pool().
/// The context of run_task(make). It outlives every task of the test program: a writer's or pool's thread that resumed a task may still be inside the context's post()
/// when the task has ended.
inline asio::io_context& test_context() {
  static asio::io_context io;
  return io;
}

template <class F>
auto run_task(F make) {
  return run_task(test_context(), std::move(make));
}

}  // namespace slipway
