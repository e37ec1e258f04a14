#include "server/service/item_service.h"

#include <set>

#include <fmt/format.h>

#include "launch/priority.h"
#include "server/service/changes.h"

namespace slipway::server {
namespace {

constexpr std::size_t kMostAtOnce = 10'000;

}  // namespace

Task<Item> ItemService::find(Principal who, Id id, Role needed) {
  if (who.user.id == 0) co_return require(who, "", needed).error();
  CO_TRY(auto item, co_await store_.get(id));
  if (!item || !role_in(who, item->queue_entity)) co_return absent("item", std::to_string(id));
  CO_TRY(const auto queue, co_await directory_.get(item->queue));
  if (!may_see(who, queue->row)) co_return absent("item", std::to_string(id));
  CO_TRY_VOID(require(who, item->queue_entity, needed));
  co_return *std::move(item);
}

Task<Item> ItemService::get(Principal who, Id id) { co_return co_await find(std::move(who), id, Role::viewer); }

Task<std::optional<std::int64_t>> ItemService::position(Item item) {
  if (item.state != launch::ItemState::pending) co_return std::optional<std::int64_t>();
  CO_TRY(const auto ahead, co_await store_.position(item.id));
  co_return std::optional(ahead);
}

Task<std::vector<ServingAgent>> ItemService::serving(Queue queue) {
  std::vector<ServingAgent> found;
  CO_TRY(auto agents, co_await agents_.serving(std::move(queue)));
  for (auto& agent : agents) {
    ServingAgent each;
    each.load = dispatch_.load(agent.id);
    if (each.load) {
      each.held = each.load->held;
    } else {
      CO_TRY(const auto held, co_await agents_.items_of(agent));
      each.held = static_cast<std::int64_t>(held.size());
    }
    each.agent = std::move(agent);
    found.push_back(std::move(each));
  }
  co_return found;
}

Task<std::optional<std::string>> ItemService::why_it_waits(Item item) {
  WaitFacts facts;
  facts.item = std::move(item);
  if (facts.item.state != launch::ItemState::pending) co_return wait_reason(facts);
  CO_TRY(const auto queue, co_await directory_.get(facts.item.queue));
  facts.queue = queue->row;
  // A page asks for a hundred items of one queue at once; what serves the queue is looked up once for them all.
  const auto now = std::chrono::steady_clock::now();
  if (looked_at_.queue != facts.queue.id || looked_at_.sequence != live_.last_sequence() ||
      now - looked_at_.at > std::chrono::seconds(1)) {
    CO_TRY(auto found, co_await serving(facts.queue));
    looked_at_ = {facts.queue.id, live_.last_sequence(), now, std::move(found)};
  }
  facts.agents = looked_at_.agents;
  if (position_matters(facts)) {
    CO_TRY(facts.position, co_await store_.position(facts.item.id));
  }
  co_return wait_reason(facts);
}

Task<std::vector<Item>> ItemService::find_all(Principal who, std::vector<Id> ids) {
  if (ids.empty() || ids.size() > kMostAtOnce) {
    co_return Error(Code::invalid_argument,
                    fmt::format("'ids' has {} items; it takes 1 to {}", ids.size(), kMostAtOnce));
  }
  std::vector<Item> items;
  for (const Id id : ids) {
    CO_TRY(auto item, co_await find(who, id, Role::member));
    items.push_back(std::move(item));
  }
  co_return items;
}

Task<> ItemService::tell(std::vector<Item> before) {
  constexpr std::size_t kOneByOne = 100;
  if (before.size() > kOneByOne) {
    publish_items(live_, before);
    std::set<Id> agents;
    for (const auto& old : before) agents.insert(old.agent);
    agents.erase(0);
    for (const Id agent : agents) dispatch_.agent_changed(agent);
    co_return Result<>();
  }
  for (const auto& old : before) {
    CO_TRY(const auto now, co_await store_.get(old.id));
    if (now) publish_item(live_, *now);
    if (old.agent != 0) dispatch_.agent_changed(old.agent);
  }
  co_return Result<>();
}

Task<std::int64_t> ItemService::cancel(Principal who, std::vector<Id> ids, std::string reason, bool force) {
  CO_TRY(auto items, co_await find_all(who, ids));
  Cause cause{"user:" + who.user.name, reason.empty() ? "cancelled" : std::move(reason)};
  CO_TRY(const auto changed, co_await store_.cancel(std::move(ids), std::move(cause), force));
  CO_TRY_VOID(co_await tell(std::move(items)));
  co_return changed;
}

Task<std::int64_t> ItemService::set_priority(Principal who, std::vector<Id> ids, std::int64_t priority) {
  CO_TRY(const int checked, launch::check_priority(priority));
  CO_TRY(auto items, co_await find_all(who, ids));
  for (const auto& item : items) {
    CO_TRY(const auto queue, co_await directory_.get(item.queue));
    if (!queue->row.prioritized) {
      co_return Error(Code::invalid_argument, fmt::format("queue '{}' has no priorities", queue->row.name));
    }
  }
  Cause cause{"user:" + who.user.name, fmt::format("priority {}", launch::priority_name(checked))};
  CO_TRY(const auto changed, co_await store_.set_priority(std::move(ids), checked, std::move(cause)));
  CO_TRY_VOID(co_await tell(std::move(items)));
  co_return changed;
}

Task<> ItemService::remove(Principal who, Id queue, Id item) {
  CO_TRY(const auto row, co_await find(who, item, Role::member));
  if (row.queue != queue) co_return absent("item", std::to_string(item));
  CO_TRY_VOID(co_await store_.remove(item, Cause{"user:" + who.user.name, "deleted"}));
  const auto known = co_await directory_.get(queue);
  if (known) publish_queue(live_, (*known)->row, "item deleted");
  co_return Result<>();
}

Task<Paged<Item>> ItemService::of_job(Principal who, std::string job, Page page) {
  ItemFilter filter;
  filter.job = std::move(job);
  filter.newest_first = true;
  CO_TRY(auto found, co_await store_.list(std::move(filter), std::move(page)));
  std::vector<Item> visible;
  for (auto& item : found.rows) {
    const auto queue = co_await directory_.get(item.queue);
    const bool shown = queue ? may_see(who, (*queue)->row) : role_in(who, item.queue_entity).has_value();
    if (shown) visible.push_back(std::move(item));
  }
  found.rows = std::move(visible);
  co_return found;
}

Task<Item> ItemService::requeue(Principal who, Id item, bool force) {
  CO_TRY(const auto before, co_await find(who, item, Role::member));
  CO_TRY(auto after, co_await store_.requeue(item, Cause{"user:" + who.user.name, "requeued"}, force));
  // Whoever drove its last attempt hears that it is no longer theirs.
  if (before.agent != 0) dispatch_.agent_changed(before.agent);
  publish_item(live_, after);
  dispatch_.queue_filled(before.queue);
  co_return after;
}

Task<std::optional<Item>> ItemService::of_run(Principal who, std::string entity, std::string project, std::string run) {
  CO_TRY(auto item, co_await store_.find_by_run(std::move(entity), std::move(project), std::move(run)));
  if (item && !role_in(who, item->queue_entity)) item.reset();
  co_return item;
}

}  // namespace slipway::server
