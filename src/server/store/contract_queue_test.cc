// Queues: names, changes and their history, counts, deletion with items in every state.
#include <fmt/format.h>

#include "server/store/store_contract.h"

namespace slipway::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_P(StoreContract, AQueueIsFoundAsItWasMade) {
  const auto made = new_queue("gpu", [](Queue& q) {
    q.resource = "kubernetes";
    q.access = "USER";
    q.prioritized = true;
    q.config = Json{{"spec", {{"replicas", 1}}}};
    q.template_variables = Json{{"gpus", {{"schema", {{"type", "integer"}}}}}};
    q.external_links = Json{{"links", JsonArray{}}};
    q.policy = Json{{"allow", JsonArray{"args"}}};
    q.lease_ttl = Millis(5'000);
    q.max_deliveries = 2;
  });
  const auto found = ok([&] { return store->find_queue(entity, "gpu"); }).value();
  EXPECT_EQ(found.id, made.id);
  EXPECT_EQ(found.entity_name, "default");
  EXPECT_EQ(found.resource, "kubernetes");
  EXPECT_EQ(found.access, "USER");
  EXPECT_TRUE(found.prioritized);
  EXPECT_EQ(found.state, QueueState::active);
  EXPECT_EQ(found.config, (Json{{"spec", {{"replicas", 1}}}}));
  EXPECT_EQ(found.template_variables, made.template_variables);
  EXPECT_EQ(found.external_links, made.external_links);
  EXPECT_EQ(found.policy, made.policy);
  EXPECT_EQ(found.created_by, "user:ann");
  EXPECT_EQ(found.created_at, clock.now());
  EXPECT_EQ(found.lease_ttl, Millis(5'000));
  EXPECT_EQ(found.max_deliveries, 2);
  EXPECT_EQ(ok([&] { return store->get_queue(made.id); })->name, "gpu");
  EXPECT_FALSE(ok([&] { return store->find_queue(entity, "other"); }).has_value());
  EXPECT_FALSE(ok([&] { return store->get_queue(999); }).has_value());
}

TEST_P(StoreContract, BadQueuesAreRefused) {
  new_queue("taken");
  struct Case {
    std::string name;
    Queue queue;
    Code expected;
  };
  const Case cases[] = {
      {"name taken", Queue{.entity = entity, .name = "taken"}, Code::conflict},
      {"no name", Queue{.entity = entity}, Code::invalid_argument},
      {"long name", Queue{.entity = entity, .name = std::string(65, 'a')}, Code::invalid_argument},
      {"no entity", Queue{.entity = 999, .name = "q"}, Code::not_found},
      {"no term", Queue{.entity = entity, .name = "q", .lease_ttl = Millis(0)}, Code::invalid_argument},
      {"no deliveries", Queue{.entity = entity, .name = "q", .max_deliveries = 0}, Code::invalid_argument},
  };
  for (const auto& each : cases) {
    SCOPED_TRACE(each.name);
    EXPECT_EQ(code([&] { return store->create_queue(each.queue, cause); }), each.expected);
  }
  EXPECT_THAT(ok([&] { return store->list_queues(entity); }), SizeIs(1));
}

TEST_P(StoreContract, ChangesOfAQueueAreKept) {
  auto queue = new_queue("q");
  clock.advance(Millis(1'000));
  queue.config = Json{{"a", 2}};
  queue.max_deliveries = 9;
  queue.name = "renamed";
  const auto changed = ok([&] { return store->update_queue(queue, Cause{"user:bob", ""}); });
  EXPECT_EQ(changed.config, (Json{{"a", 2}}));
  EXPECT_EQ(changed.name, "q") << "names do not change";
  EXPECT_EQ(changed.updated_at, clock.now());
  EXPECT_EQ(changed.created_at, clock.now() - 1'000);
  ok([&] { return store->update_queue(changed, Cause{"user:bob", ""}); });
  const auto history = ok([&] { return store->history(queue.id); });
  ASSERT_THAT(history, SizeIs(1)) << "a change that changes nothing leaves nothing";
  EXPECT_EQ(history[0].actor, "user:bob");
  EXPECT_EQ(history[0].before, (Json{{"config", {{"a", 1}}}, {"max_deliveries", 5}}));
  EXPECT_EQ(history[0].after, (Json{{"config", {{"a", 2}}}, {"max_deliveries", 9}}));
  queue.id = 999;
  EXPECT_EQ(code([&] { return store->update_queue(queue, cause); }), Code::not_found);
}

TEST_P(StoreContract, CountsComeFromTheItems) {
  const auto queue = new_queue("q");
  const auto agent = new_agent("a");
  push_many(queue.id, 5);
  const auto leases = lease(agent, {queue.id}, 3);
  report(leases[0].item, ItemState::running);
  report(leases[1].item, ItemState::starting);
  const auto counts = ok([&] { return store->counts(queue.id); });
  EXPECT_EQ(counts.waiting, 2);
  EXPECT_EQ(counts.leased, 2);
  EXPECT_EQ(counts.running, 1);
  report(leases[0].item, ItemState::finished);
  EXPECT_EQ(ok([&] { return store->counts(queue.id); }).running, 0);
}

TEST_P(StoreContract, DeletingAQueueEndsWhatWaits) {
  const auto queue = new_queue("q");
  const auto waiting = push(queue.id, "r1");
  ok([&] { return store->delete_queue(queue.id, false, cause); });
  EXPECT_FALSE(ok([&] { return store->find_queue(entity, "q"); }).has_value());
  EXPECT_FALSE(ok([&] { return store->get_queue(queue.id); }).has_value());
  EXPECT_THAT(ok([&] { return store->list_queues(entity); }), IsEmpty());
  EXPECT_EQ(get(waiting.id).state, ItemState::stopped) << "whoever waits for it learns that";
  EXPECT_THAT(moves(waiting.id), ElementsAre("→PENDING", "PENDING→STOPPED"));
  EXPECT_EQ(code([&] { return store->push({item_for(queue.id, "r2")}, std::nullopt, cause); }), Code::not_found);
  EXPECT_EQ(code([&] { return store->delete_queue(queue.id, false, cause); }), Code::not_found);
  EXPECT_EQ(code([&] { return store->requeue(waiting.id, cause); }), Code::failed_precondition);
  EXPECT_THAT(lease(new_agent("a"), {queue.id}), IsEmpty());
  EXPECT_NE(new_queue("q").id, queue.id) << "the name is free again";
}

TEST_P(StoreContract, DeletingAQueueWithItemsInEveryState) {
  const auto agent = new_agent("a");
  const std::array states = {ItemState::leased,   ItemState::claimed, ItemState::starting, ItemState::running,
                             ItemState::finished, ItemState::failed,  ItemState::stopped};
  for (const auto state : states) {
    const std::string name(launch::state_name(state));
    SCOPED_TRACE(name);
    const auto queue = new_queue(name);
    push(queue.id, "held-" + name);
    const auto held = lease_one(agent, queue.id).item;
    if (state != ItemState::leased) report(held, state);
    const bool ended = launch::is_terminal(state);
    EXPECT_EQ(code([&] { return store->delete_queue(queue.id, false, cause); }),
              ended ? std::optional<Code>() : std::optional(Code::failed_precondition));
    if (ended) {
      EXPECT_EQ(get(held.id).state, state);
      continue;
    }
    EXPECT_TRUE(ok([&] { return store->get_queue(queue.id); }).has_value());
    const auto waiting = push(queue.id, "waiting-" + name);
    ok([&] { return store->delete_queue(queue.id, true, cause); });
    EXPECT_EQ(get(waiting.id).state, ItemState::stopped);
    EXPECT_EQ(get(held.id).state, state);
    EXPECT_TRUE(get(held.id).cancel_requested);
    EXPECT_EQ(code([&] { return store->push({item_for(queue.id, "late")}, std::nullopt, cause); }),
              Code::failed_precondition);
    EXPECT_TRUE(ok([&] { return store->get_queue(queue.id); }).has_value()) << "until its last item has ended";
    report(held, ItemState::stopped);
    EXPECT_FALSE(ok([&] { return store->get_queue(queue.id); }).has_value());
  }
}

TEST_P(StoreContract, AJobOfAQueueThatIsBeingDeletedIsTakenOverToBeEnded) {
  const auto queue = new_queue("q");
  push(queue.id, "r1");
  const auto running = lease_one(new_agent("a"), queue.id);
  report(running.item, ItemState::running);
  ok([&] { return store->delete_queue(queue.id, true, cause); });
  clock.advance(queue.lease_ttl);
  ok([&] { return store->expire_leases(); });
  const auto taken = lease_one(new_agent("b"), queue.id);
  EXPECT_TRUE(taken.takeover && taken.item.cancel_requested);
  report(taken.item, ItemState::stopped);
  EXPECT_FALSE(ok([&] { return store->get_queue(queue.id); }).has_value());
}

TEST_P(StoreContract, ResourceConfigsWaitForTheirQueue) {
  const QueueStore::ResourceConfig config{
      .entity = entity, .resource = "kubernetes", .config = Json{{"a", 1}}, .template_variables = Json{{"b", 2}}};
  const auto id = ok([&] { return store->add_resource_config(config); });
  const auto found = ok([&] { return store->get_resource_config(id); }).value();
  EXPECT_EQ(found.resource, "kubernetes");
  EXPECT_EQ(found.config, config.config);
  EXPECT_EQ(found.template_variables, config.template_variables);
  EXPECT_FALSE(ok([&] { return store->get_resource_config(999); }).has_value());
  EXPECT_EQ(code([&] { return store->add_resource_config(QueueStore::ResourceConfig{.entity = 999}); }),
            Code::not_found);
}

}  // namespace
}  // namespace slipway::server
