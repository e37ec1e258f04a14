// with_scope: background coroutines for the time of one task, gone when it ends, however it ends.
#pragma once
#include <exception>
#include <functional>
#include <optional>

#include "async/scope.h"
#include "async/task.h"

namespace slipway {

/// Runs body(scope); when it has ended, by value, error, exception or cancellation, stops the scope's children and waits for them.
template <class T = void>
Task<T> with_scope(std::function<Task<T>(Scope&)> body) {
  Scope scope(co_await asio::this_coro::executor);
  std::optional<Result<T>> outcome;
  std::exception_ptr failure;
  try {
    outcome = co_await body(scope);
  } catch (...) {
    failure = std::current_exception();
  }
  co_await tolerate_cancellation();
  co_await scope.stop();
  co_await heed_cancellation();
  if (failure) std::rethrow_exception(failure);
  co_return *std::move(outcome);
}

}  // namespace slipway
