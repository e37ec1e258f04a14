// with_timeout: awaits an operation for at most a time.
#pragma once
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>

#include "async/task.h"

namespace slipway {

/// Cancels `op` after `limit` and gives Code::deadline_exceeded. Returns only once `op` has stopped: an operation that ignores
/// cancellation holds the caller.
template <class T>
Task<T> with_timeout(std::chrono::steady_clock::duration limit, Task<T> op) {
  using namespace asio::experimental::awaitable_operators;
  asio::steady_timer timer(co_await asio::this_coro::executor, limit);
  auto guarded = no_throw(std::move(op));
  auto expiry = timer.async_wait(asio::as_tuple(asio::use_awaitable));
  auto first = co_await (std::move(guarded) || std::move(expiry));
  if (first.index() == 0) co_return std::get<0>(std::move(first));
  co_return Error(Code::deadline_exceeded, "timed out");
}

}  // namespace slipway
