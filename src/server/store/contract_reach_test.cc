// Items whose machine is away: who may take them over, how long a queue waits, and what a person can do.
#include "server/store/store_contract.h"

namespace slipway::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr Millis kTerm{60'000};
constexpr Millis kPatience{600'000};

class ReachContract : public StoreContract {
 protected:
  /// Submitted to `scope`, and its agent is gone.
  Item lost_item(const Queue& queue, const std::string& scope) {
    const auto pushed = push(queue.id, "run-" + scope + std::to_string(++runs_));
    const auto held = lease_one(agent_, queue.id);
    EXPECT_EQ(held.item.id, pushed.id);
    report(held.item, ItemReport{.state = ItemState::running, .intent = Json{{"scope", scope}}});
    clock.advance(kTerm);
    ok([&] { return store->expire_leases(); });
    return get(held.item.id);
  }
  std::vector<Lease> lease_reaching(const Agent& agent, Id queue, std::vector<std::string> scopes, int slots) {
    LeaseRequest request{.agent = agent.id, .incarnation = "1", .queues = {queue}, .slots = slots, .scopes = scopes};
    return ok([&] { return store->lease(request); });
  }
  Queue patient_queue() {
    return new_queue("patient", [](Queue& queue) { queue.lost_after = kPatience; });
  }

  Agent agent_ = new_agent("gone");

 private:
  int runs_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Engines, ReachContract, testing::ValuesIn(engines()), engine_name);

TEST_P(ReachContract, ATakeoverGoesOnlyToAnAgentThatReachesItsBackend) {
  const auto queue = new_queue("q");
  const auto item = lost_item(queue, "docker:a");
  EXPECT_EQ(item.scope, "docker:a");
  const auto other = new_agent("other");
  EXPECT_THAT(lease_reaching(other, queue.id, {}, 5), IsEmpty());
  EXPECT_THAT(lease_reaching(other, queue.id, {"docker:b", "process:a"}, 5), IsEmpty());
  const auto taken = lease_reaching(other, queue.id, {"docker:b", "docker:a"}, 5);
  ASSERT_THAT(taken, SizeIs(1));
  EXPECT_TRUE(taken[0].takeover);
  EXPECT_FALSE(get(item.id).unreachable_since);
}

TEST_P(ReachContract, TakeoversComeBesidesTheSlots) {
  const auto queue = new_queue("q");
  lost_item(queue, "docker:a");
  push_many(queue.id, 2);
  const auto full = lease_reaching(new_agent("full"), queue.id, {"docker:a"}, 0);
  ASSERT_THAT(full, SizeIs(1));
  EXPECT_TRUE(full[0].takeover);
  EXPECT_THAT(lease_reaching(new_agent("free"), queue.id, {"docker:a"}, 1), SizeIs(1));
}

TEST_P(ReachContract, AnewAttemptMayRunAnywhere) {
  const auto queue = new_queue("q");
  const auto item = lost_item(queue, "docker:a");
  ok([&] { return store->requeue(item.id, cause, true); });
  EXPECT_EQ(get(item.id).scope, "");
  EXPECT_THAT(lease_reaching(new_agent("other"), queue.id, {}, 1), SizeIs(1));
}

TEST_P(ReachContract, WithoutPatienceAQueueWaitsForEver) {
  const auto item = lost_item(new_queue("q"), "docker:a");
  EXPECT_EQ(ok([&] { return store->next_expiry(); }), std::nullopt);
  clock.advance(Millis(365LL * 86'400'000));
  EXPECT_THAT(ok([&] { return store->expire_leases(); }).items, IsEmpty());
  EXPECT_EQ(get(item.id).state, ItemState::running);
}

TEST_P(ReachContract, AnItemOutOfReachForTooLongIsLost) {
  const auto item = lost_item(patient_queue(), "docker:a");
  ASSERT_TRUE(item.unreachable_since);
  EXPECT_EQ(ok([&] { return store->next_expiry(); }), *item.unreachable_since + kPatience.count());
  clock.advance(kPatience - Millis(1));
  EXPECT_THAT(ok([&] { return store->expire_leases(); }).items, IsEmpty());
  clock.advance(Millis(1));
  EXPECT_THAT(ok([&] { return store->expire_leases(); }).items, SizeIs(1));
  const auto lost = get(item.id);
  EXPECT_EQ(lost.state, ItemState::failed);
  EXPECT_EQ(lost.failure_class, launch::failure::node_lost);
  EXPECT_THAT(lost.message, HasSubstr("10 min"));
  EXPECT_THAT(lost.message, HasSubstr("may still run"));
  EXPECT_EQ(ok([&] { return store->events(item.id); }).back().actor, "server");
  EXPECT_EQ(ok([&] { return store->next_expiry(); }), std::nullopt);
}

TEST_P(ReachContract, AnAgentThatComesBackInTimeKeepsItsJob) {
  const auto queue = patient_queue();
  const auto item = lost_item(queue, "docker:a");
  clock.advance(kPatience / 2);
  EXPECT_THAT(lease_reaching(agent_, queue.id, {"docker:a"}, 1), SizeIs(1));
  clock.advance(kTerm);
  ok([&] { return store->expire_leases(); });
  clock.advance(kPatience - Millis(1));
  EXPECT_THAT(ok([&] { return store->expire_leases(); }).items, IsEmpty()) << "patience begins anew";
}

TEST_P(ReachContract, TimeInWhichTheStoreWasClosedDoesNotCount) {
  const auto item = lost_item(patient_queue(), "docker:a");
  clock.advance(kPatience * 2);
  reopen();
  EXPECT_THAT(ok([&] { return store->expire_leases(); }).items, IsEmpty());
  clock.advance(kPatience);
  EXPECT_THAT(ok([&] { return store->expire_leases(); }).items, SizeIs(1));
}

TEST_P(ReachContract, AnItemOfAWandbAgentThatIsGoneIsLostToo) {
  const auto queue = patient_queue();
  push(queue.id, "r");
  const auto popped = ok([&] { return store->pop(queue.id, agent_.id); });
  ASSERT_TRUE(popped);
  ASSERT_TRUE(ok([&] { return store->acknowledge(popped->item.id, "r", cause); }));
  clock.advance(kTerm * 5);
  ok([&] { return store->expire_leases(); });
  ASSERT_TRUE(get(popped->item.id).unreachable_since);
  clock.advance(kPatience);
  EXPECT_THAT(ok([&] { return store->expire_leases(); }).items, SizeIs(1));
  EXPECT_EQ(get(popped->item.id).failure_class, launch::failure::node_lost);
}

TEST_P(ReachContract, APersonEndsItByForce) {
  const auto item = lost_item(new_queue("q"), "docker:a");
  EXPECT_EQ(ok([&] { return store->cancel({item.id}, cause); }), 1);
  EXPECT_EQ(get(item.id).state, ItemState::running) << "an agent that comes back is to end the job";
  EXPECT_EQ(ok([&] { return store->cancel({item.id}, cause, true); }), 1);
  EXPECT_EQ(get(item.id).state, ItemState::stopped);
}

TEST_P(ReachContract, ForceDoesNotTouchWhatAnAgentHolds) {
  const auto queue = new_queue("q");
  push(queue.id, "r");
  const auto held = lease_one(agent_, queue.id);
  report(held.item, ItemState::running);
  EXPECT_EQ(ok([&] { return store->cancel({held.item.id}, cause, true); }), 1);
  EXPECT_EQ(get(held.item.id).state, ItemState::running);
  EXPECT_EQ(code([&] { return store->requeue(held.item.id, cause, true); }), Code::failed_precondition);
}

TEST_P(ReachContract, APersonRequeuesItByForce) {
  const auto queue = new_queue("q");
  const auto item = lost_item(queue, "docker:a");
  EXPECT_EQ(code([&] { return store->requeue(item.id, cause); }), Code::failed_precondition);
  EXPECT_THAT(last_error, HasSubstr("by force"));
  const auto again = ok([&] { return store->requeue(item.id, cause, true); });
  EXPECT_EQ(again.state, ItemState::pending);
  EXPECT_EQ(again.attempt, 2);
  EXPECT_FALSE(again.unreachable_since);
  // Its old agent comes back too late.
  const auto directives = renew(agent_, {HeldItem{item.id, item.epoch}});
  ASSERT_THAT(directives, SizeIs(1));
  EXPECT_EQ(directives[0].directive, Directive::drop);
}

}  // namespace
}  // namespace slipway::server
