#include "server/store/contract_model.h"

#include <algorithm>

namespace slipway::server {

using launch::ItemState;

void Model::push(Id id, Id queue, int priority) {
  items[id] = ModelItem{.id = id, .queue = queue, .priority = priority};
}

std::vector<Id> Model::waiting(Id queue) const {
  std::vector<Id> ids;
  for (const auto& [id, item] : items) {
    if (item.queue == queue && item.state == ItemState::pending) ids.push_back(id);
  }
  const bool by_priority = queues.at(queue).prioritized;
  std::ranges::sort(ids, {}, [&](Id id) { return std::pair(by_priority ? items.at(id).priority : 0, id); });
  return ids;
}

std::vector<Id> Model::takeovers(Id queue) const {
  std::vector<Id> ids;
  for (const auto& [id, item] : items) {
    if (item.queue == queue && item.takeover) ids.push_back(id);
  }
  return ids;
}

void Model::grant(ModelItem& item, Id agent, bool wire) {
  if (!item.takeover) item.state = ItemState::leased;
  item.takeover = false;
  item.agent = agent;
  item.wire = wire;
  ++item.epoch;
  ++item.deliveries;
  item.leased_at = now;
  item.expires = now + ttl;
}

void Model::deal(Id agent, std::vector<std::pair<Id, std::vector<Id>>>& sources, std::size_t slots,
                 std::vector<Id>& out) {
  for (bool dealt = true; dealt;) {
    dealt = false;
    for (auto& [queue, ids] : sources) {
      if (ids.empty() || out.size() >= slots) continue;
      grant(items.at(ids.front()), agent, false);
      out.push_back(ids.front());
      ids.erase(ids.begin());
      turns_[agent] = queue;
      dealt = true;
    }
  }
}

std::vector<Id> Model::lease(Id agent, std::vector<Id> from, std::size_t slots) {
  const auto last = std::ranges::find(from, turns_[agent]);
  if (last != from.end()) std::rotate(from.begin(), last + 1, from.end());
  std::vector<std::pair<Id, std::vector<Id>>> sources;
  for (const Id queue : from) sources.emplace_back(queue, takeovers(queue));
  std::vector<Id> out;
  deal(agent, sources, SIZE_MAX, out);
  for (auto& [queue, ids] : sources) ids = queues.at(queue).paused ? std::vector<Id>() : waiting(queue);
  deal(agent, sources, out.size() + slots, out);
  return out;
}

std::optional<Id> Model::pop(Id queue) {
  const auto ids = waiting(queue);
  if (queues.at(queue).paused || ids.empty()) return std::nullopt;
  grant(items.at(ids.front()), 0, true);
  return ids.front();
}

bool Model::acknowledge(Id id) {
  auto& item = items.at(id);
  if (!item.wire || (item.state != ItemState::leased && item.state != ItemState::claimed)) return false;
  if (item.state == ItemState::leased) item.expires = now + 5 * ttl;
  item.state = ItemState::claimed;
  return true;
}

bool Model::fail(Id id) {
  auto& item = items.at(id);
  if (item.state == ItemState::failed) return true;
  if (!item.wire || launch::is_terminal(item.state) || item.state == ItemState::pending) return false;
  end(item, ItemState::failed);
  return true;
}

void Model::end(ModelItem& item, ItemState state) {
  item.state = state;
  item.expires.reset();
  item.takeover = false;
}

void Model::put_back(ModelItem& item) {
  if (item.cancel) return end(item, ItemState::stopped);
  end(item, ItemState::pending);
  item.agent = 0;
  item.wire = false;
}

void Model::new_attempt(ModelItem& item) {
  ++item.attempt;
  item.deliveries = 0;
  item.submitted = false;
  put_back(item);
}

void Model::lose(ModelItem& item) {
  const bool acknowledged = item.wire && item.state != ItemState::leased;
  item.expires.reset();
  if (acknowledged) return;
  const bool exhausted = item.deliveries >= max_deliveries;
  if (exhausted && (item.submitted || !item.cancel)) return end(item, ItemState::failed);
  if (!item.submitted) return put_back(item);
  item.takeover = true;
}

std::optional<Code> Model::report(Id id, std::int64_t epoch, ItemState to) {
  const auto found = items.find(id);
  if (found == items.end()) return Code::not_found;
  auto& item = found->second;
  if (item.epoch != epoch) return Code::stale;
  if (launch::is_terminal(item.state)) return to == item.state ? std::optional<Code>() : Code::conflict;
  if (item.state == ItemState::pending) return Code::stale;
  if (to != item.state && !launch::can_move(item.state, to)) return Code::conflict;
  item.takeover = false;
  item.state = to;
  item.submitted = item.submitted || launch::may_be_submitted(to);
  item.expires = now + ttl * (item.wire && to != ItemState::leased ? 5 : 1);
  if (launch::is_terminal(to)) end(item, to);
  if (to != ItemState::preempted) return std::nullopt;
  if (item.cancel) {
    end(item, ItemState::stopped);
  } else if (item.preemptions == 5) {
    end(item, ItemState::failed);
  } else {
    ++item.preemptions;
    new_attempt(item);
  }
  return std::nullopt;
}

std::optional<Code> Model::release(Id id, std::int64_t epoch) {
  const auto found = items.find(id);
  if (found == items.end()) return Code::not_found;
  auto& item = found->second;
  if (item.epoch != epoch) return Code::stale;
  if (!item.expires) return std::nullopt;
  if (item.submitted) return Code::failed_precondition;
  --item.deliveries;
  put_back(item);
  return std::nullopt;
}

std::vector<ItemDirective> Model::renew(Id agent, const std::vector<HeldItem>& held, UnixMillis registered_at) {
  std::vector<ItemDirective> out;
  for (const auto& each : held) {
    const auto found = items.find(each.item);
    const bool mine = found != items.end() && found->second.epoch == each.epoch && found->second.agent == agent &&
                      (found->second.expires || found->second.takeover);
    if (!mine) {
      out.push_back(ItemDirective{.item = each.item, .directive = Directive::drop});
      continue;
    }
    auto& item = found->second;
    const bool survived = item.expires && item.submitted && item.deliveries > 1 && now - item.leased_at >= ttl;
    if (survived) item.deliveries = 1;
    item.takeover = false;
    item.expires = now + ttl;
    if (item.cancel) out.push_back(ItemDirective{.item = each.item, .directive = Directive::cancel});
  }
  for (auto& [id, item] : items) {
    const auto known = [&](const HeldItem& each) { return each.item == item.id && each.epoch == item.epoch; };
    if (item.agent != agent || !item.expires || item.wire || std::ranges::any_of(held, known)) continue;
    if (item.leased_at >= registered_at && now - item.leased_at < 10'000) continue;
    lose(item);
  }
  return out;
}

void Model::expire() {
  for (auto& [id, item] : items) {
    if (item.expires && *item.expires <= now) lose(item);
  }
}

bool Model::cancel(Id id) {
  const auto found = items.find(id);
  if (found == items.end() || launch::is_terminal(found->second.state)) return false;
  auto& item = found->second;
  const bool nobody_there = item.wire && !item.expires;
  const bool again = item.cancel;
  item.cancel = true;
  if (item.state == ItemState::pending || nobody_there) {
    end(item, ItemState::stopped);
    return true;
  }
  return !again;
}

bool Model::prioritize(Id id, int priority) {
  const auto found = items.find(id);
  if (found == items.end() || launch::is_terminal(found->second.state) || found->second.priority == priority)
    return false;
  found->second.priority = priority;
  return true;
}

std::optional<Code> Model::remove(Id id) {
  const auto found = items.find(id);
  if (found == items.end()) return Code::not_found;
  const auto state = found->second.state;
  if (state != ItemState::pending && !launch::is_terminal(state)) return Code::failed_precondition;
  items.erase(found);
  return std::nullopt;
}

std::optional<Code> Model::requeue(Id id) {
  const auto found = items.find(id);
  if (found == items.end()) return Code::not_found;
  auto& item = found->second;
  if (!launch::is_terminal(item.state)) return Code::failed_precondition;
  item.cancel = false;
  item.preemptions = 0;
  new_attempt(item);
  return std::nullopt;
}

void Model::restart() {
  turns_.clear();
  for (auto& [id, item] : items) {
    if (item.expires) item.expires = std::max(*item.expires, now + ttl);
  }
}

QueueCounts Model::counts(Id queue) const {
  QueueCounts out;
  for (const auto& [id, item] : items) {
    if (item.queue != queue || launch::is_terminal(item.state)) continue;
    ++(item.state == ItemState::pending ? out.waiting : item.state == ItemState::running ? out.running : out.leased);
  }
  return out;
}

}  // namespace slipway::server
