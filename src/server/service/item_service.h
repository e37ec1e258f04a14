// ItemService: items as people see and change them.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "server/service/agent_service.h"
#include "server/service/dispatch_service.h"
#include "server/service/wait_reason.h"

namespace slipway::server {

class ItemService {
 public:
  ItemService(Store& store, QueueDirectory& directory, AgentService& agents, DispatchService& dispatch, Live& live)
      : store_(store), directory_(directory), agents_(agents), dispatch_(dispatch), live_(live) {}

  Task<Item> get(Principal who, Id id);
  /// Of one queue that the caller was shown.
  Task<Paged<Item>> list(ItemFilter filter, Page page) { return store_.list(std::move(filter), std::move(page)); }
  Task<std::optional<ItemPayload>> payload(Id id) { return store_.payload(id); }
  Task<std::vector<ItemEvent>> events(Id id) { return store_.events(id); }
  /// Items of the queue that go first; nothing when it does not wait.
  Task<std::optional<std::int64_t>> position(Item item);
  Task<std::optional<std::string>> why_it_waits(Item item);

  /// The caller must be a member for every one of them, or nothing changes.
  Task<std::int64_t> cancel(Principal who, std::vector<Id> ids, std::string reason, bool force = false);
  Task<std::int64_t> set_priority(Principal who, std::vector<Id> ids, std::int64_t priority);
  Task<> remove(Principal who, Id queue, Id item);
  Task<Item> requeue(Principal who, Id item, bool force = false);
  Task<std::int64_t> count(ItemFilter filter) { return store_.count(std::move(filter)); }
  /// Launched from any version of a job ("entity/project/name"), as far as the caller may see their queues; newest first.
  Task<Paged<Item>> of_job(Principal who, std::string job, Page page);
  /// Of a run, for the page of the run.
  Task<std::optional<Item>> of_run(Principal who, std::string entity, std::string project, std::string run);

 private:
  Task<Item> find(Principal who, Id id, Role needed);
  Task<std::vector<ServingAgent>> serving(Queue queue);
  Task<std::vector<Item>> find_all(Principal who, std::vector<Id> ids);
  Task<> tell(std::vector<Item> before);

  Store& store_;
  QueueDirectory& directory_;
  AgentService& agents_;
  DispatchService& dispatch_;
  Live& live_;
  /// What serves the queue that was asked about last; good until something changes.
  struct LookedAt {
    Id queue = 0;
    std::uint64_t sequence = 0;
    std::chrono::steady_clock::time_point at{};
    std::vector<ServingAgent> agents;
  };
  LookedAt looked_at_;
};

}  // namespace slipway::server
