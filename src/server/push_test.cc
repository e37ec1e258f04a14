// Pushing: the order of architecture 4.1, good and bad.
#include <set>

#include "server/server_fixture.h"

namespace slipway::server {
namespace {

using testing::HasSubstr;

class PushTest : public ServerTest {
 protected:
  PushTest() {
    docker_queue("q");
    docker_queue("prio", {{"prioritizationMode", "V0"}});
    docker_queue(
        "tpl",
        {{"resourceConfig", R"({"env":["G={{gpus}}"],"cpus":"{{cpus}}"})"},
         {"templateVariables",
          R"({"gpus":{"schema":{"type":"integer","minimum":1,"maximum":4}},"cpus":{"schema":{"type":"integer","default":2}}})"}});
    queue("proc");
  }
  static Json image() { return Json{{"docker", {{"docker_image", "alpine:3"}}}}; }
  Json resolved(const Reply& reply) {
    auto parsed = parse_json(reply.text("pushToRunQueueByName.runSpec"));
    return parsed ? *parsed : Json();
  }
};

TEST_F(PushTest, CompletesTheSpec) {
  const Reply reply = push(admin, "q", image());
  ASSERT_EQ(reply.status, 200) << to_text(reply.body);
  const Json spec = resolved(reply);
  EXPECT_EQ(text_or(spec, "entity"), "default");
  EXPECT_EQ(text_or(spec, "project"), "uncategorized");
  EXPECT_EQ(text_or(spec, "author"), "admin");
  EXPECT_EQ(text_or(spec, "resource"), "local-container");
  EXPECT_EQ(text_or(spec, "queue_entity"), "default");
  EXPECT_EQ(text_or(spec, "run_id").size(), 8u);
  const Reply read = item(reply.text("pushToRunQueueByName.runQueueItemId"),
                          "phase state associatedRunId author attempt position waitReason submittedSpec runSpec queue "
                          "{ name } events { to actor reason }");
  EXPECT_EQ(read.text("runQueueItem.state"), "PENDING");
  EXPECT_TRUE(read.data("runQueueItem.associatedRunId").is_null());
  EXPECT_THAT(read.text("runQueueItem.waitReason"), HasSubstr("No agent serves queue 'q'"));
  EXPECT_EQ(to_text(read.data("runQueueItem.submittedSpec")), R"({"docker":{"docker_image":"alpine:3"}})");
}

TEST_F(PushTest, BadInputTable) {
  struct Case {
    const char* name;
    const char* queue;
    Json spec;
    JsonObject more;
    const char* code;
    const char* says;
  };
  const auto text = [](const char* raw) { return text_value(raw); };
  const std::vector<Case> cases = {
      {"malformed json", "q", text("{\"docker\": "), {}, "invalid_argument", "\"line\":1"},
      {"not a map", "q", text("[]"), {}, "invalid_argument", "map"},
      {"no source", "q", text("{}"), {}, "invalid_argument", "no source"},
      {"two sources",
       "q",
       text(R"({"job":"a/b/c:v0","docker":{"docker_image":"x"}})"),
       {},
       "invalid_argument",
       "two sources"},
      {"wrong type",
       "q",
       text(R"({"docker":{"docker_image":"x"},"overrides":{"args":"--x"}})"),
       {},
       "invalid_argument",
       "overrides.args"},
      {"wrong type of entity",
       "q",
       text(R"({"docker":{"docker_image":"x"},"entity":7})"),
       {},
       "invalid_argument",
       "entity"},
      {"bad run id", "q", text(R"({"docker":{"docker_image":"x"},"run_id":"a/b"})"), {}, "invalid_argument", "run_id"},
      {"missing job", "q", text(R"({"job":"default/p/job-none:latest"})"), {}, "not_found", "job"},
      {"unknown queue", "qq", image(), {}, "not_found", "Did you mean 'q'"},
      {"unknown entity", "q", image(), {{"entityName", "nowhere"}}, "not_found", "nowhere"},
      {"other resource",
       "q",
       text(R"({"docker":{"docker_image":"x"},"resource":"kubernetes"})"),
       {},
       "invalid_argument",
       "resource"},
      {"image to a process queue", "proc", image(), {}, "invalid_argument", "container"},
      {"priority without priorities", "q", image(), {{"priority", 0}}, "invalid_argument", "priorit"},
      {"priority out of range", "prio", image(), {{"priority", 7}}, "invalid_argument", "priority"},
      {"value missing", "tpl", image(), {}, "invalid_argument", "gpus"},
      {"value too large", "tpl", image(), {{"templateVariableValues", R"({"gpus":9})"}}, "invalid_argument", "4"},
      {"value of wrong type",
       "tpl",
       image(),
       {{"templateVariableValues", R"({"gpus":"many"})"}},
       "invalid_argument",
       "gpus"},
      {"unknown value",
       "tpl",
       image(),
       {{"templateVariableValues", R"({"gpus":1,"gpu":1})"}},
       "invalid_argument",
       "gpu"},
      {"values are no json",
       "tpl",
       image(),
       {{"templateVariableValues", "{"}},
       "invalid_argument",
       "templateVariableValues"},
      {"values are no map", "tpl", image(), {{"templateVariableValues", "[1]"}}, "invalid_argument", "map"},
      {"privileged option",
       "q",
       text(R"({"docker":{"docker_image":"x"},"resource_args":{"local-container":{"privileged":true}}})"),
       {},
       "permission_denied",
       "privileged"},
      {"mount of the host",
       "q",
       text(R"({"docker":{"docker_image":"x"},"resource_args":{"docker":{"volume":"/:/host"}}})"),
       {},
       "permission_denied",
       "volume"},
      {"untemplated field of a templated queue",
       "tpl",
       text(R"({"docker":{"docker_image":"x"},"resource_args":{"docker":{"cpus":"64"}}})"),
       {{"templateVariableValues", R"({"gpus":1})"}},
       "permission_denied",
       "cpus"},
      {"long client key", "q", image(), {{"clientKey", std::string(300, 'k')}}, "invalid_argument", "clientKey"},
  };
  for (const auto& each : cases) {
    const Reply reply = push(admin, each.queue, each.spec, each.more);
    EXPECT_EQ(reply.code(), each.code) << each.name << ": " << to_text(reply.body);
    EXPECT_THAT(to_text(reply.body), HasSubstr(each.says)) << each.name;
    EXPECT_GE(reply.status, 400) << each.name;
    EXPECT_LT(reply.status, 500) << each.name;
  }
  const Reply counts = gql(admin, R"({ entity(name: "default") { runQueues { counts { waiting } } } })");
  EXPECT_THAT(to_text(counts.body), testing::Not(HasSubstr(R"("waiting":1)")));
}

TEST_F(PushTest, RunsGoOnlyIntoEntitiesOfTheSubmitter) {
  const std::string ann = person("ann", "MEMBER");
  person("bob");
  const auto into = [&](const char* entity) {
    return push(ann, "q", Json{{"docker", {{"docker_image", "x"}}}, {"entity", entity}});
  };
  EXPECT_EQ(into("ann").status, 200);
  EXPECT_EQ(into("bob").status, 404);
}

TEST_F(PushTest, TemplatesAreFilledWithDefaultsAndTypes) {
  const Reply reply = push(admin, "tpl", image(), {{"templateVariableValues", R"({"gpus":3})"}});
  ASSERT_EQ(reply.status, 200) << to_text(reply.body);
  EXPECT_EQ(to_text(*find_path(resolved(reply), "resource_args.local-container")), R"({"env":["G=3"],"cpus":2})");
}

TEST_F(PushTest, DryRunStoresNothing) {
  const Reply reply = push(admin, "q", image(), {{"dryRun", true}});
  EXPECT_EQ(reply.status, 200);
  EXPECT_TRUE(reply.data("pushToRunQueueByName.runQueueItemId").is_null());
  EXPECT_EQ(text_or(resolved(reply), "resource"), "local-container");
  EXPECT_EQ(
      to_text(
          gql(admin, R"({ project(entityName: "default", name: "x") { runQueue(name: "q") { counts { waiting } } } })")
              .data("project.runQueue.counts.waiting")),
      "0");
}

TEST_F(PushTest, TheSameClientKeyGivesTheFirstItem) {
  const std::string first = pushed("q", {{"clientKey", "once"}});
  EXPECT_EQ(pushed("q", {{"clientKey", "once"}}), first);
  EXPECT_NE(pushed("q", {{"clientKey", "twice"}}), first);
}

TEST_F(PushTest, OneRunIsInOneQueueOnly) {
  const Json spec{{"docker", {{"docker_image", "x"}}}, {"run_id", "fixed"}};
  EXPECT_EQ(push(admin, "q", spec).status, 200);
  EXPECT_EQ(push(admin, "prio", spec).code(), "conflict");
  Json resumed = spec;
  resumed.get_object()["_resume_count"] = 1;
  EXPECT_EQ(push(admin, "q", resumed).status, 200);
}

TEST_F(PushTest, SecretsOfTheSpecAreNotKept) {
  const Reply reply =
      push(admin, "q", Json{{"docker", {{"docker_image", "x"}}}, {"_wandb_api_key", "topsecrettopsecret"}});
  ASSERT_EQ(reply.status, 200);
  const Reply read = item(reply.text("pushToRunQueueByName.runQueueItemId"), "runSpec submittedSpec events { reason }");
  EXPECT_THAT(to_text(read.body) + to_text(reply.body), testing::Not(HasSubstr("topsecret")));
}

TEST_F(PushTest, CancelPriorityRequeueAndDelete) {
  const std::string a = pushed("prio"), b = pushed("prio");
  const auto ids = [](const std::string& id) { return JsonArray{text_value(id)}; };
  EXPECT_EQ(to_text(item(b, "position").data("runQueueItem.position")), "1");
  EXPECT_EQ(mutate(admin, "setRunQueueItemPriority", "SetRunQueueItemPriorityInput", "changed",
                   {{"ids", ids(b)}, {"priority", 0}})
                .status,
            200);
  EXPECT_EQ(to_text(item(b, "position").data("runQueueItem.position")), "0");
  EXPECT_EQ(mutate(admin, "setRunQueueItemPriority", "SetRunQueueItemPriorityInput", "changed",
                   {{"ids", ids(b)}, {"priority", 9}})
                .status,
            400);
  EXPECT_EQ(mutate(admin, "setRunQueueItemPriority", "SetRunQueueItemPriorityInput", "changed",
                   {{"ids", ids(pushed("q"))}, {"priority", 1}})
                .status,
            400);
  EXPECT_EQ(mutate(admin, "cancelRunQueueItems", "CancelRunQueueItemsInput", "changed",
                   {{"ids", ids(a)}, {"reason", "wrong data"}})
                .status,
            200);
  const Reply stopped = item(a, "phase associatedRunId events { to actor reason }");
  EXPECT_EQ(stopped.text("runQueueItem.phase"), "STOPPED");
  EXPECT_THAT(to_text(stopped.body), HasSubstr("wrong data"));
  EXPECT_FALSE(stopped.text("runQueueItem.associatedRunId").empty());
  EXPECT_EQ(mutate(admin, "requeueRunQueueItem", "RequeueRunQueueItemInput", "item { phase attempt }", {{"id", a}})
                .text("requeueRunQueueItem.item.phase"),
            "PENDING");
  EXPECT_EQ(mutate(admin, "requeueRunQueueItem", "RequeueRunQueueItemInput", "item { phase }", {{"id", a}}).code(),
            "failed_precondition");
  const auto q = gql(admin, R"({ project(entityName: "default", name: "x") { runQueue(name: "prio") { id } } })")
                     .data("project.runQueue.id");
  EXPECT_EQ(
      mutate(admin, "deleteFromRunQueue", "DeleteFromRunQueueInput", "success", {{"queueID", q}, {"runQueueItemId", a}})
          .status,
      200);
  EXPECT_EQ(item(a, "id").status, 404);
  EXPECT_EQ(mutate(admin, "cancelRunQueueItems", "CancelRunQueueItemsInput", "changed", {{"ids", JsonArray{}}}).status,
            400);
}

TEST_F(PushTest, ListsPageForwardAndBackward) {
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(pushed("q"));
  std::string after;
  std::vector<std::string> seen;
  for (int page = 0; page < 5; ++page) {
    const Reply reply =
        gql(admin,
            "query Q($a: String) { project(entityName: \"default\", name: \"x\") { runQueue(name: \"q\") { "
            "items(first: 2, after: $a) { edges { node { id } } pageInfo { endCursor hasNextPage } } } } }",
            {{"a", after.empty() ? Json() : text_value(after)}});
    const Json items = reply.data("project.runQueue.items");
    for (const auto& edge : items.at("edges").as_array()) seen.emplace_back(edge.at("node").at("id").as_string());
    after = text_or(items.at("pageInfo"), "endCursor");
    if (!items.at("pageInfo").at("hasNextPage").as_bool()) break;
  }
  EXPECT_EQ(seen, ids);
  const Reply newest = gql(
      admin,
      R"({ project(entityName: "default", name: "x") { runQueue(name: "q") { items(first: 1, newestFirst: true, states: [PENDING]) { edges { node { id } } } } } })");
  EXPECT_THAT(to_text(newest.body), HasSubstr(ids.back()));
  EXPECT_EQ(
      gql(admin,
          R"({ project(entityName: "default", name: "x") { runQueue(name: "q") { items(first: -1) { edges { node { id } } } } } })")
          .status,
      400);
  EXPECT_EQ(
      gql(admin,
          R"({ project(entityName: "default", name: "x") { runQueue(name: "q") { items(after: "nonsense") { edges { node { id } } } } } })")
          .status,
      400);
}

}  // namespace
}  // namespace slipway::server
