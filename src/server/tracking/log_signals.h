// LogSignals: wakes those who follow a run's output, in this process. A hint; the lines are read from the store.
#pragma once
#include <map>
#include <memory>

#include "async/event.h"
#include "server/store/types.h"

namespace slipway::server {

struct LogSignal {
  explicit LogSignal(asio::any_io_executor executor) : event(std::move(executor)) {}
  Event event;
  std::uint64_t changes = 0;  ///< Differs from what it was before a read: read again instead of waiting.
};

/// All calls on one executor's thread.
class LogSignals {
 public:
  explicit LogSignals(asio::any_io_executor executor) : executor_(std::move(executor)) {}
  /// Keep it while following.
  std::shared_ptr<LogSignal> of(Id run);
  void notify(Id run);
  std::size_t size() const { return events_.size(); }

 private:
  asio::any_io_executor executor_;
  std::map<Id, std::weak_ptr<LogSignal>> events_;
};

}  // namespace slipway::server
