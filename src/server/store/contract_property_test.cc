// Random sequences of operations against the model: every answer and every item must be what the model says, and the invariants hold.
#include <random>

#include <fmt/format.h>

#include "server/store/contract_model.h"
#include "server/store/store_contract.h"

namespace slipway::server {
namespace {

constexpr int kSteps = 10'000;
constexpr int kCheckEvery = 500;
constexpr int kReopenEvery = 2'500;

}  // namespace

class StoreProperty : public StoreContract {
 protected:
  void begin(unsigned seed) {
    random_.seed(seed);
    for (int i = 0; i < 3; ++i) {
      const auto queue = new_queue(fmt::format("s{}-q{}", seed, i), [&](Queue& q) { q.prioritized = i == 1; });
      queues_.push_back(queue);
      model_.queues[queue.id] = ModelQueue{.prioritized = queue.prioritized};
    }
    for (int i = 0; i < 4; ++i) agents_.push_back(new_agent(fmt::format("s{}-a{}", seed, i)));
    registered_at_ = clock.now();
    clock.advance(Millis(1));
  }

  void step() {
    model_.now = clock.now();
    switch (pick(20)) {
      case 0:
      case 1:
      case 2:
      case 3:
        return push_some();
      case 4:
      case 5:
      case 6:
        return lease_some();
      case 7:
      case 8:
      case 9:
      case 10:
      case 11:
        return report_one();
      case 12:
        return release_one();
      case 13:
        return renew_some();
      case 14:
        return pass_time();
      case 15:
        return manage_one();
      case 16:
        return pop_one();
      case 17:
        return settle_popped();
      case 18:
        return toggle_pause();
      default:
        return forget_one();
    }
  }

