// What the pages of queues and jobs ask for: filters, counts, monitor, history, drafts of configurations, items out of reach.
#include "server/server_fixture.h"

namespace slipway::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class QueueViewsTest : public ServerTest {
 protected:
  Reply of_queue(const std::string& id, const std::string& selection, const std::string& key = "") {
    return gql(key.empty() ? admin : key, fmt::format("query Q($id: ID!) {{ runQueue(id: $id) {{ {} }} }}", selection),
               {{"id", id}});
  }
  std::vector<std::string> runs(const std::string& queue, const std::string& arguments) {
    const Reply reply = of_queue(queue, fmt::format("items{} {{ edges {{ node {{ runName }} }} }}", arguments));
    std::vector<std::string> out;
    const Json edges = reply.data("runQueue.items.edges");
    if (!edges.is_array()) return {to_text(reply.body)};
    for (const auto& edge : edges.get_array()) out.push_back(text_or(edge.at("node"), "runName"));
    return out;
  }
  std::string pushed_as(const std::string& key, const std::string& run, const std::string& project) {
    return push(key, "q", Json{{"docker", {{"docker_image", "alpine:3"}}}, {"run_id", run}, {"project", project}})
        .text("pushToRunQueueByName.runQueueItemId");
  }
  /// Runs at an agent that is started anew and knows nothing of it: offered for takeover.
  std::string out_of_reach(const std::string& queue) {
    auto first = agent(admin, {text_value(queue)}, "machine");
    const std::string id = pushed("q");
    report(admin, leases_of(lease(first)).at(0),
           {{"phase", "RUNNING"}, {"intent", R"({"name":"x","scope":"docker:elsewhere"})"}});
    auto second = agent(admin, {text_value(queue)}, "machine");
    EXPECT_TRUE(leases_of(lease(second)).empty()) << "it does not reach that backend";
    return id;
  }
};

TEST_F(QueueViewsTest, ItemsAreFilteredSortedAndCounted) {
  const std::string q = docker_queue("q", {{"prioritizationMode", "V0"}});
  const std::string ann = person("ann", "MEMBER");
  pushed_as(admin, "one", "alpha");
  pushed_as(ann, "two", "beta");
  pushed_as(ann, "three", "alpha");
  EXPECT_THAT(runs(q, R"((search: "ANN"))"), ElementsAre("two", "three"));
  EXPECT_THAT(runs(q, R"((author: "ann", project: "alpha"))"), ElementsAre("three"));
  EXPECT_THAT(runs(q, "(sort: RUN)"), ElementsAre("one", "three", "two"));
  EXPECT_THAT(runs(q, "(sort: RUN, newestFirst: true, first: 2)"), ElementsAre("two", "three"));
  const Reply counted =
      of_queue(q, R"(items(first: 1, author: "ann") { totalCount pageInfo { hasNextPage endCursor } })");
  EXPECT_EQ(to_text(counted.data("runQueue.items.totalCount")), "2");
  EXPECT_EQ(to_text(counted.data("runQueue.items.pageInfo.hasNextPage")), "true");
  EXPECT_EQ(of_queue(q, R"(items(sort: RUN, after: "zzz") { totalCount })").status, 400);
}

