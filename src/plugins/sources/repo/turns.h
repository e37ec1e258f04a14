// Turns: one coroutine at a time for each key.
#pragma once
#include <map>
#include <memory>
#include <string>

#include "async/event.h"
#include "async/task.h"

namespace slipway::plugins::sources::repo {

/// All calls on one executor's thread. Outlives the turns that it gives out.
class Turns {
 public:
  /// Held until it is destroyed.
  class Turn {
   public:
    Turn(Turns* owner, std::string key) : owner_(owner), key_(std::move(key)) {}
    Turn(Turn&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)), key_(std::move(other.key_)) {}
    Turn& operator=(Turn&& other) noexcept {
      std::swap(owner_, other.owner_);
      std::swap(key_, other.key_);
      return *this;
    }
    ~Turn() {
      if (owner_) owner_->end(key_);
    }

   private:
    Turns* owner_;
    std::string key_;
  };

  explicit Turns(asio::any_io_executor executor) : executor_(std::move(executor)) {}

  Task<Turn> take(std::string key) {
    for (;;) {
      const auto found = taken_.find(key);
      if (found == taken_.end()) break;
      const auto ended = found->second;
      const bool notified = co_await ended->wait();
      if (!notified) co_return Error(Code::cancelled, "cancelled");
    }
    taken_[key] = std::make_shared<Event>(executor_);
    co_return Turn(this, std::move(key));
  }

 private:
  void end(const std::string& key) {
    const auto found = taken_.extract(key);
    found.mapped()->notify_all();
  }

  asio::any_io_executor executor_;
  std::map<std::string, std::shared_ptr<Event>> taken_;
};

}  // namespace slipway::plugins::sources::repo
