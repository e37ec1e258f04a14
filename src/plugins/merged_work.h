// MergedWork: equal work in flight is done once, for everybody who waits for it (fetches, builds; F2, F3).
#pragma once
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/this_coro.hpp>

#include "async/event.h"
#include "async/task.h"
#include "plugins/context.h"

namespace slipway::plugins {

/// All calls on the executor's thread. The work belongs to nobody in particular: a waiter that is cancelled leaves, and the work goes on
/// for the others; when the last one leaves, the work is cancelled, and run() returns once it has ended. So nothing is in flight when nobody
/// waits, and the object may be destroyed then. The outcome, good or bad, goes to all waiters; it is not remembered afterwards.
template <class T>
class MergedWork {
 public:
  using Work = std::function<Task<T>(LineSink)>;

  explicit MergedWork(asio::any_io_executor executor) : executor_(std::move(executor)) {}

  /// Lines of the work go to the sinks of all its waiters; who joins later gets the last lines (at most kKeptLines) first.
  Task<T> run(std::string key, LineSink sink, Work work);
  std::size_t in_flight() const { return flights_.size(); }

  static constexpr std::size_t kKeptLines = 1000;

 private:
  struct Flight {
    explicit Flight(const asio::any_io_executor& executor) : ended(executor) {}
    Event ended;
    asio::cancellation_signal stop;
    bool stopping = false;
    int waiters = 0;
    std::optional<Result<T>> outcome;
    std::list<LineSink> sinks;
    std::deque<std::string> lines;

    void say(std::string_view line) {
      lines.emplace_back(line);
      if (lines.size() > kKeptLines) lines.pop_front();
      for (const auto& sink : sinks) sink(line);
    }
  };
  using FlightPtr = std::shared_ptr<Flight>;

  FlightPtr start(const std::string& key, Work work);
  static asio::awaitable<void> drive(FlightPtr flight, Work work);
  /// False when the waiter was cancelled.
  static asio::awaitable<bool> wait_for(FlightPtr flight);

  asio::any_io_executor executor_;
  std::map<std::string, FlightPtr> flights_;
};

template <class T>
asio::awaitable<void> MergedWork<T>::drive(FlightPtr flight, Work work) {
  LineSink say = [flight](std::string_view line) { flight->say(line); };
  auto task = no_throw(work(std::move(say)));
  flight->outcome = co_await std::move(task);
}

template <class T>
auto MergedWork<T>::start(const std::string& key, Work work) -> FlightPtr {
  auto flight = std::make_shared<Flight>(executor_);
  flights_[key] = flight;
  auto done = [this, key, flight](const std::exception_ptr& error) {
    if (error && !flight->outcome) flight->outcome = Error(Code::cancelled, "cancelled");
    flights_.erase(key);
    flight->ended.notify_all();
  };
  asio::co_spawn(executor_, drive(flight, std::move(work)),
                 asio::bind_cancellation_slot(flight->stop.slot(), std::move(done)));
  return flight;
}

template <class T>
asio::awaitable<bool> MergedWork<T>::wait_for(FlightPtr flight) {
  while (!flight->outcome) {
    const bool notified = co_await flight->ended.wait();
    if (!notified && !flight->outcome) co_return false;
  }
  co_return true;
}

template <class T>
Task<T> MergedWork<T>::run(std::string key, LineSink sink, Work work) {
  FlightPtr flight;
  for (;;) {
    const auto found = flights_.find(key);
    if (found == flights_.end()) {
      flight = start(key, std::move(work));
      break;
    }
    flight = found->second;
    if (!flight->stopping) break;
    // Its last waiter has left. Two at once would meet in the same folders, so it has to end first.
    const bool ended = co_await wait_for(flight);
    if (!ended) co_return Error(Code::cancelled, "cancelled");
  }
  ++flight->waiters;
  for (const auto& line : flight->lines) {
    if (sink) sink(line);
  }
  const auto seat =
      flight->sinks.insert(flight->sinks.end(), sink ? std::move(sink) : LineSink([](std::string_view) {}));
  bool ended = false;
  try {
    ended = co_await wait_for(flight);
  } catch (const boost::system::system_error&) {
    // Thrown when the waiter had been cancelled before it came here.
  }
  flight->sinks.erase(seat);
  --flight->waiters;
  if (ended) co_return *flight->outcome;
  if (flight->waiters == 0) {
    co_await tolerate_cancellation();
    flight->stopping = true;
    flight->stop.emit(asio::cancellation_type::terminal);
    while (!flight->outcome) co_await flight->ended.wait();
    co_await heed_cancellation();
  }
  co_return Error(Code::cancelled, "cancelled");
}

}  // namespace slipway::plugins