TEST_F(QueueViewsTest, TheMonitorAddsUpWhatHappened) {
  const std::string q = docker_queue("q");
  auto handle = agent(admin, {text_value(q)});
  pushed("q");
  pushed("q");
  const Json held_lease = leases_of(lease(handle)).at(0);
  report(admin, held_lease, {{"phase", "RUNNING"}});
  report(admin, held_lease, {{"phase", "FAILED"}, {"message", "boom"}, {"failureClass", "exit_code"}, {"exitCode", 3}});
  const std::string range = R"((from: "2020-01-01T00:00:00Z", to: "2100-01-01T00:00:00.000Z", buckets: 1))";
  const Reply seen = of_queue(q, "monitor" + range +
                                     " { truncated buckets { at waiting leased running finished failed stopped started "
                                     "queuedAverageSeconds queuedMaxSeconds } runs { id phase startedAt } errors { id "
                                     "error { message failureClass } } }");
  ASSERT_EQ(seen.status, 200) << to_text(seen.body);
  const Json bucket = seen.data("runQueue.monitor.buckets").at(0);
  EXPECT_EQ(bucket.at("waiting"), 1);
  EXPECT_EQ(bucket.at("failed"), 1);
  EXPECT_EQ(bucket.at("started"), 1);
  EXPECT_TRUE(bucket.at("queuedAverageSeconds").is_number());
  EXPECT_THAT(to_text(seen.data("runQueue.monitor.errors")), HasSubstr("boom"));
  EXPECT_EQ(seen.data("runQueue.monitor.runs").as_array().size(), 1u);
  for (const auto* bad : {R"((from: "yesterday", to: "2100-01-01T00:00:00Z"))",
                          R"((from: "2020-02-31T00:00:00Z", to: "2100-01-01T00:00:00Z"))",
                          R"((from: "2100-01-01T00:00:00Z", to: "2020-01-01T00:00:00Z"))",
                          R"((from: "2020-01-01T00:00:00Z", to: "2100-01-01T00:00:00Z", buckets: 0))"}) {
    EXPECT_EQ(of_queue(q, fmt::format("monitor{} {{ truncated }}", bad)).status, 400) << bad;
  }
}

TEST_F(QueueViewsTest, HistoryShowsWholeDocumentsBeforeAndAfter) {
  const std::string q = docker_queue("q", {{"resourceConfig", R"({"cpus":1})"}});
  docker_queue("q", {{"resourceConfig", R"({"cpus":2})"}});
  docker_queue("q", {{"prioritizationMode", "V0"}, {"lostAfterSeconds", 60}, {"resourceConfig", R"({"cpus":2})"}});
  const Json history = of_queue(q, "history { at actor before after }").data("runQueue.history");
  ASSERT_EQ(history.as_array().size(), 2u) << to_text(history);
  EXPECT_EQ(text_or(history.at(0), "actor"), "user:admin");
  EXPECT_EQ(to_text(history.at(0).at("before").at("config")), R"({"cpus":1})");
  EXPECT_EQ(to_text(history.at(0).at("after").at("config")), R"({"cpus":2})");
  EXPECT_EQ(text_or(history.at(0).at("after"), "prioritizationMode"), "DISABLED");
  EXPECT_EQ(history.at(0).at("before").at("lostAfterSeconds"), 0);
  EXPECT_EQ(text_or(history.at(1).at("after"), "prioritizationMode"), "V0");
  EXPECT_EQ(history.at(1).at("after").at("lostAfterSeconds"), 60);
  EXPECT_EQ(to_text(history.at(1).at("before").at("config")), R"({"cpus":2})");
}

TEST_F(QueueViewsTest, ADryRunChecksAndSavesNothing) {
  const auto dry = [&](JsonObject input) {
    input["dryRun"] = true;
    return save_queue(admin, std::move(input));
  };
  const Reply good = dry({{"queueName", "q"}, {"mode", "CREATE"}});
  EXPECT_EQ(good.status, 200);
  EXPECT_TRUE(good.data("upsertRunQueue.queue").is_null());
  EXPECT_TRUE(gql(admin, R"({ project(entityName: "default", name: "x") { runQueue(name: "q") { id } } })")
                  .data("project.runQueue")
                  .is_null());
  const Reply bad = dry({{"queueName", "q"}, {"resourceConfig", R"({"a":"{{gpus}} {{cpus}}"})"}});
  EXPECT_EQ(bad.status, 400);
  EXPECT_THAT(to_text(bad.body), HasSubstr("problems"));
  queue("q");
  EXPECT_EQ(dry({{"queueName", "q"}, {"mode", "CREATE"}}).status, 409);
  const Reply changed = dry({{"queueName", "q"}, {"prioritizationMode", "V0"}});
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(save_queue(admin, {{"queueName", "q"}}).text("upsertRunQueue.queue.prioritizationMode"), "DISABLED");
}

