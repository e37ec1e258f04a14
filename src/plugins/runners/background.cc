#include "plugins/runners/background.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/system/system_error.hpp>

#include "base/log.h"

namespace slipway::plugins {

struct Background::State {
  asio::cancellation_signal signal;
  bool running = false;
};

namespace {

void log_failure(const std::string& name, const std::exception_ptr& error) {
  if (!error) return;
  try {
    std::rethrow_exception(error);
  } catch (const boost::system::system_error& failure) {
    if (failure.code() == asio::error::operation_aborted) return;
    log::error("background task failed", {{"task", name}, {"error", failure.what()}});
  } catch (const std::exception& failure) {
    log::error("background task failed", {{"task", name}, {"error", failure.what()}});
  }
}

}  // namespace

Background::Background() : state_(std::make_shared<State>()) {}

Background::~Background() { cancel(); }

void Background::start(asio::any_io_executor executor, std::string name, std::function<asio::awaitable<void>()> body) {
  if (state_->running) return;
  // A loop that was cancelled may still be on its way out: the new one gets a signal of its own.
  state_ = std::make_shared<State>();
  state_->running = true;
  auto done = [state = state_, name = std::move(name)](const std::exception_ptr& error) {
    state->running = false;
    log_failure(name, error);
  };
  asio::co_spawn(executor, std::move(body), asio::bind_cancellation_slot(state_->signal.slot(), std::move(done)));
}

bool Background::running() const { return state_->running; }

void Background::cancel() {
  if (!state_->running) return;
  state_->running = false;
  state_->signal.emit(asio::cancellation_type::terminal);
}

}  // namespace slipway::plugins
