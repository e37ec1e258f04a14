#include "server/service/wait_reason.h"

#include <gmock/gmock.h>

namespace slipway::server {
namespace {

using testing::HasSubstr;

ServingAgent serving(std::string name, std::int64_t held, int max_jobs, AgentDesire desire = AgentDesire::run) {
  ServingAgent each;
  each.agent.name = std::move(name);
  each.agent.max_jobs = max_jobs;
  each.agent.desire = desire;
  each.held = held;
  return each;
}

TEST(WaitReason, SaysWhatToDo) {
  struct Case {
    const char* name;
    std::function<void(WaitFacts&)> set;
    const char* says;
  };
  const std::vector<Case> cases = {
      {"no agent", [](WaitFacts&) {}, "No agent serves queue 'gpu' now"},
      {"paused", [](WaitFacts& facts) { facts.queue.state = QueueState::paused; }, "paused"},
      {"full", [](WaitFacts& facts) { facts.agents = {serving("a", 1, 1)}; }, "Agent 'a' is at capacity 1/1"},
      {"full by its own word",
       [](WaitFacts& facts) {
         facts.agents = {serving("a", 1, 5)};
         facts.agents[0].load = AgentLoad{.held = 1, .slots = 0};
       },
       "at capacity 1/5"},
      {"many full",
       [](WaitFacts& facts) {
         for (const auto* name : {"a", "b", "c", "d", "e"}) facts.agents.push_back(serving(name, 2, 2));
       },
       "and 2 more"},
      {"draining", [](WaitFacts& facts) { facts.agents = {serving("a", 0, 1, AgentDesire::drain)}; }, "draining"},
      {"behind others",
       [](WaitFacts& facts) {
         facts.agents = {serving("a", 0, 2)};
         facts.position = 3;
       },
       "3 items go first"},
      {"next", [](WaitFacts& facts) { facts.agents = {serving("a", 0, 2)}; }, "next"},
      {"at the agent",
       [](WaitFacts& facts) {
         facts.item.state = launch::ItemState::claimed;
         facts.item.message = "waiting for the build of another item";
       },
       "waiting for the build"},
  };
  for (const auto& each : cases) {
    WaitFacts facts;
    facts.queue.name = "gpu";
    facts.queue.entity_name = "default";
    each.set(facts);
    const auto reason = wait_reason(facts);
    ASSERT_TRUE(reason) << each.name;
    EXPECT_THAT(*reason, HasSubstr(each.says)) << each.name;
  }
  WaitFacts running;
  running.item.state = launch::ItemState::running;
  EXPECT_FALSE(wait_reason(running));
}

}  // namespace
}  // namespace slipway::server
