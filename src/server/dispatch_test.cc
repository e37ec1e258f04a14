// The long poll and what agents report, through the API; the W&B agents' pop, acknowledge, fail.
#include "server/server_fixture.h"

namespace slipway::server {
namespace {

using testing::HasSubstr;

class DispatchTest : public ServerTest {
 protected:
  DispatchTest() { q = docker_queue("q", {{"leaseSeconds", 60}}); }
  std::shared_ptr<Pending> park(AgentHandle& handle, std::int64_t slots = 1, JsonArray held_items = {},
                                double wait = 55) {
    const auto before = parked();
    auto poll = begin(lease_request(admin, handle, wait, slots, std::move(held_items)));
    run_until([&] { return poll->done() || parked() > before; });
    return poll;
  }
  std::int64_t parked() {
    const std::string text = http(request("GET", "/metrics")).body;
    const auto place = text.find("\nslipway_parked_agents ");
    return place == std::string::npos ? -1 : std::stoll(text.substr(place + 23));
  }
  std::string q;
};

TEST_F(DispatchTest, PushWakesAParkedAgentWithTheItem) {
  auto handle = agent(admin, {text_value(q)});
  const auto poll = park(handle);
  ASSERT_FALSE(poll->done());
  const std::string id = pushed("q");
  const Reply reply = finish(poll);
  const JsonArray leases = leases_of(reply);
  ASSERT_EQ(leases.size(), 1u) << to_text(reply.body);
  EXPECT_EQ(text_or(leases[0], "runQueueItemId"), id);
  EXPECT_EQ(text_or(leases[0].at("runSpec"), "resource"), "local-container");
  EXPECT_EQ(item(id, "phase agentName agent { name }").text("runQueueItem.phase"), "LEASED");
}

TEST_F(DispatchTest, EachPushWakesOneAgentAndTheLongestWaitingFirst) {
  auto first = agent(admin, {text_value(q)});
  auto second = agent(admin, {text_value(q)});
  const auto a = park(first);
  const auto b = park(second);
  const std::string one = pushed("q");
  EXPECT_EQ(text_or(leases_of(finish(a)).at(0), "runQueueItemId"), one);
  EXPECT_FALSE(b->done());
  const std::string two = pushed("q");
  EXPECT_EQ(text_or(leases_of(finish(b)).at(0), "runQueueItemId"), two);
}

TEST_F(DispatchTest, WaitingEndsEmptyAfterItsTime) {
  auto handle = agent(admin, {text_value(q)});
  const Reply reply = lease(handle, 1, {}, 0.05);
  EXPECT_EQ(reply.status, 200);
  EXPECT_TRUE(leases_of(reply).empty());
  EXPECT_EQ(to_text(reply.data("leaseRunQueueItems.leaseSeconds")), "6E1");
}

TEST_F(DispatchTest, ANewerCallEndsTheParkedOne) {
  auto handle = agent(admin, {text_value(q)});
  const auto older = park(handle);
  const auto newer = begin(lease_request(admin, handle, 55, 1));
  EXPECT_TRUE(leases_of(finish(older)).empty());
  ASSERT_FALSE(newer->done());
  const std::string id = pushed("q");
  EXPECT_EQ(text_or(leases_of(finish(newer)).at(0), "runQueueItemId"), id);
}

TEST_F(DispatchTest, AnOlderSequenceHearsNothing) {
  auto handle = agent(admin, {text_value(q)});
  lease(handle);
  lease(handle);
  handle.sequence = 0;
  pushed("q");
  EXPECT_TRUE(leases_of(lease(handle)).empty());
}

TEST_F(DispatchTest, AnewStartedAgentSupersedesItsOldProcess) {
  auto old_process = agent(admin, {text_value(q)}, "stable");
  const auto poll = park(old_process);
  auto new_process = agent(admin, {text_value(q)}, "stable");
  EXPECT_EQ(new_process.id, old_process.id);
  EXPECT_EQ(finish(poll).code(), "stale");
  EXPECT_EQ(lease(old_process).code(), "stale");
  EXPECT_EQ(lease(new_process).status, 200);
}

TEST_F(DispatchTest, CancelReachesTheHolderAtOnce) {
  auto handle = agent(admin, {text_value(q)});
  const std::string id = pushed("q");
  const JsonArray leases = leases_of(lease(handle));
  ASSERT_EQ(leases.size(), 1u);
  EXPECT_EQ(report(admin, leases[0], {{"phase", "RUNNING"}}).text("reportRunQueueItem.phase"), "RUNNING");
  const auto poll = park(handle, 0, {held(leases[0])}, 15);
  mutate(admin, "cancelRunQueueItems", "CancelRunQueueItemsInput", "changed", {{"ids", JsonArray{text_value(id)}}});
  const Reply heard = finish(poll);
  EXPECT_EQ(to_text(heard.data("leaseRunQueueItems.directives")),
            fmt::format(R"([{{"runQueueItemId":"{}","directive":"CANCEL"}}])", id));
  const Reply ended = report(admin, leases[0], {{"phase", "STOPPED"}});
  EXPECT_EQ(ended.text("reportRunQueueItem.phase"), "STOPPED") << to_text(ended.body);
}

TEST_F(DispatchTest, DesireEndsThePollAndStopsLeases) {
  auto handle = agent(admin, {text_value(q)});
  const auto poll = park(handle);
  const auto want = [&](const char* desire) {
    return mutate(admin, "setLaunchAgentDesire", "SetLaunchAgentDesireInput", "agent { desire stopPolling }",
                  {{"id", handle.id}, {"desire", desire}});
  };
  EXPECT_EQ(want("PAUSE").text("setLaunchAgentDesire.agent.desire"), "PAUSE");
  EXPECT_EQ(finish(poll).text("leaseRunQueueItems.desire"), "PAUSE");
  const std::string id = pushed("q");
  EXPECT_TRUE(leases_of(lease(handle)).empty());
  EXPECT_THAT(item(id, "waitReason").text("runQueueItem.waitReason"), HasSubstr("paused"));
  const auto waiting = park(handle);
  want("RUN");
  EXPECT_EQ(finish(waiting).text("leaseRunQueueItems.desire"), "RUN");
  EXPECT_EQ(leases_of(lease(handle)).size(), 1u);
}

TEST_F(DispatchTest, AnAgentThatPausesDrainsOrStopsTakesNothingOver) {
  auto old_process = agent(admin, {text_value(q)}, "stable");
  const std::string id = pushed("q");
  pushed("q");
  report(admin, leases_of(lease(old_process)).at(0), {{"phase", "RUNNING"}});
  // Started anew it holds nothing, so its job is offered for takeover at its first call.
  auto handle = agent(admin, {text_value(q)}, "stable");
  const auto want = [&](const char* desire) {
    return mutate(admin, "setLaunchAgentDesire", "SetLaunchAgentDesireInput", "agent { desire }",
                  {{"id", handle.id}, {"desire", desire}});
  };
  for (const auto* desire : {"PAUSE", "DRAIN", "STOP"}) {
    want(desire);
    EXPECT_TRUE(leases_of(lease(handle, 5)).empty()) << desire;
    const Reply told = lease(handle, 0);
    EXPECT_EQ(told.text("leaseRunQueueItems.desire"), desire);
    EXPECT_TRUE(leases_of(told).empty()) << desire;
  }
  want("RUN");
  lease(handle, 0);
  const JsonArray leases = leases_of(lease(handle, 5));
  ASSERT_EQ(leases.size(), 2u);
  EXPECT_EQ(text_or(leases[0], "runQueueItemId"), id);
  EXPECT_EQ(leases[0].at("takeover"), Json(true));
}

TEST_F(DispatchTest, PausedQueueLeasesNothingUntilItGoesOn) {
  const auto set = [&](const char* state) {
    return mutate(admin, "setRunQueueState", "SetRunQueueStateInput", "queue { state }", {{"id", q}, {"state", state}});
  };
  set("PAUSED");
  auto handle = agent(admin, {text_value(q)});
  const std::string id = pushed("q");
  const auto poll = park(handle);
  EXPECT_FALSE(poll->done());
  EXPECT_THAT(item(id, "waitReason").text("runQueueItem.waitReason"), HasSubstr("paused"));
  EXPECT_EQ(set("ACTIVE").text("setRunQueueState.queue.state"), "ACTIVE");
  EXPECT_EQ(leases_of(finish(poll)).size(), 1u);
}

TEST_F(DispatchTest, ALeaseThatRunsOutGoesToTheNextAgentAtOnce) {
  const std::string short_queue = docker_queue("short", {{"leaseSeconds", 1}});
  auto dead = agent(admin, {text_value(short_queue)});
  auto living = agent(admin, {text_value(short_queue)});
  const std::string id = pushed("short");
  ASSERT_EQ(leases_of(lease(dead)).size(), 1u);
  const auto poll = park(living);
  const JsonArray leases = leases_of(finish(poll));
  ASSERT_EQ(leases.size(), 1u);
  EXPECT_EQ(text_or(leases[0], "runQueueItemId"), id);
  EXPECT_EQ(to_text(leases[0].at("epoch")), "2");
  EXPECT_FALSE(leases[0].at("takeover").as_bool());
}

TEST_F(DispatchTest, AWriteWithAnOldEpochIsStale) {
  auto handle = agent(admin, {text_value(q)});
  pushed("q");
  const JsonArray leases = leases_of(lease(handle));
  ASSERT_EQ(leases.size(), 1u);
  EXPECT_EQ(
      mutate(
          admin, "releaseRunQueueItem", "ReleaseRunQueueItemInput", "success",
          {{"runQueueItemId", leases[0].at("runQueueItemId")}, {"epoch", leases[0].at("epoch")}, {"reason", "no room"}})
          .status,
      200);
  EXPECT_EQ(report(admin, leases[0], {{"phase", "RUNNING"}}).code(), "stale");
  EXPECT_EQ(report(admin, leases[0], {{"phase", "RUNNING"}}).status, 409);
}

TEST_F(DispatchTest, ATerminalStateIsWrittenOnce) {
  auto handle = agent(admin, {text_value(q)});
  const std::string id = pushed("q");
  const Json held_lease = leases_of(lease(handle)).at(0);
  EXPECT_EQ(report(admin, held_lease, {{"phase", "CLAIMED"}, {"stage", "fetch"}}).status, 200);
  EXPECT_EQ(report(admin, held_lease,
                   {{"phase", "STARTING"},
                    {"intent", R"({"name":"slipway-x-1","request_hash":"h"})"},
                    {"request", R"({"argv":["docker"]})"},
                    {"image", "alpine:3"}})
                .status,
            200);
  EXPECT_EQ(report(admin, held_lease, {{"warning", "slow disk"}, {"stage", "image"}}).status, 200);
  EXPECT_EQ(report(admin, held_lease,
                   {{"phase", "FAILED"}, {"exitCode", 3}, {"failureClass", "exit_code"}, {"message", "exit status 3"}})
                .status,
            200);
  EXPECT_EQ(report(admin, held_lease, {{"phase", "FAILED"}, {"exitCode", 3}, {"failureClass", "exit_code"}}).status,
            200);
  EXPECT_EQ(report(admin, held_lease, {{"phase", "FINISHED"}, {"exitCode", 0}}).code(), "conflict");
  const Reply read =
      item(id,
           "phase state exitCode image backendRequest associatedRunId waitReason error { message failureClass stage } "
           "warnings { message stage at } run { state exitCode } events { from to actor reason }");
  EXPECT_EQ(read.text("runQueueItem.phase"), "FAILED");
  EXPECT_EQ(read.text("runQueueItem.error.failureClass"), "exit_code");
  EXPECT_EQ(read.text("runQueueItem.run.state"), "failed");
  EXPECT_EQ(to_text(read.data("runQueueItem.exitCode")), "3");
  EXPECT_EQ(read.text("runQueueItem.image"), "alpine:3");
  EXPECT_THAT(to_text(read.data("runQueueItem.warnings")), HasSubstr("slow disk"));
  EXPECT_TRUE(read.data("runQueueItem.waitReason").is_null());
}

TEST_F(DispatchTest, AFullAgentIsTheReasonWhyAnItemWaits) {
  auto handle = agent(admin, {text_value(q)}, "s", 1);
  pushed("q");
  const Json held_lease = leases_of(lease(handle)).at(0);
  lease(handle, 0, {held(held_lease)});
  const std::string waiting = pushed("q");
  EXPECT_THAT(item(waiting, "waitReason").text("runQueueItem.waitReason"), HasSubstr("at capacity 1/1"));
}

TEST_F(DispatchTest, BadLeaseCalls) {
  auto handle = agent(admin, {text_value(q)});
  EXPECT_EQ(lease(handle, -1).code(), "invalid_argument");
  auto nobody = handle;
  nobody.id = global_id("LaunchAgent", 4711);
  EXPECT_EQ(lease(nobody).code(), "not_found");
  nobody.id = "nonsense";
  EXPECT_EQ(lease(nobody).code(), "not_found");
  auto other = handle;
  other.incarnation = "someone else";
  EXPECT_EQ(lease(other).code(), "stale");
  EXPECT_EQ(lease(handle, 1, {Json{{"runQueueItemId", "x"}, {"epoch", 1}}}).code(), "not_found");
}

TEST_F(DispatchTest, BadAgents) {
  const auto make = [&](JsonObject input) {
    input["projectName"] = "model-registry";
    if (!input.contains("entityName")) input["entityName"] = "default";
    if (!input.contains("hostname")) input["hostname"] = "h";
    if (!input.contains("runQueues")) input["runQueues"] = JsonArray{text_value(q)};
    return mutate(admin, "createLaunchAgent", "CreateLaunchAgentInput", "launchAgentId", std::move(input));
  };
  EXPECT_EQ(make({}).status, 200);
  EXPECT_EQ(make({{"runQueues", JsonArray{}}}).code(), "invalid_argument");
  EXPECT_EQ(make({{"runQueues", JsonArray{"x"}}}).code(), "not_found");
  EXPECT_EQ(make({{"runQueues", JsonArray{text_value(global_id("RunQueue", 999))}}}).code(), "not_found");
  EXPECT_EQ(make({{"agentConfig", "{"}}).code(), "invalid_argument");
  EXPECT_EQ(make({{"maxJobs", -2}}).code(), "invalid_argument");
  EXPECT_EQ(make({{"hostname", std::string(300, 'h')}}).code(), "invalid_argument");
  EXPECT_EQ(make({{"entityName", "nowhere"}}).code(), "not_found");
}

TEST_F(DispatchTest, TheWayOfWandbAgents) {
  const Reply registered = mutate(admin, "createLaunchAgent", "CreateLaunchAgentInput", "launchAgentId",
                                  {{"entityName", "default"},
                                   {"projectName", "model-registry"},
                                   {"runQueues", JsonArray{text_value(q)}},
                                   {"hostname", "h"},
                                   {"agentConfig", "{}"},
                                   {"version", "0.28"}});
  const Json id = registered.data("createLaunchAgent.launchAgentId");
  const auto pop = [&] {
    return mutate(
        admin, "popFromRunQueue", "PopFromRunQueueInput", "runQueueItemId runSpec",
        {{"entityName", "default"}, {"projectName", "model-registry"}, {"queueName", "q"}, {"launchAgentId", id}});
  };
  EXPECT_TRUE(pop().data("popFromRunQueue").is_null());
  const std::string pushed_id = pushed("q");
  const Reply popped = pop();
  EXPECT_EQ(popped.text("popFromRunQueue.runQueueItemId"), pushed_id);
  EXPECT_TRUE(popped.data("popFromRunQueue.runSpec").is_object());
  const auto acknowledge = [&] {
    return to_text(mutate(admin, "ackRunQueueItem", "AckRunQueueItemInput", "success",
                          {{"runQueueItemId", pushed_id}, {"runName", "my-run"}})
                       .data("ackRunQueueItem.success"));
  };
  EXPECT_EQ(acknowledge(), "true");
  const Reply seen = gql(admin,
                         "query Q($i: ID!) { project(entityName: \"default\", name: \"model-registry\") { "
                         "runQueue(name: \"q\") { runQueueItem(id: $i) { id state associatedRunId } } } }",
                         {{"i", pushed_id}});
  EXPECT_EQ(seen.text("project.runQueue.runQueueItem.associatedRunId"), "my-run");
  EXPECT_EQ(seen.text("project.runQueue.runQueueItem.state"), "CLAIMED");
  const std::string second = pushed("q");
  pop();
  EXPECT_EQ(mutate(admin, "updateRunQueueItemWarning", "UpdateRunQueueItemWarningInput", "success",
                   {{"runQueueItemId", second}, {"message", "careful"}, {"stage", "build"}, {"filePaths", JsonArray{}}})
                .status,
            200);
  EXPECT_EQ(mutate(admin, "failRunQueueItem", "FailRunQueueItemInput", "success",
                   {{"runQueueItemId", second},
                    {"message", "no such image"},
                    {"stage", "run"},
                    {"filePaths", JsonArray{"a/error/log"}}})
                .status,
            200);
  const Reply failed = item(second, "state error { message stage filePaths } warnings { message stage }");
  EXPECT_EQ(failed.text("runQueueItem.error.message"), "no such image");
  EXPECT_EQ(to_text(failed.data("runQueueItem.error.filePaths")), R"(["a/error/log"])");
  EXPECT_THAT(to_text(failed.body), HasSubstr("careful"));
  EXPECT_EQ(mutate(admin, "updateLaunchAgent", "UpdateLaunchAgentInput", "success",
                   {{"launchAgentId", id}, {"agentStatus", "POLLING"}})
                .status,
            200);
  mutate(admin, "setLaunchAgentDesire", "SetLaunchAgentDesireInput", "agent { id }", {{"id", id}, {"desire", "DRAIN"}});
  const Reply agent_state =
      gql(admin,
          "query A($i: ID!) { launchAgent(id: $i) { id name runQueues hostname agentStatus stopPolling heartbeatAt } }",
          {{"i", id}});
  EXPECT_EQ(to_text(agent_state.data("launchAgent.stopPolling")), "true");
  pushed("q");
  EXPECT_TRUE(pop().data("popFromRunQueue").is_null());
}

TEST_F(DispatchTest, CapacityIsSharedFairlyAmongQueues) {
  const std::string other = docker_queue("other");
  for (int i = 0; i < 4; ++i) pushed("q");
  for (int i = 0; i < 4; ++i) pushed("other");
  auto handle = agent(admin, {text_value(q), text_value(other)}, "s", 4);
  const JsonArray leases = leases_of(lease(handle, 4));
  ASSERT_EQ(leases.size(), 4u);
  const auto of = [&](const char* name) {
    return std::ranges::count_if(leases, [&](const Json& each) { return text_or(each, "queueName") == name; });
  };
  EXPECT_EQ(of("q"), 2);
  EXPECT_EQ(of("other"), 2);
}

}  // namespace
}  // namespace slipway::server
