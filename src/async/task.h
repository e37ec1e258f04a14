// Task: a coroutine that gives a Result. The rules of docs/design/001-compiler.md hold for everything that is
// awaited: arguments by value, no value-capturing lambda and no braces in an expression that holds co_await.
#pragma once
#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/error.h"

namespace slipway {

namespace asio = boost::asio;

template <class T = void>
using Task = asio::awaitable<Result<T>>;

/// Suspends for `duration`. Returns Code::cancelled when the awaiting coroutine is cancelled.
Task<> sleep_for(std::chrono::steady_clock::duration duration);

/// Turns an exception of third-party code into Code::internal (cancellation into Code::cancelled).
template <class T>
Task<T> no_throw(Task<T> op) {
  std::string what;
  bool cancelled = false;
  try {
    co_return co_await std::move(op);
  } catch (const boost::system::system_error& error) {
    cancelled = error.code() == asio::error::operation_aborted;
    what = error.what();
  } catch (const std::exception& error) {
    what = error.what();
  }
  if (cancelled) co_return Error(Code::cancelled, "cancelled");
  co_return Error(Code::internal, std::move(what));
}

/// Runs the blocking function on `pool`; the caller resumes on its own executor. The function is not
/// interrupted by cancellation: blocking calls carry their own time limits. The pool must be joined before
/// the caller's io_context goes (declare it after the io_context): its thread still holds the caller's
/// executor for a moment after the caller has resumed.
template <class F>
asio::awaitable<std::invoke_result_t<F>> on_pool(asio::thread_pool& pool, F function) {
  // Not co_spawn(pool, …): a coroutine that is cancelled before its first step on the pool throws past
  // everything that could catch it.
  using Value = std::invoke_result_t<F>;
  auto initiate = [&pool](auto handler, F work) {
    auto caller = asio::prefer(asio::get_associated_executor(handler), asio::execution::outstanding_work.tracked);
    auto task = [handler = std::move(handler), work = std::move(work), caller]() mutable {
      std::exception_ptr failure;
      std::optional<Value> value;
      try {
        value.emplace(work());
      } catch (...) {
        failure = std::current_exception();
      }
      auto finish = [handler = std::move(handler), failure, value = std::move(value)]() mutable {
        std::move(handler)(failure, std::move(value));
      };
      asio::post(caller, std::move(finish));
    };
    asio::post(pool, std::move(task));
  };
  using Signature = void(std::exception_ptr, std::optional<Value>);
  auto value = co_await asio::async_initiate<const asio::use_awaitable_t<>, Signature>(
      std::move(initiate), asio::use_awaitable, std::move(function));
  co_return *std::move(value);
}

/// Runs `op` to its end even when the caller is cancelled meanwhile. That cancellation is not remembered:
/// whoever cancels leaves a mark that the caller looks at afterwards.
template <class T>
Task<T> shielded(Task<T> op) {
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  auto outcome = co_await no_throw(std::move(op));
  co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
  co_return outcome;
}

/// co_await tolerate_cancellation(): from here on an await of this coroutine chain no longer throws because
/// it was cancelled earlier, so that clean-up can await. co_await heed_cancellation(): the next await throws
/// again.
inline auto tolerate_cancellation() { return asio::this_coro::throw_if_cancelled(false); }
inline auto heed_cancellation() { return asio::this_coro::throw_if_cancelled(true); }

}  // namespace slipway