  void check_all() {
    std::size_t seen = 0;
    Page page{.first = 1'000};
    for (bool more = true; more;) {
      const auto part = ok([&] { return store->list(ItemFilter{}, page); });
      for (const auto& item : part.rows) compare(item);
      seen += part.rows.size();
      more = part.has_next;
      page.after = part.end_cursor;
    }
    ASSERT_EQ(seen, model_.items.size()) << "no item is lost (I2)";
    for (const auto& queue : queues_) {
      const auto counts = ok([&] { return store->counts(queue.id); });
      const auto expected = model_.counts(queue.id);
      ASSERT_EQ(counts.waiting, expected.waiting);
      ASSERT_EQ(counts.leased, expected.leased);
      ASSERT_EQ(counts.running, expected.running);
    }
  }

  /// I4 and I5: the events lead from the push to the state without a gap, and each attempt ends at most once.
  void check_history(Id id) {
    std::string state;
    std::map<int, int> ends;
    for (const auto& event : ok([&] { return store->events(id); })) {
      ASSERT_EQ(event.from, state) << "item " << id;
      ASSERT_FALSE(event.actor.empty());
      const bool moved = event.from != event.to;
      state = event.to;
      const auto to = launch::state_from_name(state);
      if (moved && to && launch::is_terminal(*to)) ++ends[event.attempt];
    }
    const auto item = model_.items.find(id);
    ASSERT_EQ(state, item == model_.items.end() ? "REMOVED" : launch::state_name(item->second.state));
    for (const auto& [attempt, count] : ends) ASSERT_LE(count, 1) << "item " << id << " attempt " << attempt;
  }

  void reopen_both() {
    model_.now = clock.now();
    reopen();
    model_.restart();
  }

  std::vector<Id> pushed_;

 private:
  int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }
  const Queue& any_queue() { return queues_[static_cast<std::size_t>(pick(static_cast<int>(queues_.size())))]; }
  const Agent& any_agent() { return agents_[static_cast<std::size_t>(pick(static_cast<int>(agents_.size())))]; }
  /// Mostly one of the newest, because the old ones have ended.
  Id any_item() {
    if (pushed_.empty()) return 999'999;
    const int back = pick(std::min(static_cast<int>(pushed_.size()), pick(4) == 0 ? 5'000 : 60));
    return pushed_[pushed_.size() - 1 - static_cast<std::size_t>(back)];
  }
  std::optional<HeldItem> any_held() {
    if (beliefs_.empty()) return std::nullopt;
    return beliefs_[static_cast<std::size_t>(pick(static_cast<int>(beliefs_.size())))].second;
  }

  void push_some() {
    std::vector<PushItem> items;
    const auto& queue = any_queue();
    for (int i = pick(3); i >= 0; --i) items.push_back(item_for(queue.id, fmt::format("r{}", ++runs_), pick(4)));
    const auto rows = ok([&] { return store->push(items, std::nullopt, cause); }).items;
    for (const auto& item : rows) {
      model_.push(item.id, item.queue, item.priority);
      pushed_.push_back(item.id);
    }
  }

  void lease_some() {
    std::vector<Id> from;
    for (const auto& queue : queues_) {
      if (pick(3) > 0) from.push_back(queue.id);
    }
    const auto& agent = any_agent();
    const int slots = pick(5);
    const auto expected = model_.lease(agent.id, from, static_cast<std::size_t>(slots));
    const auto leases = lease(agent, from, slots);
    std::vector<Id> ids;
    for (const auto& lease : leases) {
      ids.push_back(lease.item.id);
      beliefs_.emplace_back(agent.id, HeldItem{.item = lease.item.id, .epoch = lease.item.epoch});
    }
    ASSERT_EQ(ids, expected);
    for (const Id id : ids) check_item(id);
  }

  void report_one() {
    const auto held = any_held();
    if (!held) return;
    constexpr std::array targets = {ItemState::claimed,   ItemState::starting, ItemState::running, ItemState::running,
                                    ItemState::preempted, ItemState::finished, ItemState::failed,  ItemState::stopped};
    const auto to = targets[static_cast<std::size_t>(pick(static_cast<int>(targets.size())))];
    const auto expected = model_.report(held->item, held->epoch, to);
    ASSERT_EQ(code([&] { return store->report(held->item, held->epoch, ItemReport{.state = to}, cause); }), expected)
        << last_error;
    check_item(held->item);
  }

  void release_one() {
    const auto held = any_held();
    if (!held) return;
    const auto expected = model_.release(held->item, held->epoch);
    ASSERT_EQ(code([&] { return store->release(held->item, held->epoch, cause); }), expected) << last_error;
    check_item(held->item);
  }

  void renew_some() {
    const auto& agent = any_agent();
    std::vector<HeldItem> held;
    for (const auto& [owner, item] : beliefs_) {
      if (owner == agent.id) held.push_back(item);
    }
    const auto expected = model_.renew(agent.id, held, registered_at_);
    const auto directives = renew(agent, held);
    ASSERT_EQ(directives.size(), expected.size());
    for (std::size_t i = 0; i < directives.size(); ++i) {
      ASSERT_EQ(directives[i].item, expected[i].item);
      ASSERT_EQ(directives[i].directive, expected[i].directive);
      if (directives[i].directive == Directive::drop) forget(agent.id, directives[i].item);
    }
  }

  void pass_time() {
    clock.advance(Millis(pick(pick(4) == 0 ? 90'000 : 15'000)));
    model_.now = clock.now();
    while (ok([&] { return store->expire_leases(); }).more) {
    }
    model_.expire();
  }

  void manage_one() {
    const Id id = any_item();
    switch (pick(4)) {
      case 0: {
        const bool expected = model_.cancel(id);
        ASSERT_EQ(ok([&] { return store->cancel({id}, cause); }), expected ? 1 : 0);
        break;
      }
      case 1: {
        const int priority = pick(4);
        const bool expected = model_.prioritize(id, priority);
        ASSERT_EQ(ok([&] { return store->set_priority({id}, priority, cause); }), expected ? 1 : 0);
        break;
      }
      case 2: {
        const auto expected = model_.requeue(id);
        ASSERT_EQ(code([&] { return store->requeue(id, cause); }), expected);
        break;
      }
      default: {
        const auto expected = model_.remove(id);
        ASSERT_EQ(code([&] { return store->remove(id, cause); }), expected);
      }
    }
    check_item(id);
  }

  void pop_one() {
    const auto& queue = any_queue();
    const auto expected = model_.pop(queue.id);
    const auto popped = ok([&] { return store->pop(queue.id, std::nullopt); });
    ASSERT_EQ(popped.has_value(), expected.has_value());
    if (!popped) return;
    ASSERT_EQ(popped->item.id, *expected);
    popped_.push_back(popped->item.id);
    beliefs_.emplace_back(0, HeldItem{.item = popped->item.id, .epoch = popped->item.epoch});
  }

  void settle_popped() {
    if (popped_.empty()) return;
    const Id id = popped_[static_cast<std::size_t>(pick(static_cast<int>(popped_.size())))];
    if (!model_.items.contains(id)) return;
    if (pick(3) == 0) {
      const bool expected = model_.fail(id);
      ASSERT_EQ(ok([&] { return store->fail(id, "m", "run", Json(), cause); }), expected);
    } else {
      const auto run = get(id).run_name;
      const bool expected = model_.acknowledge(id);
      ASSERT_EQ(ok([&] { return store->acknowledge(id, run, cause); }), expected);
    }
    check_item(id);
  }

  void toggle_pause() {
    auto& queue = queues_[static_cast<std::size_t>(pick(static_cast<int>(queues_.size())))];
    const bool pause = pick(4) == 0;
    queue.state = pause ? QueueState::paused : QueueState::active;
    queue.prioritized = pick(2) == 0;
    ok([&] { return store->update_queue(queue, cause); });
    model_.queues[queue.id] = ModelQueue{.prioritized = queue.prioritized, .paused = pause};
  }

  void forget_one() {
    if (beliefs_.empty() || pick(4) > 0) return;
    beliefs_.erase(beliefs_.begin() + pick(static_cast<int>(beliefs_.size())));
  }
  void forget(Id agent, Id item) {
    std::erase_if(beliefs_, [&](const auto& each) { return each.first == agent && each.second.item == item; });
  }

  void check_item(Id id) {
    const auto item = ok([&] { return store->get(id); });
    const auto found = model_.items.find(id);
    ASSERT_EQ(item.has_value(), found != model_.items.end()) << "item " << id;
    if (item) compare(*item);
  }

  void compare(const Item& item) {
    SCOPED_TRACE(fmt::format("item {}", item.id));
    ASSERT_TRUE(model_.items.contains(item.id));
    const ModelItem& expected = model_.items.at(item.id);
    ASSERT_EQ(launch::state_name(item.state), launch::state_name(expected.state));
    ASSERT_EQ(item.epoch, expected.epoch);
    ASSERT_EQ(item.attempt, expected.attempt);
    ASSERT_EQ(item.deliveries, expected.deliveries);
    ASSERT_EQ(item.priority, expected.priority);
    ASSERT_EQ(item.cancel_requested, expected.cancel);
    ASSERT_EQ(item.lease_expires_at, expected.expires);
    ASSERT_EQ(item.agent, expected.expires ? expected.agent : 0);
  }

  std::mt19937 random_;
  Model model_;
  std::vector<Queue> queues_;
  std::vector<Agent> agents_;
  UnixMillis registered_at_ = 0;
  std::vector<std::pair<Id, HeldItem>> beliefs_;
  std::vector<Id> popped_;
  int runs_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Engines, StoreProperty, testing::ValuesIn(engines()), engine_name);

TEST_P(StoreProperty, TheStoreDoesWhatTheModelSays) {
  constexpr unsigned kSeed = 20'260'301;
  begin(kSeed);
  for (int step_number = 1; step_number <= kSteps && !HasFatalFailure(); ++step_number) {
    SCOPED_TRACE(fmt::format("seed {}, step {}", kSeed, step_number));
    step();
    if (HasFatalFailure()) return;
    if (step_number % kCheckEvery == 0) check_all();
    if (step_number % kReopenEvery == 0) reopen_both();
  }
  for (const Id id : pushed_) check_history(id);
}

}  // namespace slipway::server
