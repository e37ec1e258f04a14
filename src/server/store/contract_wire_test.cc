// The W&B way of taking items: pop, acknowledge, fail (protocol 1.4).
#include "server/store/store_contract.h"

namespace slipway::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(StoreContract, APopIsAcknowledgedOnce) {
  const auto queue = new_queue("q");
  const auto agent = new_agent("");
  push(queue.id, "r1");
  const auto popped = ok([&] { return store->pop(queue.id, agent.id); }).value();
  EXPECT_EQ(popped.item.state, ItemState::leased);
  EXPECT_EQ(popped.payload.spec, (Json{{"run", "r1"}, {"rendered", true}}));
  EXPECT_FALSE(ok([&] { return store->pop(queue.id, agent.id); }).has_value());
  EXPECT_TRUE(ok([&] { return store->acknowledge(popped.item.id, "r1", cause); }));
  EXPECT_TRUE(ok([&] { return store->acknowledge(popped.item.id, "r1", cause); })) << "the first reply was lost";
  EXPECT_FALSE(ok([&] { return store->acknowledge(popped.item.id, "other", cause); }));
  EXPECT_EQ(get(popped.item.id).state, ItemState::claimed);
  EXPECT_EQ(code([&] { return store->acknowledge(999, "r1", cause); }), Code::not_found);
  EXPECT_EQ(code([&] { return store->pop(999, agent.id); }), Code::not_found);
  EXPECT_EQ(code([&] { return store->pop(queue.id, 999); }), Code::not_found);
}

TEST_P(StoreContract, AnAcknowledgementMayNameAnotherRun) {
  const auto queue = new_queue("q");
  push(queue.id, "r1");
  const auto popped = ok([&] { return store->pop(queue.id, std::nullopt); }).value();
  EXPECT_TRUE(ok([&] { return store->acknowledge(popped.item.id, "chosen", cause); }));
  const auto found = ok([&] { return store->find_by_run("default", "demo", "chosen"); });
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->id, popped.item.id);
}

TEST_P(StoreContract, APopThatIsNotAcknowledgedComesBackAfterTheTerm) {
  const auto queue = new_queue("q");
  const auto agent = new_agent("");
  push(queue.id, "r1");
  const auto popped = ok([&] { return store->pop(queue.id, agent.id); }).value();
  clock.advance(Millis(59'999));
  store->touch(agent.id);
  EXPECT_THAT(ok([&] { return store->expire_leases(); }).queues, IsEmpty());
  clock.advance(Millis(1));
  EXPECT_THAT(ok([&] { return store->expire_leases(); }).queues, ElementsAre(queue.id));
  EXPECT_FALSE(ok([&] { return store->acknowledge(popped.item.id, "r1", cause); }));
  EXPECT_FALSE(ok([&] { return store->fail(popped.item.id, "m", "agent", Json(), cause); }));
  EXPECT_TRUE(ok([&] { return store->pop(queue.id, agent.id); }).has_value());
}

TEST_P(StoreContract, AnAcknowledgedItemStaysAsLongAsItsAgentShowsLife) {
  const auto queue = new_queue("q");
  const auto agent = new_agent("");
  push(queue.id, "r1");
  const auto popped = ok([&] { return store->pop(queue.id, agent.id); }).value();
  ok([&] { return store->acknowledge(popped.item.id, "r1", cause); });
  for (int i = 0; i < 20; ++i) {
    clock.advance(Millis(200'000));
    store->touch(agent.id);
    ok([&] { return store->expire_leases(); });
    ASSERT_EQ(get(popped.item.id).agent, agent.id) << i;
  }
}

TEST_P(StoreContract, AnAcknowledgedItemOfALostAgentIsNeverGivenToAnother) {
  const auto queue = new_queue("q");
  const auto agent = new_agent("");
  push(queue.id, "r1");
  const auto popped = ok([&] { return store->pop(queue.id, agent.id); }).value();
  ok([&] { return store->acknowledge(popped.item.id, "r1", cause); });
  clock.advance(Millis(300'000));
  EXPECT_THAT(ok([&] { return store->expire_leases(); }).queues, IsEmpty());
  const auto lost = get(popped.item.id);
  EXPECT_EQ(lost.state, ItemState::claimed);
  EXPECT_EQ(lost.agent, 0);
  EXPECT_TRUE(lost.unreachable_since.has_value());
  EXPECT_THAT(lease(new_agent("b"), {queue.id}), IsEmpty());

  store->touch(agent.id);
  ok([&] { return store->expire_leases(); });
  EXPECT_EQ(get(popped.item.id).agent, agent.id) << "its agent is back";
  EXPECT_FALSE(get(popped.item.id).unreachable_since.has_value());
}

TEST_P(StoreContract, TheRunOfAnAcknowledgedItemMayEndIt) {
  const auto queue = new_queue("q");
  const auto agent = new_agent("");
  push(queue.id, "r1");
  const auto popped = ok([&] { return store->pop(queue.id, agent.id); }).value();
  ok([&] { return store->acknowledge(popped.item.id, "r1", cause); });
  clock.advance(Millis(300'000));
  ok([&] { return store->expire_leases(); });
  EXPECT_EQ(report(popped.item, ItemReport{.state = ItemState::finished, .exit_code = 0}).state, ItemState::finished);
}

TEST_P(StoreContract, CancelEndsTheItemOfALostAgentAtOnce) {
  const auto queue = new_queue("q");
  const auto agent = new_agent("");
  push(queue.id, "r1");
  const auto popped = ok([&] { return store->pop(queue.id, agent.id); }).value();
  ok([&] { return store->acknowledge(popped.item.id, "r1", cause); });
  EXPECT_EQ(ok([&] { return store->cancel({popped.item.id}, cause); }), 1);
  EXPECT_EQ(get(popped.item.id).state, ItemState::claimed) << "the agent is asked through its run";
  clock.advance(Millis(300'000));
  ok([&] { return store->expire_leases(); });
  EXPECT_EQ(ok([&] { return store->cancel({popped.item.id}, cause); }), 1);
  EXPECT_EQ(get(popped.item.id).state, ItemState::stopped);
}

TEST_P(StoreContract, APoppedItemFails) {
  const auto queue = new_queue("q");
  push(queue.id, "r1");
  const auto popped = ok([&] { return store->pop(queue.id, std::nullopt); }).value();
  EXPECT_TRUE(ok([&] { return store->fail(popped.item.id, "no image", "build", Json{"1/error/e.log"}, cause); }));
  EXPECT_TRUE(ok([&] { return store->fail(popped.item.id, "no image", "build", Json{"1/error/e.log"}, cause); }));
  const auto failed = get(popped.item.id);
  EXPECT_EQ(failed.state, ItemState::failed);
  EXPECT_EQ(failed.message, "no image");
  EXPECT_EQ(failed.stage, "build");
  EXPECT_EQ(failed.failure_class, launch::failure::build);
  EXPECT_EQ(ok([&] { return store->payload(failed.id); })->file_paths, (Json{"1/error/e.log"}));
}

TEST_P(StoreContract, PopTouchesOnlyPoppedItems) {
  const auto queue = new_queue("q");
  push(queue.id, "r1");
  const auto leased = lease_one(new_agent("a"), queue.id);
  EXPECT_FALSE(ok([&] { return store->acknowledge(leased.item.id, "r1", cause); }));
  EXPECT_FALSE(ok([&] { return store->fail(leased.item.id, "m", "agent", Json(), cause); }));
  EXPECT_EQ(get(leased.item.id).state, ItemState::leased);
}

}  // namespace
}  // namespace slipway::server
