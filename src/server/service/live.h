// Live: change notifications inside this process. A hint that something changed; the truth is read from the store.
// One ring of recent changes; a subscription is a place in it, so slow readers cost nothing and a reconnecting one goes on where it was.
#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "async/event.h"
#include "base/clock.h"
#include "base/json.h"
#include "server/store/types.h"

namespace slipway::server {

/// Topics are text: "queue:12", "item:40", "agent:3", "run:entity/project/name".
std::string queue_topic(Id queue);
std::string item_topic(Id item);
std::string agent_topic(Id agent);
std::string run_topic(std::string_view entity, std::string_view project, std::string_view name);

struct Change {
  std::uint64_t sequence = 0;  ///< Given by publish(); grows by one.
  UnixMillis at = 0;           ///< Given by publish().
  std::string kind;            ///< "item", "items", "queue", "agent", "run", "people".
  std::string entity;          ///< Whose members may see it.
  Id queue = 0;                ///< Whoever may not see this queue may not see the change; 0: it belongs to none.
  std::string
      owner;  ///< Of a queue that is one person's: nobody else of the entity but its administrators; "": everybody.
  std::vector<std::string>
      topics;  ///< Everything that it touches: an item's change touches the item, its queue and its run.
  Json body;   ///< Small, sent to browsers as it is: ids, names, states.
};

/// All calls on one executor's thread.
class Live {
 public:
  class Subscription;
  Live(asio::any_io_executor executor, const Clock& clock, std::size_t capacity = 4096);
  ~Live();
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;

  /// Never suspends; wakes the subscribers of its topics.
  void publish(Change change);
  /// To one topic, or to everything with "". `after`: go on behind that sequence (Last-Event-ID); nothing: from now on.
  Subscription subscribe(std::string topic, std::optional<std::uint64_t> after = {});
  std::uint64_t last_sequence() const { return next_ - 1; }
  std::size_t subscribers() const;
  /// Wakes everybody for good: next() gives at once nothing more. For the server's stop.
  void close();
  bool closed() const { return closed_; }

 private:
  struct Waiter;
  asio::any_io_executor executor_;
  const Clock& clock_;
  std::size_t capacity_;
  std::uint64_t next_ = 1;
  bool closed_ = false;
  std::deque<Change> ring_;
  std::unordered_multimap<std::string, Waiter*> waiters_;
};

/// Keep it in the coroutine that reads it. Must not outlive the Live.
class Live::Subscription {
 public:
  Subscription(Subscription&&) noexcept;
  ~Subscription();
  /// The changes since the last call, at most 256, oldest first; suspends until there is one. Empty after `limit`, on cancellation and when the Live was closed.
  asio::awaitable<std::vector<Change>> next(std::optional<std::chrono::steady_clock::duration> limit = {});
  /// True once after the ring has overtaken this reader: changes were missed, read the state anew.
  bool take_lost();

 private:
  friend class Live;
  explicit Subscription(std::unique_ptr<Waiter> waiter);
  std::unique_ptr<Waiter> waiter_;
};

}  // namespace slipway::server
