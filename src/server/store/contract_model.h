// The dispatch contract as a few lines over plain values: what the store must answer, without its SQL. For the property test.
#pragma once
#include <map>
#include <optional>
#include <vector>

#include "server/store/store.h"

namespace slipway::server {

struct ModelItem {
  Id id = 0, queue = 0, agent = 0;
  launch::ItemState state = launch::ItemState::pending;
  int priority = 2, attempt = 1, deliveries = 0, preemptions = 0;
  std::int64_t epoch = 0;
  bool cancel = false, submitted = false, takeover = false, wire = false;
  std::optional<UnixMillis> expires;
  UnixMillis leased_at = 0;
};

struct ModelQueue {
  bool prioritized = false, paused = false;
};

class Model {
 public:
  std::map<Id, ModelItem> items;
  std::map<Id, ModelQueue> queues;
  UnixMillis now = 0;
  UnixMillis ttl = 60'000;
  int max_deliveries = 5;

  void push(Id id, Id queue, int priority);
  /// The items that are granted, in order.
  std::vector<Id> lease(Id agent, std::vector<Id> from, std::size_t slots);
  std::optional<Id> pop(Id queue);
  bool acknowledge(Id id);
  bool fail(Id id);
  std::optional<Code> report(Id id, std::int64_t epoch, launch::ItemState to);
  std::optional<Code> release(Id id, std::int64_t epoch);
  std::vector<ItemDirective> renew(Id agent, const std::vector<HeldItem>& held, UnixMillis registered_at);
  void expire();
  bool cancel(Id id);
  bool prioritize(Id id, int priority);
  std::optional<Code> remove(Id id);
  std::optional<Code> requeue(Id id);
  void restart();
  QueueCounts counts(Id queue) const;

 private:
  std::vector<Id> waiting(Id queue) const;
  std::vector<Id> takeovers(Id queue) const;
  void deal(Id agent, std::vector<std::pair<Id, std::vector<Id>>>& sources, std::size_t slots, std::vector<Id>& out);
  void grant(ModelItem& item, Id agent, bool wire);
  void end(ModelItem& item, launch::ItemState state);
  void put_back(ModelItem& item);
  void new_attempt(ModelItem& item);
  void lose(ModelItem& item);

  std::map<Id, Id> turns_;
};

}  // namespace slipway::server
