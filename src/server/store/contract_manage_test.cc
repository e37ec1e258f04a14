// What people do to items: cancel, priority, remove, requeue, push twice with one key; lists and positions.
#include <fmt/format.h>

#include "server/store/store_contract.h"

namespace slipway::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::array kLiveStates = {ItemState::pending, ItemState::leased, ItemState::claimed, ItemState::starting,
                                    ItemState::running};
constexpr std::array kEndStates = {ItemState::finished, ItemState::failed, ItemState::stopped};

TEST_P(StoreContract, CancelInEveryState) {
  const auto queue = new_queue("q");
  const auto agent = new_agent("a");
  for (const auto state : launch::kAllItemStates) {
    if (state == ItemState::preempted) continue;
    SCOPED_TRACE(launch::state_name(state));
    auto item = push(queue.id, fmt::format("r-{}", launch::state_name(state)));
    if (state != ItemState::pending) item = lease_one(agent, queue.id).item;
    if (state != ItemState::pending && state != ItemState::leased) report(item, state);
    const bool ended = launch::is_terminal(state);
    EXPECT_EQ(ok([&] { return store->cancel({item.id}, Cause{"user:ann", "enough"}); }), ended ? 0 : 1);
    const auto after = get(item.id);
    EXPECT_EQ(after.state, state == ItemState::pending ? ItemState::stopped : state);
    if (!ended) EXPECT_TRUE(after.cancel_requested);
    if (!ended && state != ItemState::pending) EXPECT_EQ(report(item, ItemState::stopped).state, ItemState::stopped);
  }
  EXPECT_EQ(ok([&] { return store->cancel({12'345}, cause); }), 0);
}

TEST_P(StoreContract, BulkCancelIsOneTransaction) {
  const auto queue = new_queue("q");
  std::vector<Id> ids;
  for (const auto& item : push_many(queue.id, 2'000)) ids.push_back(item.id);
  EXPECT_EQ(ok([&] { return store->cancel(ids, cause); }), 2'000);
  EXPECT_EQ(ok([&] { return store->counts(queue.id); }).waiting, 0);
  EXPECT_THAT(moves(ids.back()), ElementsAre("→PENDING", "PENDING→STOPPED"));
}

TEST_P(StoreContract, PriorityOfWaitingItemsCanBeChanged) {
  const auto queue = new_queue("q", [](Queue& q) { q.prioritized = true; });
  const auto agent = new_agent("a");
  const auto first = push(queue.id, "first");
  const auto second = push(queue.id, "second");
  EXPECT_EQ(ok([&] { return store->set_priority({second.id, 999}, 0, cause); }), 1);
  EXPECT_EQ(ok([&] { return store->set_priority({second.id}, 0, cause); }), 0);
  EXPECT_EQ(code([&] { return store->set_priority({first.id}, 4, cause); }), Code::invalid_argument);
  EXPECT_EQ(code([&] { return store->set_priority({first.id}, -1, cause); }), Code::invalid_argument);
  EXPECT_EQ(ok([&] { return store->position(first.id); }), 1);
  EXPECT_THAT(run_names(lease(agent, {queue.id}, 2)), ElementsAre("second", "first"));
}

TEST_P(StoreContract, SwitchingPrioritisationReordersWhatWaits) {
  auto queue = new_queue("q");
  push(queue.id, "old-low", 3);
  const auto urgent = push(queue.id, "new-critical", 0);
  EXPECT_EQ(ok([&] { return store->position(urgent.id); }), 1);
  queue.prioritized = true;
  ok([&] { return store->update_queue(queue, cause); });
  EXPECT_EQ(ok([&] { return store->position(urgent.id); }), 0);
  EXPECT_EQ(lease_one(new_agent("a"), queue.id).item.id, urgent.id);
  EXPECT_EQ(code([&] { return store->position(urgent.id); }), Code::failed_precondition);
  EXPECT_EQ(code([&] { return store->position(999); }), Code::not_found);
}

TEST_P(StoreContract, OnlyWaitingOrEndedItemsAreRemoved) {
  const auto queue = new_queue("q");
  const auto agent = new_agent("a");
  for (const auto state : launch::kAllItemStates) {
    if (state == ItemState::preempted) continue;
    SCOPED_TRACE(launch::state_name(state));
    const auto run = fmt::format("r-{}", launch::state_name(state));
    auto item = push(queue.id, run);
    if (state != ItemState::pending) item = lease_one(agent, queue.id).item;
    if (state != ItemState::pending && state != ItemState::leased) report(item, state);
    const bool removable = state == ItemState::pending || launch::is_terminal(state);
    EXPECT_EQ(code([&] { return store->remove(item.id, cause); }),
              removable ? std::optional<Code>() : std::optional(Code::failed_precondition));
    EXPECT_EQ(ok([&] { return store->get(item.id); }).has_value(), !removable);
    EXPECT_EQ(ok([&] { return store->find_by_run("default", "demo", run); }).has_value(), !removable);
    if (removable) EXPECT_EQ(ok([&] { return store->events(item.id); }).back().to, "REMOVED");
    if (!removable) report(item, ItemState::stopped);
  }
  EXPECT_EQ(code([&] { return store->remove(999, cause); }), Code::not_found);
}

TEST_P(StoreContract, AnEndedItemRunsAgainAtItsOldPlace) {
  const auto queue = new_queue("q");
  const auto agent = new_agent("a");
  int number = 0;
  for (const auto state : kEndStates) {
    SCOPED_TRACE(launch::state_name(state));
    const auto item = push(queue.id, fmt::format("again-{}", number++));
    const auto later = push(queue.id, fmt::format("later-{}", number));
    const auto lease = lease_one(agent, queue.id);
    report(lease.item,
           ItemReport{.state = ItemState::running, .intent = Json{{"name", "n"}}, .backend = Json{{"id", "c"}}});
    report(lease.item, ItemReport{.state = state, .message = "m", .exit_code = 1, .failure_class = "exit_code"});
    const auto again = ok([&] { return store->requeue(item.id, cause); });
    EXPECT_EQ(again.state, ItemState::pending);
    EXPECT_EQ(again.attempt, 2);
    EXPECT_FALSE(again.exit_code || again.finished_at || again.started_at || again.running_at);
    EXPECT_EQ(again.message + again.failure_class, "");
    EXPECT_EQ(code([&] { return store->report(item.id, lease.item.epoch, ItemReport{.state = state}, cause); }),
              Code::stale);
    const auto second = lease_one(agent, queue.id);
    EXPECT_EQ(second.item.id, item.id) << "before what was pushed later";
    EXPECT_GT(second.item.epoch, lease.item.epoch);
    EXPECT_FALSE(second.takeover);
    EXPECT_TRUE(second.payload.intent.is_null() && second.payload.backend.is_null());
    report(second.item, ItemState::finished);
    ok([&] { return store->cancel({later.id}, cause); });
  }
}

TEST_P(StoreContract, OnlyEndedItemsAreRequeued) {
  const auto queue = new_queue("q");
  const auto agent = new_agent("a");
  for (const auto state : kLiveStates) {
    SCOPED_TRACE(launch::state_name(state));
    auto item = push(queue.id, fmt::format("r-{}", launch::state_name(state)));
    if (state != ItemState::pending) item = lease_one(agent, queue.id).item;
    if (state != ItemState::pending && state != ItemState::leased) report(item, state);
    EXPECT_EQ(code([&] { return store->requeue(item.id, cause); }), Code::failed_precondition);
    if (state == ItemState::pending) ok([&] { return store->remove(item.id, cause); });
  }
  EXPECT_EQ(code([&] { return store->requeue(999, cause); }), Code::not_found);
}

TEST_P(StoreContract, TheSameClientKeyGivesTheFirstItemAgain) {
  const auto queue = new_queue("q");
  const auto other = new_queue("other");
  const auto agent = new_agent("a");
  auto item = item_for(queue.id, "r1");
  item.client_key = "key";
  const auto push_again = [&] { return ok([&] { return store->push({item}, std::nullopt, cause); }).items.at(0); };
  const auto first = push_again();
  item.run_name = "r2";
  EXPECT_EQ(push_again().id, first.id);
  report(lease_one(agent, queue.id).item, ItemState::finished);
  EXPECT_EQ(push_again().id, first.id) << "also after it ended";
  EXPECT_EQ(push_again().state, ItemState::finished);
  item.queue = other.id;
  EXPECT_NE(push_again().id, first.id) << "keys are of one queue";
  const auto twice = ok([&] { return store->push({item, item}, std::nullopt, cause); }).items;
  EXPECT_EQ(twice[0].id, twice[1].id);
}

TEST_P(StoreContract, APushIsAllOrNothing) {
  const auto queue = new_queue("q");
  struct Case {
    std::string name;
    PushItem bad;
    Code expected;
  };
  const Case cases[] = {
      {"unknown queue", item_for(999, "bad"), Code::not_found},
      {"priority too high", item_for(queue.id, "bad", 4), Code::invalid_argument},
      {"priority below zero", item_for(queue.id, "bad", -1), Code::invalid_argument},
  };
  for (const auto& each : cases) {
    SCOPED_TRACE(each.name);
    const std::vector<PushItem> items{item_for(queue.id, "good"), each.bad};
    EXPECT_EQ(code([&] { return store->push(items, std::nullopt, cause); }), each.expected);
    EXPECT_EQ(ok([&] { return store->counts(queue.id); }).waiting, 0);
  }
  EXPECT_THAT(ok([&] { return store->push({}, std::nullopt, cause); }).items, IsEmpty());
}

TEST_P(StoreContract, ListsGoByPagesInBothDirections) {
  const auto queue = new_queue("q");
  std::vector<Id> ids;
  for (const int priority : {2, 0, 3, 1, 2, 2, 0})
    ids.push_back(push(queue.id, fmt::format("r{}", ids.size()), priority).id);
  for (const bool newest_first : {false, true}) {
    for (const bool by_state : {false, true}) {
      SCOPED_TRACE(fmt::format("newest first {}, by state {}", newest_first, by_state));
      ItemFilter filter{.queue = queue.id, .newest_first = newest_first};
      if (by_state) filter.states = {ItemState::pending};
      std::vector<Id> seen;
      Page page{.first = 3};
      for (;;) {
        const auto part = ok([&] { return store->list(filter, page); });
        EXPECT_LE(part.rows.size(), 3u);
        for (const auto& item : part.rows) seen.push_back(item.id);
        if (!part.has_next) break;
        page.after = part.end_cursor;
      }
      auto expected = ids;
      if (newest_first) std::ranges::reverse(expected);
      EXPECT_EQ(seen, expected);
    }
  }
}

TEST_P(StoreContract, ListsAreFiltered) {
  const auto a = new_queue("a");
  const auto b = new_queue("b");
  const auto agent = new_agent("agent");
  push(a.id, "a1");
  push(b.id, "b1");
  auto by_bob = item_for(a.id, "a2");
  by_bob.author = "bob";
  ok([&] { return store->push({by_bob}, std::nullopt, cause); });
  report(lease_one(agent, a.id).item, ItemState::running);
  report(lease_one(agent, b.id).item, ItemState::finished);
  struct Case {
    std::string name;
    ItemFilter filter;
    std::vector<std::string> expected;
  };
  const Case cases[] = {
      {"all", ItemFilter{}, {"a1", "b1", "a2"}},
      {"queue", ItemFilter{.queue = a.id}, {"a1", "a2"}},
      {"entity", ItemFilter{.entity = entity}, {"a1", "b1", "a2"}},
      {"other entity", ItemFilter{.entity = entity + 100}, {}},
      {"active", ItemFilter{.queue = a.id, .states = {ItemState::leased, ItemState::running}}, {"a1"}},
      {"waiting", ItemFilter{.queue = a.id, .states = {ItemState::pending}}, {"a2"}},
      {"waiting anywhere", ItemFilter{.states = {ItemState::pending}}, {"a2"}},
      {"waiting or ended", ItemFilter{.states = {ItemState::pending, ItemState::finished}}, {"b1", "a2"}},
      {"author", ItemFilter{.author = "bob"}, {"a2"}},
      {"author and state", ItemFilter{.queue = a.id, .states = {ItemState::pending}, .author = "ann"}, {}},
      {"run", ItemFilter{.run_name = "b1"}, {"b1"}},
      {"unknown queue", ItemFilter{.queue = 999}, {}},
  };
  for (const auto& each : cases) {
    SCOPED_TRACE(each.name);
    std::vector<std::string> names;
    for (const auto& item : ok([&] { return store->list(each.filter, Page{}); }).rows) names.push_back(item.run_name);
    EXPECT_EQ(names, each.expected);
  }
}

TEST_P(StoreContract, BadPagesAreRefused) {
  const auto refused = [&](Page page) { return code([&] { return store->list(ItemFilter{}, page); }); };
  EXPECT_EQ(refused(Page{.first = 0}), Code::invalid_argument);
  EXPECT_EQ(refused(Page{.first = 1'001}), Code::invalid_argument);
  EXPECT_EQ(refused(Page{.after = "x"}), Code::invalid_argument);
  EXPECT_EQ(refused(Page{.after = "12x"}), Code::invalid_argument);
  EXPECT_EQ(refused(Page{.first = 1'000, .after = "12"}), std::nullopt);
}

TEST_P(StoreContract, WhatIsUnknownReadsAsNothing) {
  EXPECT_FALSE(ok([&] { return store->get(999); }).has_value());
  EXPECT_FALSE(ok([&] { return store->payload(999); }).has_value());
  EXPECT_THAT(ok([&] { return store->events(999); }), IsEmpty());
  EXPECT_FALSE(ok([&] { return store->find_by_run("default", "demo", "none"); }).has_value());
}

TEST_P(StoreContract, TextsOfAnyKindSurvive) {
  const auto queue = new_queue("q");
  auto item = item_for(queue.id, "r1");
  const std::string odd = std::string("a\0b", 3) + "'; DROP TABLE items; -- \n\t\"ü漢😀";
  item.author = odd;
  item.spec = Json{{"key", odd}, {"big", 9'007'199'254'740'993}, {"real", 0.1}, {"none", nullptr}};
  const auto pushed = ok([&] { return store->push({item}, std::nullopt, Cause{odd, odd}); }).items.at(0);
  EXPECT_EQ(get(pushed.id).author, odd);
  EXPECT_EQ(ok([&] { return store->payload(pushed.id); })->spec, item.spec);
  EXPECT_EQ(ok([&] { return store->events(pushed.id); }).at(0).reason, odd);
}

}  // namespace
}  // namespace slipway::server
