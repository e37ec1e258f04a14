// Reports: guarded by the epoch, terminal states written once, allowed moves only, preemption in place.
#include <fmt/format.h>

#include "server/store/store_contract.h"

namespace slipway::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST_P(StoreContract, ATerminalStateIsWrittenOnce) {
  const auto queue = new_queue("q");
  const auto agent = new_agent("a");
  push(queue.id, "r1");
  const auto item = lease_one(agent, queue.id).item;
  report(item, ItemReport{.state = ItemState::failed, .exit_code = 3, .failure_class = "exit_code"});
  clock.advance(Millis(1'000));
  const auto again = report(item, ItemReport{.state = ItemState::failed, .exit_code = 3});
  EXPECT_EQ(again.finished_at, clock.now() - 1'000) << "the same outcome again is a success and changes nothing";
  struct Case {
    std::string name;
    ItemReport report;
  };
  const Case others[] = {
      {"another state", ItemReport{.state = ItemState::finished}},
      {"another exit code", ItemReport{.state = ItemState::failed, .exit_code = 4}},
      {"back to life", ItemReport{.state = ItemState::running}},
      {"no state", ItemReport{.message = "late"}},
  };
  for (const auto& each : others) {
    SCOPED_TRACE(each.name);
    EXPECT_EQ(code([&] { return store->report(item.id, item.epoch, each.report, cause); }), Code::conflict);
    EXPECT_THAT(last_error, HasSubstr("already ended as FAILED with exit code 3"));
  }
  EXPECT_THAT(moves(item.id), ElementsAre("→PENDING", "PENDING→LEASED", "LEASED→FAILED"));
}

TEST_P(StoreContract, AReportWithAnotherEpochIsStale) {
  const auto queue = new_queue("q");
  const auto agent = new_agent("a");
  push(queue.id, "r1");
  const auto item = lease_one(agent, queue.id).item;
  for (const std::int64_t epoch : {item.epoch - 1, item.epoch + 1}) {
    EXPECT_EQ(code([&] { return store->report(item.id, epoch, ItemReport{.state = ItemState::running}, cause); }),
              Code::stale);
  }
  EXPECT_EQ(code([&] { return store->report(999, 1, ItemReport{}, cause); }), Code::not_found);
  EXPECT_EQ(get(item.id).state, ItemState::leased);
}

TEST_P(StoreContract, OnlyMovesOfAnItemsLifeAreAllowed) {
  const auto queue = new_queue("q");
  const auto agent = new_agent("a");
  struct Case {
    ItemState from, to;
  };
  const Case refused[] = {
      {ItemState::running, ItemState::starting}, {ItemState::running, ItemState::claimed},
      {ItemState::claimed, ItemState::leased},   {ItemState::leased, ItemState::pending},
      {ItemState::claimed, ItemState::pending},  {ItemState::claimed, ItemState::preempted},
  };
  int number = 0;
  for (const auto& each : refused) {
    SCOPED_TRACE(fmt::format("{} to {}", launch::state_name(each.from), launch::state_name(each.to)));
    push(queue.id, fmt::format("r{}", number++));
    const auto item = lease_one(agent, queue.id).item;
    if (each.from != ItemState::leased) report(item, each.from);
    EXPECT_EQ(
        code([&] { return store->report(item.id, item.epoch, ItemReport{.state = each.to, .stage = "x"}, cause); }),
        Code::conflict);
    EXPECT_EQ(get(item.id).state, each.from);
    EXPECT_EQ(get(item.id).stage, "") << "a refused report leaves nothing behind";
  }
}

TEST_P(StoreContract, ShortJobsMaySkipStates) {
  const auto queue = new_queue("q");
  push(queue.id, "r1");
  const auto item = lease_one(new_agent("a"), queue.id).item;
  EXPECT_EQ(report(item, ItemReport{.state = ItemState::finished, .exit_code = 0}).exit_code, 0);
}

TEST_P(StoreContract, UnreachableIsNotFailed) {
  const auto queue = new_queue("q");
  push(queue.id, "r1");
  const auto item = lease_one(new_agent("a"), queue.id).item;
  report(item, ItemState::running);
  const auto since = clock.now();
  report(item, ItemReport{.reachable = false});
  clock.advance(Millis(5'000));
  EXPECT_EQ(report(item, ItemReport{.reachable = false}).unreachable_since, since);
  EXPECT_EQ(get(item.id).state, ItemState::running);
  EXPECT_FALSE(report(item, ItemReport{.reachable = true}).unreachable_since.has_value());
}

TEST_P(StoreContract, WarningsAreAppended) {
  const auto queue = new_queue("q");
  push(queue.id, "r1");
  const auto item = lease_one(new_agent("a"), queue.id).item;
  report(item, ItemReport{.warning = Json{{"message", "one"}}});
  EXPECT_TRUE(ok([&] { return store->warn(item.id, Json{{"message", "two"}}); }));
  EXPECT_EQ(ok([&] { return store->payload(item.id); })->warnings, (Json{{{"message", "one"}}, {{"message", "two"}}}));
  EXPECT_EQ(code([&] { return store->warn(999, Json{}); }), Code::not_found);
}

TEST_P(StoreContract, StagesAreInTheHistory) {
  const auto queue = new_queue("q");
  push(queue.id, "r1");
  const auto item = lease_one(new_agent("a"), queue.id).item;
  report(item, ItemReport{.stage = "build"});
  report(item, ItemReport{.stage = "build"});
  std::vector<std::string> notes;
  for (const auto& event : ok([&] { return store->events(item.id); })) {
    if (event.from == event.to) notes.push_back(event.reason);
  }
  EXPECT_THAT(notes, ElementsAre("build"));
}

TEST_P(StoreContract, PreemptionPutsTheItemBackToItsPlaceWhileTheBudgetLasts) {
  const auto queue = new_queue("q", [](Queue& q) { q.prioritized = true; });
  const auto agent = new_agent("a");
  const auto first = push(queue.id, "first", 1);
  push(queue.id, "second", 1);
  for (int attempt = 1; attempt <= 5; ++attempt) {
    const auto lease = lease_one(agent, queue.id);
    ASSERT_EQ(lease.item.id, first.id) << "before the second at every attempt";
    EXPECT_EQ(lease.item.attempt, attempt);
    EXPECT_EQ(lease.item.deliveries, 1);
    EXPECT_FALSE(lease.takeover);
    EXPECT_TRUE(lease.payload.intent.is_null());
    EXPECT_TRUE(lease.payload.backend.is_null());
    report(lease.item,
           ItemReport{.state = ItemState::running, .intent = Json{{"name", "n"}}, .backend = Json{{"id", "c"}}});
    EXPECT_EQ(report(lease.item, ItemState::preempted).state, ItemState::pending);
  }
  const auto last = lease_one(agent, queue.id);
  EXPECT_EQ(last.item.attempt, 6);
  report(last.item, ItemState::running);
  const auto failed = report(last.item, ItemState::preempted);
  EXPECT_EQ(failed.state, ItemState::failed);
  EXPECT_EQ(failed.failure_class, launch::failure::preemption);
}

TEST_P(StoreContract, CancelWinsOverPreemption) {
  const auto queue = new_queue("q");
  push(queue.id, "r1");
  const auto item = lease_one(new_agent("a"), queue.id).item;
  report(item, ItemState::running);
  ok([&] { return store->cancel({item.id}, cause); });
  EXPECT_EQ(report(item, ItemState::preempted).state, ItemState::stopped);
}

}  // namespace
}  // namespace slipway::server