TEST_F(QueueViewsTest, AConfigurationIsParsedIntoPlaceholders) {
  const auto parse = [&](const std::string& resource, const std::string& config) {
    return gql(admin,
               "query P($r: String!, $c: String!) { parseRunQueueConfig(resourceType: $r, resourceConfig: $c) { config "
               "placeholders { name path } required warnings } }",
               {{"r", resource}, {"c", config}});
  };
  const Reply read = parse("Docker", "env:\n  - A={{a}}\ncpus: '{{ cpus }}'\nimage: <REQUIRED>\n");
  ASSERT_EQ(read.status, 200) << to_text(read.body);
  const Json found = read.data("parseRunQueueConfig");
  EXPECT_EQ(text_or(found.at("placeholders").at(0), "name"), "a") << to_text(found);
  EXPECT_EQ(text_or(found.at("placeholders").at(0), "path"), "env[0]");
  EXPECT_EQ(to_text(found.at("required")), R"(["image"])");
  const Reply broken = parse("docker", "a: [1\nb: 2");
  EXPECT_EQ(broken.status, 400);
  EXPECT_THAT(to_text(broken.body), HasSubstr("\"line\""));
  EXPECT_EQ(parse("dcoker", "{}").status, 400);
}

TEST_F(QueueViewsTest, ItemsOfAJobAreFoundAcrossQueues) {
  const Reply none = gql(
      admin,
      R"({ project(entityName: "default", name: "p") { launchedItems(job: "train") { edges { node { job } } } } })");
  EXPECT_EQ(none.status, 200) << to_text(none.body);
  EXPECT_EQ(to_text(none.data("project.launchedItems.edges")), "[]");
}

TEST_F(QueueViewsTest, AnItemOutOfReachSaysSoAndEndsByForceOnly) {
  const std::string q = docker_queue("q");
  const std::string id = out_of_reach(q);
  EXPECT_THAT(item(id, "waitReason").text("runQueueItem.waitReason"), HasSubstr("has not been heard of since"));
  const auto cancel = [&](bool force) {
    return mutate(admin, "cancelRunQueueItems", "CancelRunQueueItemsInput", "changed",
                  {{"ids", JsonArray{text_value(id)}}, {"force", force}});
  };
  cancel(false);
  EXPECT_EQ(item(id, "phase").text("runQueueItem.phase"), "RUNNING");
  EXPECT_EQ(to_text(cancel(true).data("cancelRunQueueItems.changed")), "1");
  EXPECT_EQ(item(id, "phase").text("runQueueItem.phase"), "STOPPED");
}

TEST_F(QueueViewsTest, AnItemOutOfReachIsRequeuedByForceOnly) {
  const std::string q = docker_queue("q");
  const std::string id = out_of_reach(q);
  const auto requeue = [&](bool force) {
    return mutate(admin, "requeueRunQueueItem", "RequeueRunQueueItemInput", "item { phase attempt }",
                  {{"id", id}, {"force", force}});
  };
  EXPECT_EQ(requeue(false).code(), "failed_precondition");
  const Reply done = requeue(true);
  EXPECT_EQ(done.text("requeueRunQueueItem.item.phase"), "PENDING") << to_text(done.body);
  EXPECT_EQ(to_text(done.data("requeueRunQueueItem.item.attempt")), "2");
}

TEST_F(QueueViewsTest, AnItemOutOfReachForTooLongFailsByItself) {
  const std::string q = docker_queue("q", {{"lostAfterSeconds", 1}});
  EXPECT_EQ(to_text(of_queue(q, "lostAfterSeconds").data("runQueue.lostAfterSeconds")), "1");
  const std::string id = out_of_reach(q);
  run_until([&] { return item(id, "phase").text("runQueueItem.phase") == "FAILED"; });
  const Reply lost = item(id, "error { message failureClass } events { actor reason }");
  EXPECT_EQ(lost.text("runQueueItem.error.failureClass"), "node_lost");
  EXPECT_THAT(lost.text("runQueueItem.error.message"), HasSubstr("may still run"));
  docker_queue("q", {{"lostAfterSeconds", 0}});
  EXPECT_TRUE(of_queue(q, "lostAfterSeconds").data("runQueue.lostAfterSeconds").is_null());
}

}  // namespace
}  // namespace slipway::server
