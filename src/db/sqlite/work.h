// Work: a closure on its way to a connection's thread and its result on the way back. Shared by Writer and Readers.
#pragma once
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>

#include "async/task.h"
#include "db/sqlite/connection.h"

namespace slipway::db::sqlite {

/// A suspended coroutine. Keeps its executor's loop alive until it is resumed.
class Waiter {
 public:
  explicit Waiter(asio::any_io_executor executor) : guard_(std::move(executor)) {}
  virtual ~Waiter() = default;
  virtual void resume() = 0;
  asio::any_io_executor executor() const { return guard_.get_executor(); }

 private:
  asio::executor_work_guard<asio::any_io_executor> guard_;
};

class Work {
 public:
  virtual ~Work() = default;
  /// May be called again after an attempt that was rolled back. False: roll back what it did.
  virtual bool run(Connection& connection) = 0;
  virtual void fail(Error error) = 0;
  /// Why it failed, nothing when it did not.
  virtual const Error* error() const = 0;

  std::unique_ptr<Waiter> waiter;  ///< Nothing: nobody waits for it.
};

template <class F>
using WorkResult = std::invoke_result_t<const F&, Connection&>;

/// The closure is called as const, because it may run twice.
template <class F>
class TypedWork final : public Work {
 public:
  explicit TypedWork(F function) : function_(std::move(function)) {}
  bool run(Connection& connection) override {
    try {
      outcome_.emplace(std::as_const(function_)(connection));
    } catch (const std::exception& error) {
      outcome_.emplace(Error(Code::internal, error.what()));
    }
    return outcome_->has_value();
  }
  void fail(Error error) override { outcome_.emplace(std::move(error)); }
  const Error* error() const override { return outcome_->has_value() ? nullptr : &outcome_->error(); }
  WorkResult<F> take() { return std::move(*outcome_); }

 private:
  F function_;
  std::optional<WorkResult<F>> outcome_;
};

/// Suspends the caller, hands `work` with its waiter to `enqueue`; whoever runs the work resumes it.
template <class Enqueue>
asio::awaitable<void> suspend_until_done(Work& work, Enqueue enqueue) {
  auto initiate = [&work, enqueue](auto handler) {
    using Handler = std::decay_t<decltype(handler)>;
    struct HandlerWaiter final : Waiter {
      explicit HandlerWaiter(Handler waiting)
          : Waiter(asio::get_associated_executor(waiting)), handler(std::move(waiting)) {}
      void resume() override { std::move(handler)(); }
      Handler handler;
    };
    work.waiter = std::make_unique<HandlerWaiter>(std::move(handler));
    enqueue(&work);
  };
  return asio::async_initiate<const asio::use_awaitable_t<>, void()>(std::move(initiate), asio::use_awaitable);
}

/// Resumes each on its own executor, with one post for all that share one.
void resume_all(std::vector<std::unique_ptr<Waiter>> waiters);
/// The database is closed.
void refuse(Work& work);

}  // namespace slipway::db::sqlite
