// Leases that are lost, renewed, given back and taken over (faults A2, A3, A4, A5, A10, A11).
#include <algorithm>

#include "server/store/store_contract.h"

namespace slipway::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr Millis kTtl{60'000};

HeldItem held(const Lease& lease) { return HeldItem{.item = lease.item.id, .epoch = lease.item.epoch}; }

struct PutBackCase {
  std::string name;
  std::optional<ItemState> state;
};

TEST_P(StoreContract, ALeaseThatRunsOutBeforeSubmissionGoesBackToItsPlace) {
  const PutBackCase cases[] = {{"leased", std::nullopt}, {"claimed", ItemState::claimed}};
  const auto agent = new_agent("a");
  for (const auto& each : cases) {
    SCOPED_TRACE(each.name);
    const auto queue = new_queue(each.name);
    push_many(queue.id, 3);
    const auto lost = lease_one(agent, queue.id);
    if (each.state) report(lost.item, *each.state);
    clock.advance(kTtl - Millis(1));
    EXPECT_THAT(ok([&] { return store->expire_leases(); }).queues, IsEmpty());
    clock.advance(Millis(1));
    EXPECT_THAT(ok([&] { return store->expire_leases(); }).queues, ElementsAre(queue.id));
    EXPECT_EQ(get(lost.item.id).state, ItemState::pending);
    EXPECT_EQ(get(lost.item.id).agent, 0);
    EXPECT_EQ(code([&] {
                return store->report(lost.item.id, lost.item.epoch, ItemReport{.state = ItemState::running}, cause);
              }),
              Code::stale);
    const auto again = lease_one(agent, queue.id);
    EXPECT_EQ(again.item.id, lost.item.id) << "its old place is the first";
    EXPECT_EQ(again.item.epoch, lost.item.epoch + 1);
    EXPECT_EQ(again.item.deliveries, 2);
    EXPECT_EQ(again.item.attempt, 1);
    EXPECT_FALSE(again.takeover);
    report(again.item, ItemState::finished);
  }
}

TEST_P(StoreContract, ALeaseThatRunsOutAfterSubmissionIsTakenOverAndNeverRequeued) {
  struct Case {
    std::string name;
    ItemReport report;
    ItemState state;
  };
  const Case cases[] = {
      {"intent recorded", ItemReport{.state = ItemState::claimed, .intent = Json{{"name", "n"}}}, ItemState::claimed},
      {"starting", ItemReport{.state = ItemState::starting}, ItemState::starting},
      {"running", ItemReport{.state = ItemState::running, .backend = Json{{"id", "c"}}}, ItemState::running},
  };
  const auto first = new_agent("first");
  const auto second = new_agent("second");
  for (const auto& each : cases) {
    SCOPED_TRACE(each.name);
    const auto queue = new_queue(each.name);
    push_many(queue.id, 2);
    const auto lost = lease_one(first, queue.id);
    report(lost.item, each.report);
    clock.advance(kTtl);
    EXPECT_THAT(ok([&] { return store->expire_leases(); }).queues, ElementsAre(queue.id));
    EXPECT_EQ(get(lost.item.id).state, each.state);
    EXPECT_EQ(get(lost.item.id).agent, 0);
    const auto leases = lease(second, {queue.id}, 0);
    ASSERT_THAT(leases, SizeIs(1)) << "a takeover needs no free slot";
    const auto& taken = leases.front();
    EXPECT_EQ(taken.item.id, lost.item.id);
    EXPECT_TRUE(taken.takeover);
    EXPECT_EQ(taken.item.state, each.state);
    EXPECT_EQ(taken.item.attempt, 1);
    EXPECT_EQ(taken.item.epoch, lost.item.epoch + 1);
    EXPECT_EQ(taken.payload.intent.is_null(), !each.report.intent.has_value());
    EXPECT_EQ(taken.payload.backend.is_null(), !each.report.backend.has_value());
    EXPECT_EQ(code([&] {
                return store->report(lost.item.id, lost.item.epoch, ItemReport{.state = ItemState::finished}, cause);
              }),
              Code::stale);
    EXPECT_EQ(report(taken.item, ItemState::finished).state, ItemState::finished);
  }
}

TEST_P(StoreContract, PausedQueuesStillGiveTakeovers) {
  auto queue = new_queue("q");
  const auto agent = new_agent("a");
  push_many(queue.id, 2);
  report(lease_one(agent, queue.id).item, ItemState::running);
  queue.state = QueueState::paused;
  ok([&] { return store->update_queue(queue, cause); });
  clock.advance(kTtl);
  ok([&] { return store->expire_leases(); });
  const auto leases = lease(agent, {queue.id}, 5);
  ASSERT_THAT(leases, SizeIs(1));
  EXPECT_TRUE(leases[0].takeover);
}

TEST_P(StoreContract, RenewKeepsALeaseForAnotherTerm) {
  const auto queue = new_queue("q");
  const auto agent = new_agent("a");
  push(queue.id, "r1");
  const auto lease = lease_one(agent, queue.id);
  for (int i = 0; i < 4; ++i) {
    clock.advance(Millis(40'000));
    EXPECT_THAT(renew(agent, {held(lease)}), IsEmpty());
    EXPECT_THAT(ok([&] { return store->expire_leases(); }).queues, IsEmpty());
  }
  EXPECT_EQ(get(lease.item.id).lease_expires_at, clock.now() + kTtl.count());
  EXPECT_EQ(ok([&] { return store->next_expiry(); }), clock.now() + kTtl.count());
}

TEST_P(StoreContract, AReportKeepsTheLeaseToo) {
  const auto queue = new_queue("q");
  const auto agent = new_agent("a");
  push(queue.id, "r1");
  const auto lease = lease_one(agent, queue.id);
  clock.advance(Millis(50'000));
  EXPECT_EQ(report(lease.item, ItemState::claimed).lease_expires_at, clock.now() + kTtl.count());
}

TEST_P(StoreContract, RenewSaysWhatIsNoLongerTheCallers) {
  const auto queue = new_queue("q");
  const auto first = new_agent("first");
  const auto second = new_agent("second");
  push_many(queue.id, 4);
  const auto back = lease_one(first, queue.id);
  const auto ended = lease_one(first, queue.id);
  const auto mine = lease_one(second, queue.id);
  report(ended.item, ItemState::finished);
  ok([&] { return store->release(back.item.id, back.item.epoch, cause); });
  const auto directives = renew(first, {held(back), held(ended), held(mine), HeldItem{.item = 999, .epoch = 1}});
  ASSERT_THAT(directives, SizeIs(4));
  EXPECT_TRUE(std::ranges::all_of(directives, [](const auto& each) { return each.directive == Directive::drop; }));
}

TEST_P(StoreContract, RenewAsksForTheEndOfCancelledItemsUntilTheyEnd) {
  const auto queue = new_queue("q");
  const auto agent = new_agent("a");
  push(queue.id, "r1");
  const auto lease = lease_one(agent, queue.id);
  report(lease.item, ItemState::running);
  EXPECT_EQ(ok([&] { return store->cancel({lease.item.id}, cause); }), 1);
  EXPECT_EQ(ok([&] { return store->cancel({lease.item.id}, cause); }), 0) << "the second time changes nothing";
  for (int i = 0; i < 2; ++i) {
    const auto directives = renew(agent, {held(lease)});
    ASSERT_THAT(directives, SizeIs(1));
    EXPECT_EQ(directives[0].directive, Directive::cancel);
  }
  report(lease.item, ItemState::stopped);
  EXPECT_EQ(get(lease.item.id).state, ItemState::stopped);
}

TEST_P(StoreContract, RenewGivesBackWhatTheAgentDoesNotHold) {
  const auto queue = new_queue("q");
  const auto agent = new_agent("a");
  push_many(queue.id, 2);
  const auto lost = lease_one(agent, queue.id);
  EXPECT_THAT(renew(agent, {}), IsEmpty());
  EXPECT_EQ(get(lost.item.id).state, ItemState::leased) << "the reply with the lease may be on its way";
  clock.advance(Millis(10'000));
  renew(agent, {});
  EXPECT_EQ(get(lost.item.id).state, ItemState::pending);
}

TEST_P(StoreContract, ARestartedAgentKeepsWhatItStillKnows) {
  const auto queue = new_queue("q");
  const auto before = new_agent("a", "1");
  push_many(queue.id, 3);
  const auto known = lease_one(before, queue.id);
  const auto forgotten = lease_one(before, queue.id);
  const auto running = lease_one(before, queue.id);
  report(running.item, ItemState::running);
  clock.advance(Millis(1));
  const auto after = new_agent("a", "2");
  EXPECT_EQ(after.id, before.id);
  EXPECT_THAT(renew(after, {held(known)}), IsEmpty());
  EXPECT_EQ(get(known.item.id).agent, after.id);
  EXPECT_EQ(get(forgotten.item.id).state, ItemState::pending) << "no reply to the old process can arrive any more";
  EXPECT_EQ(get(running.item.id).state, ItemState::running);
  const auto taken = lease(after, {queue.id}, 0);
  ASSERT_THAT(taken, SizeIs(1));
  EXPECT_EQ(taken.front().item.id, running.item.id);
  EXPECT_TRUE(taken.front().takeover);
}

TEST_P(StoreContract, AnOldIncarnationIsSuperseded) {
  const auto queue = new_queue("q");
  const auto before = new_agent("a", "1");
  push(queue.id, "r1");
  new_agent("a", "2");
  const LeaseRequest request{.agent = before.id, .incarnation = "1", .queues = {queue.id}, .slots = 1};
  EXPECT_EQ(code([&] { return store->lease(request); }), Code::stale);
  EXPECT_EQ(code([&] { return store->renew(before.id, "1", {}); }), Code::stale);
  EXPECT_EQ(code([&] { return store->renew(999, "1", {}); }), Code::not_found);
}

TEST_P(StoreContract, AnAgentThatComesBackBeforeTheTakeoverHasItsJobAgain) {
  const auto queue = new_queue("q");
  const auto agent = new_agent("a");
  push(queue.id, "r1");
  const auto lease = lease_one(agent, queue.id);
  report(lease.item, ItemState::running);
  clock.advance(kTtl);
  ok([&] { return store->expire_leases(); });
  EXPECT_THAT(renew(agent, {held(lease)}), IsEmpty());
  EXPECT_EQ(get(lease.item.id).agent, agent.id);
  EXPECT_THAT(this->lease(new_agent("b"), {queue.id}), IsEmpty());
}

TEST_P(StoreContract, ReleaseGivesTheItemBackUncountedAndTwiceIsHarmless) {
  const auto queue = new_queue("q");
  const auto agent = new_agent("a");
  push_many(queue.id, 2);
  const auto lease = lease_one(agent, queue.id);
  ok([&] { return store->release(lease.item.id, lease.item.epoch, cause); });
  ok([&] { return store->release(lease.item.id, lease.item.epoch, cause); });
  EXPECT_EQ(get(lease.item.id).deliveries, 0);
  const auto again = lease_one(agent, queue.id);
  EXPECT_EQ(again.item.id, lease.item.id);
  EXPECT_EQ(code([&] { return store->release(lease.item.id, lease.item.epoch, cause); }), Code::stale);
  EXPECT_EQ(get(lease.item.id).state, ItemState::leased)
      << "the second lease is not touched by the first one's release";
  report(again.item, ItemState::starting);
  EXPECT_EQ(code([&] { return store->release(again.item.id, again.item.epoch, cause); }), Code::failed_precondition);
  EXPECT_EQ(code([&] { return store->release(999, 1, cause); }), Code::not_found);
}

TEST_P(StoreContract, AnItemThatEveryAgentDropsIsDeadLetteredWithTheirNames) {
  const auto queue = new_queue("q", [](Queue& q) { q.max_deliveries = 3; });
  const auto poison = push(queue.id, "poison");
  const auto other = push(queue.id, "other");
  std::vector<std::string> names;
  for (const char* id : {"a", "b", "c"}) {
    const auto agent = new_agent(id);
    names.push_back(agent.name);
    EXPECT_EQ(lease_one(agent, queue.id).item.id, poison.id);
    clock.advance(kTtl);
    ok([&] { return store->expire_leases(); });
  }
  const auto dead = get(poison.id);
  EXPECT_EQ(dead.state, ItemState::failed);
  EXPECT_EQ(dead.failure_class, launch::failure::dead_letter);
  EXPECT_THAT(dead.message, HasSubstr(names[0] + ", " + names[1] + ", " + names[2]));
  EXPECT_EQ(lease_one(new_agent("d"), queue.id).item.id, other.id);
}

TEST_P(StoreContract, ALongJobThatOutlivesItsAgentsIsNotDeadLettered) {
  const auto queue = new_queue("q", [](Queue& q) { q.max_deliveries = 2; });
  push(queue.id, "r1");
  for (int i = 0; i < 6; ++i) {
    const auto agent = new_agent("a" + std::to_string(i));
    const auto lease = lease_one(agent, queue.id);
    if (i == 0) report(lease.item, ItemState::running);
    for (int renewals = 0; renewals < 2; ++renewals) {
      clock.advance(Millis(30'000));
      renew(agent, {held(lease)});
    }
    clock.advance(kTtl);
    ok([&] { return store->expire_leases(); });
    ASSERT_EQ(get(lease.item.id).state, ItemState::running) << i;
  }
}

TEST_P(StoreContract, CancelWinsWhenTheLeaseIsLostBeforeSubmission) {
  const auto queue = new_queue("q");
  const auto agent = new_agent("a");
  push_many(queue.id, 2);
  const auto expired = lease_one(agent, queue.id);
  const auto released = lease_one(agent, queue.id);
  ok([&] { return store->cancel({expired.item.id, released.item.id}, cause); });
  ok([&] { return store->release(released.item.id, released.item.epoch, cause); });
  clock.advance(kTtl);
  ok([&] { return store->expire_leases(); });
  EXPECT_EQ(get(expired.item.id).state, ItemState::stopped);
  EXPECT_EQ(get(released.item.id).state, ItemState::stopped);
}

TEST_P(StoreContract, ACancelledJobIsStillTakenOverSoThatSomebodyEndsIt) {
  const auto queue = new_queue("q");
  const auto agent = new_agent("a");
  push(queue.id, "r1");
  const auto lost = lease_one(agent, queue.id);
  report(lost.item, ItemState::running);
  ok([&] { return store->cancel({lost.item.id}, cause); });
  clock.advance(kTtl);
  ok([&] { return store->expire_leases(); });
  const auto taken = lease_one(new_agent("b"), queue.id);
  EXPECT_TRUE(taken.takeover);
  EXPECT_TRUE(taken.item.cancel_requested);
}

TEST_P(StoreContract, ExpiryGoesInBoundedBatches) {
  const auto queue = new_queue("q");
  const auto agent = new_agent("a");
  push_many(queue.id, 600);
  EXPECT_THAT(lease(agent, {queue.id}, 600), SizeIs(600));
  clock.advance(kTtl);
  int calls = 0;
  for (bool more = true; more; ++calls) more = ok([&] { return store->expire_leases(); }).more;
  EXPECT_GT(calls, 1);
  EXPECT_EQ(ok([&] { return store->counts(queue.id); }).waiting, 600);
  EXPECT_FALSE(ok([&] { return store->next_expiry(); }).has_value());
}

TEST_P(StoreContract, ARestartOfTheServerGivesEveryLeaseAFullTermAgain) {
  const auto queue = new_queue("q");
  const auto agent = new_agent("a");
  push(queue.id, "r1");
  const auto lease = lease_one(agent, queue.id);
  clock.advance(Millis(3'600'000));
  reopen();
  EXPECT_THAT(ok([&] { return store->expire_leases(); }).queues, IsEmpty());
  EXPECT_THAT(renew(agent, {held(lease)}), IsEmpty());
  EXPECT_EQ(get(lease.item.id).state, ItemState::leased);
}

}  // namespace
}  // namespace slipway::server
