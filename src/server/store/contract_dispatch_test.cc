// The life of an item that goes well, and the order of leases.
#include <algorithm>
#include <random>

#include <fmt/format.h>

#include "server/store/store_contract.h"

namespace slipway::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(StoreContract, AnItemGoesFromPushToFinished) {
  const auto queue = new_queue("q");
  const auto agent = new_agent("a");
  const auto pushed = push(queue.id, "r1");
  EXPECT_EQ(pushed.state, ItemState::pending);
  EXPECT_EQ(pushed.queue_name, "q");
  EXPECT_EQ(pushed.queue_entity, "default");

  const auto leased = lease_one(agent, queue.id);
  EXPECT_EQ(leased.item.id, pushed.id);
  EXPECT_EQ(leased.item.state, ItemState::leased);
  EXPECT_EQ(leased.item.epoch, 1);
  EXPECT_EQ(leased.item.deliveries, 1);
  EXPECT_EQ(leased.item.agent, agent.id);
  EXPECT_EQ(leased.item.lease_expires_at, clock.now() + 60'000);
  EXPECT_FALSE(leased.takeover);
  EXPECT_EQ(leased.payload.spec, (Json{{"run", "r1"}, {"rendered", true}}));
  EXPECT_EQ(leased.payload.submitted, (Json{{"run", "r1"}}));
  EXPECT_THAT(lease(agent, {queue.id}), IsEmpty());

  report(leased.item, ItemReport{.state = ItemState::claimed, .stage = "build"});
  report(leased.item, ItemReport{.intent = Json{{"name", "n1"}}});
  report(leased.item, ItemState::starting);
  report(leased.item, ItemReport{.state = ItemState::running, .backend = Json{{"id", "c1"}}, .image = "img:1"});
  const auto ended = report(leased.item, ItemReport{.state = ItemState::finished, .exit_code = 0});
  EXPECT_EQ(ended.state, ItemState::finished);
  EXPECT_EQ(ended.agent, 0) << "the lease has ended";
  EXPECT_EQ(ended.agent_name, agent.name);
  EXPECT_EQ(ended.finished_at, clock.now());
  EXPECT_THAT(moves(pushed.id), ElementsAre("→PENDING", "PENDING→LEASED", "LEASED→CLAIMED", "CLAIMED→STARTING",
                                            "STARTING→RUNNING", "RUNNING→FINISHED"));
  const auto payload = ok([&] { return store->payload(pushed.id); }).value();
  EXPECT_EQ(payload.backend, (Json{{"id", "c1"}}));
  EXPECT_EQ(payload.intent, (Json{{"name", "n1"}}));
  EXPECT_EQ(payload.image, "img:1");
}

TEST_P(StoreContract, FifoQueuesGiveTheOldestWhateverThePriority) {
  const auto queue = new_queue("q");
  const auto agent = new_agent("a");
  push(queue.id, "first", 3);
  push(queue.id, "second", 0);
  push(queue.id, "third", 2);
  EXPECT_THAT(run_names(lease(agent, {queue.id}, 10)), ElementsAre("first", "second", "third"));
}

TEST_P(StoreContract, PrioritizedQueuesGiveTheMostUrgentThenTheOldest) {
  const auto queue = new_queue("q", [](Queue& q) { q.prioritized = true; });
  const auto agent = new_agent("a");
  push(queue.id, "low", 3);
  push(queue.id, "medium-1", 2);
  push(queue.id, "critical", 0);
  push(queue.id, "medium-2", 2);
  EXPECT_THAT(run_names(lease(agent, {queue.id}, 10)), ElementsAre("critical", "medium-1", "medium-2", "low"));
}

TEST_P(StoreContract, QueuesOfOneAgentAreServedInTurn) {
  const auto a = new_queue("a");
  const auto b = new_queue("b");
  const auto c = new_queue("c");
  const auto agent = new_agent("agent");
  push_many(a.id, 5);
  push_many(b.id, 2);
  push_many(c.id, 5);
  std::vector<std::string> queues;
  for (const auto& lease : lease(agent, {a.id, b.id, c.id}, 4)) queues.push_back(lease.item.queue_name);
  EXPECT_THAT(queues, ElementsAre("a", "b", "c", "a"));
  queues.clear();
  for (int i = 0; i < 4; ++i) queues.push_back(lease(agent, {a.id, b.id, c.id}).at(0).item.queue_name);
  EXPECT_THAT(queues, ElementsAre("b", "c", "a", "c")) << "the next round starts behind the queue that was served last";
}

TEST_P(StoreContract, AnOfferIsFilledInTheTransactionOfThePush) {
  const auto queue = new_queue("q");
  const auto agent = new_agent("a");
  const LeaseRequest offer{.agent = agent.id, .incarnation = agent.incarnation, .queues = {queue.id}, .slots = 1};
  const std::vector<PushItem> items{item_for(queue.id, "r1"), item_for(queue.id, "r2")};
  const auto outcome = ok([&] { return store->push(items, offer, cause); });
  ASSERT_EQ(outcome.leases.size(), 1u);
  EXPECT_EQ(outcome.leases[0].item.run_name, "r1");
  EXPECT_EQ(outcome.items[0].state, ItemState::leased);
  EXPECT_EQ(outcome.items[1].state, ItemState::pending);
}

TEST_P(StoreContract, AnOfferToAnAgentThatIsGoneLosesNothing) {
  const auto queue = new_queue("q");
  const LeaseRequest offer{.agent = 999, .incarnation = "1", .queues = {queue.id}, .slots = 1};
  const std::vector<PushItem> items{item_for(queue.id, "r1")};
  const auto outcome = ok([&] { return store->push(items, offer, cause); });
  EXPECT_THAT(outcome.leases, IsEmpty());
  EXPECT_EQ(get(outcome.items[0].id).state, ItemState::pending);
}

TEST_P(StoreContract, PausedQueuesTakePushesAndLeaseNothing) {
  auto queue = new_queue("q");
  const auto agent = new_agent("a");
  queue.state = QueueState::paused;
  ok([&] { return store->update_queue(queue, cause); });
  push(queue.id, "r1");
  EXPECT_THAT(lease(agent, {queue.id}), IsEmpty());
  EXPECT_FALSE(ok([&] { return store->pop(queue.id, agent.id); }).has_value());
  queue.state = QueueState::active;
  ok([&] { return store->update_queue(queue, cause); });
  EXPECT_THAT(run_names(lease(agent, {queue.id})), ElementsAre("r1"));
}

/// Leases one at a time until nothing is left.
Task<> drain(Store* store, Agent agent, Id queue, std::vector<Id>* leased) {
  for (;;) {
    const LeaseRequest request{.agent = agent.id, .incarnation = agent.incarnation, .queues = {queue}, .slots = 1};
    auto leases = co_await store->lease(request);
    if (!leases) co_return std::move(leases).error();
    if (leases->empty()) co_return Result<>();
    leased->push_back(leases->front().item.id);
  }
}

TEST_P(StoreContract, ConcurrentLeasesKeepTheExactOrder) {
  const auto queue = new_queue("q", [](Queue& q) { q.prioritized = true; });
  std::mt19937 random(20'260'101);
  std::vector<PushItem> items;
  for (int i = 0; i < 1'000; ++i)
    items.push_back(item_for(queue.id, fmt::format("r{}", i), static_cast<int>(random() % 4)));
  auto expected = ok([&] { return store->push(items, std::nullopt, cause); }).items;
  std::ranges::sort(expected, {}, [](const Item& item) { return std::pair(item.priority, item.id); });

  std::vector<Id> leased;
  std::vector<std::function<Task<>()>> agents;
  for (int i = 0; i < 12; ++i) {
    const auto agent = new_agent(fmt::format("a{}", i));
    agents.emplace_back([&, agent] { return drain(store.get(), agent, queue.id, &leased); });
  }
  run_together(io, agents);
  std::ranges::sort(leased);
  EXPECT_EQ(std::ranges::unique(leased).size(), 0u) << "nothing was leased twice";
  EXPECT_EQ(leased.size(), 1'000u);

  // Replies may overtake each other; the events tell in which order the leases were granted.
  std::vector<std::pair<Id, Id>> granted;
  for (const Id item : leased) granted.emplace_back(ok([&] { return store->events(item); }).at(1).id, item);
  std::ranges::sort(granted);
  for (std::size_t i = 0; i < granted.size(); ++i) ASSERT_EQ(granted[i].second, expected[i].id) << i;
}

}  // namespace
}  // namespace slipway::server
