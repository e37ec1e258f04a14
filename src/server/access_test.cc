// Who may do what: roles by operations, and strangers to whom everything of others looks absent.
#include <set>

#include "base/strings.h"
#include "server/server_fixture.h"

namespace slipway::server {
namespace {

struct Operation {
  std::string name;
  std::string document;
  JsonObject variables;
  std::set<std::string> allowed;  ///< Roles.
};

class AccessTest : public ServerTest {
 protected:
  AccessTest() {
    queue_id = docker_queue("q");
    item_id = pushed("q");
    auto handle = agent(admin, {text_value(queue_id)});
    agent_id = handle.id;
  }
  static JsonObject input(JsonObject members) {
    JsonObject variables;
    variables["input"] = std::move(members);
    return variables;
  }
  std::vector<Operation> operations() {
    const std::set<std::string> all = {"ADMIN", "MEMBER", "VIEWER", "AGENT"};
    const std::set<std::string> workers = {"ADMIN", "MEMBER", "AGENT"};
    const std::set<std::string> members = {"ADMIN", "MEMBER"};
    const std::set<std::string> admins = {"ADMIN"};
    return {
        {"read entity",
         R"({ entity(name: "default") { id runQueues { id } launchAgents { id } members { username } } })",
         {},
         all},
        {"read project", R"({ project(name: "model-registry", entityName: "default") { runQueues { id } } })", {}, all},
        {"read queue", "query Q($id: ID!) { runQueue(id: $id) { name counts { waiting } } }", {{"id", queue_id}}, all},
        {"read item", "query Q($id: ID!) { runQueueItem(id: $id) { id runSpec } }", {{"id", item_id}}, all},
        {"read agent", "query Q($id: ID!) { launchAgent(id: $id) { name } }", {{"id", agent_id}}, all},
        {"save queue", mutation("upsertRunQueue", "UpsertRunQueueInput", "success"),
         input({{"entityName", "default"},
                {"projectName", "p"},
                {"queueName", "new"},
                {"resourceType", "local-process"},
                {"resourceConfig", "{}"}}),
         admins},
        {"pause queue", mutation("setRunQueueState", "SetRunQueueStateInput", "queue { id }"),
         input({{"id", queue_id}, {"state", "ACTIVE"}}), admins},
        {"default config", mutation("createDefaultResourceConfig", "CreateDefaultResourceConfigInput", "success"),
         input({{"entityName", "default"}, {"resource", "local-process"}, {"config", "{}"}}), admins},
        {"push by id", mutation("pushToRunQueue", "PushToRunQueueInput", "runQueueItemId"),
         input({{"queueID", queue_id}, {"runSpec", R"({"docker":{"docker_image":"a"}})"}}), members},
        {"cancel", mutation("cancelRunQueueItems", "CancelRunQueueItemsInput", "changed"),
         input({{"ids", JsonArray{text_value(item_id)}}}), members},
        {"requeue", mutation("requeueRunQueueItem", "RequeueRunQueueItemInput", "item { id }"),
         input({{"id", item_id}}), members},
        {"desire", mutation("setLaunchAgentDesire", "SetLaunchAgentDesireInput", "agent { id }"),
         input({{"id", agent_id}, {"desire", "RUN"}}), members},
        {"register agent", mutation("createLaunchAgent", "CreateLaunchAgentInput", "launchAgentId"),
         input({{"entityName", "default"},
                {"projectName", "p"},
                {"runQueues", JsonArray{text_value(queue_id)}},
                {"hostname", "h"}}),
         workers},
        {"agent status", mutation("updateLaunchAgent", "UpdateLaunchAgentInput", "success"),
         input({{"launchAgentId", agent_id}, {"agentStatus", "RUNNING"}}), workers},
        {"pop", mutation("popFromRunQueue", "PopFromRunQueueInput", "runQueueItemId"),
         input({{"entityName", "default"}, {"projectName", "p"}, {"queueName", "q"}}), workers},
        {"warn", mutation("updateRunQueueItemWarning", "UpdateRunQueueItemWarningInput", "success"),
         input({{"runQueueItemId", item_id}, {"message", "m"}, {"stage", "s"}}), workers},
        {"report", mutation("reportRunQueueItem", "ReportRunQueueItemInput", "phase"),
         input({{"runQueueItemId", item_id}, {"epoch", 0}}), workers},
        {"release", mutation("releaseRunQueueItem", "ReleaseRunQueueItemInput", "success"),
         input({{"runQueueItemId", item_id}, {"epoch", 0}, {"reason", "r"}}), workers},
        {"members", mutation("setMember", "SetMemberInput", "success"),
         input({{"entityName", "default"}, {"username", "admin"}, {"role", "ADMIN"}}), admins},
        {"delete queue", mutation("deleteRunQueues", "DeleteRunQueuesInput", "success"),
         input({{"queueIDs", JsonArray{text_value(queue_id)}}, {"force", true}}), admins},
    };
  }

  std::string queue_id, item_id, agent_id;
};

TEST_F(AccessTest, RolesByOperations) {
  for (const std::string role : {"VIEWER", "AGENT", "MEMBER", "ADMIN"}) {
    const std::string key = person("u-" + role, role);
    for (const auto& operation : operations()) {
      const Reply reply = gql(key, operation.document, operation.variables);
      if (operation.allowed.contains(role)) {
        EXPECT_NE(reply.code(), "permission_denied") << role << ": " << operation.name;
        EXPECT_NE(reply.code(), "internal") << role << ": " << operation.name << ": " << reply.message();
      } else {
        EXPECT_EQ(reply.code(), "permission_denied") << role << ": " << operation.name << ": " << to_text(reply.body);
        EXPECT_EQ(reply.status, 403) << role << ": " << operation.name;
      }
    }
  }
}

TEST_F(AccessTest, ToStrangersEverythingLooksAbsent) {
  const std::string stranger = person("stranger");
  for (const auto& operation : operations()) {
    const Reply reply = gql(stranger, operation.document, operation.variables);
    EXPECT_EQ(reply.code(), "not_found") << operation.name << ": " << to_text(reply.body);
    EXPECT_EQ(reply.status, 404) << operation.name;
  }
}

TEST_F(AccessTest, AbsentAndForbiddenHaveTheSameText) {
  const std::string stranger = person("stranger");
  const auto ask = [&](const std::string& entity) {
    return gql(stranger, "query Q($n: String) { entity(name: $n) { id } }", {{"n", entity}}).message();
  };
  EXPECT_EQ(replace_all(ask("default"), "default", "X"), replace_all(ask("nowhere"), "nowhere", "X"));
  const auto item_text = [&](const std::string& id) { return item(id, "id", stranger).message(); };
  const std::string unknown = global_id("RunQueueItem", 999'999);
  EXPECT_EQ(replace_all(item_text(item_id), std::to_string(*parse_global_id("RunQueueItem", item_id)), "N"),
            replace_all(item_text(unknown), "999999", "N"));
}

TEST_F(AccessTest, UserQueuesAreTheirCreatorsOnly) {
  const std::string ann = person("ann", "MEMBER");
  const std::string q = queue("private", {{"access", "USER"}});
  EXPECT_EQ(gql(ann, "query Q($id: ID!) { runQueue(id: $id) { name } }", {{"id", q}}).status, 404);
  EXPECT_EQ(push(ann, "private").status, 404);
  EXPECT_THAT(to_text(gql(ann, R"({ entity(name: "default") { runQueues { name } } })").body),
              testing::Not(testing::HasSubstr("private")));
}

}  // namespace
}  // namespace slipway::server
