// The edge: statuses, limits, introspection of old W&B clients, and that nothing of the schema is unanswered.
#include <set>

#include "server/server_fixture.h"

namespace slipway::server {
namespace {

using testing::HasSubstr;

class WireTest : public ServerTest {
 protected:
  Reply raw(const std::string& body) { return read(http(request("POST", "/graphql", admin, body))); }
};

TEST_F(WireTest, BadRequestsAreNever5xx) {
  struct Case {
    const char* name;
    std::string body;
    int status;
    const char* says;
  };
  std::string deep = "{viewer";
  for (int i = 0; i < 40; ++i) deep += "{teams{edges{node";
  const std::vector<Case> cases = {
      {"no json", "hello", 400, "\"line\":1"},
      {"empty object", "{}", 400, "query"},
      {"a list", "[]", 400, "JSON object"},
      {"query is a number", R"({"query":1})", 400, "string"},
      {"variables are a list", R"({"query":"{viewer{id}}","variables":[]})", 400, "object"},
      {"syntax error", R"({"query":"{viewer{id}"})", 400, ""},
      {"unknown field", R"({"query":"{viewer{nope}}"})", 400, R"(Cannot query field \"nope\" on type \"User\".)"},
      {"unknown mutation", R"({"query":"mutation{launchRockets{id}}"})", 400,
       R"(Cannot query field \"launchRockets\" on type \"Mutation\".)"},
      {"missing variable", R"({"query":"query Q($id: ID!){runQueue(id:$id){id}}"})", 400, "$id"},
      {"wrong type of variable", R"({"query":"query Q($id: ID!){runQueue(id:$id){id}}","variables":{"id":{"a":1}}})",
       400, "$id"},
      {"two operations without a name", R"({"query":"query A{viewer{id}} query B{viewer{id}}"})", 400, ""},
      {"nested too deep", to_text(Json{{"query", deep}}), 413, "100 levels"},
      {"deep json", std::string(5000, '[') + std::string(5000, ']'), 400, ""},
      {"id of another type", R"({"query":"{runQueue(id:\"QWdlbnQ6MQ==\"){id}}"})", 404, "not found"},
  };
  for (const auto& each : cases) {
    const Reply reply = raw(each.body);
    EXPECT_EQ(reply.status, each.status) << each.name << ": " << to_text(reply.body);
    EXPECT_FALSE(reply.message().empty()) << each.name << ": " << to_text(reply.body);
    EXPECT_THAT(to_text(reply.body), HasSubstr(each.says)) << each.name;
  }
}

TEST_F(WireTest, TooLargeBodiesAreRefused) {
  const Reply reply = raw(R"({"query":"{viewer{id}}","x":")" + std::string(9u << 20, 'x') + "\"}");
  EXPECT_EQ(reply.status, 413);
  auto compressed = request("POST", "/graphql", admin, "xx");
  compressed.headers.set("Content-Encoding", "gzip");
  EXPECT_EQ(http(compressed).status, 400);
}

TEST_F(WireTest, OperationNameMayBeEmptyNullOrAbsentAndUndeclaredVariablesAreIgnored) {
  for (const auto* extra : {R"("operationName":"")", R"("operationName":null)", R"("variables":null)",
                            R"("variables":{"unknown":1})", R"("operationName":"Viewer")"}) {
    const Reply reply =
        raw(fmt::format(R"({{"query":"#graphql\nquery Viewer {{ viewer {{ id, username }} }}",{}}})", extra));
    EXPECT_EQ(reply.status, 200) << extra << to_text(reply.body);
  }
}

TEST_F(WireTest, ProbesOfOldClients) {
  const Reply probes = gql(admin, R"(query ProbeServerCapabilities {
    QueryType: __type(name: "Query") { name fields { name } }
    MutationType: __type(name: "Mutation") { name fields { name } }
    ServerInfoType: __type(name: "ServerInfo") { name fields { name } }
    LaunchAgentType: __type(name: "LaunchAgent") { name }
    Push: __type(name: "PushToRunQueueInput") { inputFields { name } }
    Fail: __type(name: "FailRunQueueItemInput") { inputFields { name } }
    Create: __type(name: "CreateRunQueueInput") { inputFields { name } }
    Agent: __type(name: "CreateLaunchAgentInput") { inputFields { name } }
    Settings: __type(name: "ServerSettings") { fields { name } }
    Nothing: __type(name: "NoSuchType") { fields { name } } })");
  ASSERT_EQ(probes.status, 200) << to_text(probes.body);
  const std::string mutations = to_text(probes.data("MutationType"));
  for (const auto* name : {"createRunQueue", "upsertRunQueue", "createDefaultResourceConfig", "failRunQueueItem",
                           "updateRunQueueItemWarning", "createRunFiles", "leaseRunQueueItems"}) {
    EXPECT_THAT(mutations, HasSubstr(fmt::format("\"{}\"", name)));
  }
  EXPECT_EQ(probes.text("LaunchAgentType.name"), "LaunchAgent");
  EXPECT_THAT(to_text(probes.data("Push")), HasSubstr("templateVariableValues"));
  EXPECT_THAT(to_text(probes.data("Fail")), HasSubstr("message"));
  EXPECT_THAT(to_text(probes.data("Create")), HasSubstr("prioritizationMode"));
  EXPECT_THAT(to_text(probes.data("Agent")), HasSubstr("agentConfig"));
  EXPECT_THAT(to_text(probes.data("Settings")), HasSubstr("serverMessages"));
  EXPECT_TRUE(probes.data("Nothing").is_null());
}

TEST_F(WireTest, StartUpQueriesOfClients) {
  const Reply viewer = gql(admin,
                           "query GetViewer { viewer { id name username email admin flags entity deletedAt apiKeys { "
                           "edges { node { id name description } } } teams { edges { node { name } } } } }");
  EXPECT_EQ(viewer.status, 200) << to_text(viewer.body);
  EXPECT_EQ(viewer.text("viewer.flags"), "{}");
  const Reply info = gql(admin,
                         "query ServerInfo { serverInfo { cliVersionInfo latestLocalVersionInfo { outOfDate "
                         "latestVersionString versionOnThisInstanceString } features { name isEnabled } } }");
  EXPECT_EQ(to_text(info.data("serverInfo.features")), "[]") << to_text(info.body);
  EXPECT_EQ(
      to_text(gql(admin, R"(query EntityIsTeam { entity(name: "default") { id isTeam } })").data("entity.isTeam")),
      "true");
}

TEST_F(WireTest, EveryCodeHasAStatusThatFits) {
  const std::set<int> not_retried = {400, 401, 403, 404, 409, 410, 413, 422, 501};
  for (int each = 0; each <= static_cast<int>(Code::internal); ++each) {
    const auto code = static_cast<Code>(each);
    EXPECT_EQ(not_retried.contains(http_status(code)), !retryable(code) && code != Code::internal) << code_name(code);
  }
}

TEST_F(WireTest, NoFieldOfTheRootsIsUnanswered) {
  // Every field without a resolver would give null: each is asked whether it gives an error or a value of its own.
  const Reply fields =
      gql(admin, R"({ __type(name: "Mutation") { fields { name args { type { ofType { name } } } } } })");
  std::vector<std::string> silent;
  const Json mutations = fields.data("__type.fields");
  for (const auto& field : mutations.as_array()) {
    const std::string name = text_or(field, "name");
    const std::string input = text_or(field.at("args").at(0).at("type").at("ofType"), "name");
    const Reply empty = mutate(admin, name, input, "__typename", {});
    if (empty.status == 200 && empty.data(name).is_null()) silent.push_back(name);
  }
  EXPECT_THAT(silent, testing::IsEmpty());
}

}  // namespace
}  // namespace slipway::server
