// People as the settings page sees them: entities, users, keys, sessions, and who changed what.
#include "server/server_fixture.h"

namespace slipway::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class SettingsTest : public ServerTest {
 protected:
  static std::vector<std::string> column(const Json& rows, std::string_view name) {
    std::vector<std::string> out;
    if (!rows.is_array()) return out;
    for (const auto& row : rows.get_array()) out.push_back(text_or(row, name));
    return out;
  }
  Reply audit_of(const std::string& key, const std::string& arguments = "") {
    return gql(key, fmt::format("{{ auditLog{} {{ edges {{ node {{ at entityName actor action subject detail }} }} "
                                "pageInfo {{ endCursor hasNextPage }} }} }}",
                                arguments));
  }
  static std::vector<std::string> actions(const Reply& reply) {
    std::vector<std::string> out;
    const Json edges = reply.data("auditLog.edges");
    if (!edges.is_array()) return out;
    for (const auto& edge : edges.get_array()) out.push_back(text_or(edge.at("node"), "action"));
    return out;
  }
  net::ClientRequest sign_in(const std::string& key) {
    auto wanted = request("POST", "/api/session", "", to_text(Json{{"key", key}}));
    wanted.headers.set("X-Slipway-Csrf", "1");
    return wanted;
  }
};

TEST_F(SettingsTest, EverybodySeesTheirOwnEntitiesAndPeople) {
  const std::string ann = person("ann", "MEMBER");
  const std::string bob = person("bob");
  mutate(bob, "createTeam", "CreateTeamInput", "entity { id }", {{"name", "vision"}});
  const auto entities = [&](const std::string& key) {
    return column(gql(key, "{ entities { name isTeam } }").data("entities"), "name");
  };
  const auto users = [&](const std::string& key) {
    return column(gql(key, "{ users { username service } }").data("users"), "username");
  };
  EXPECT_THAT(entities(ann), ElementsAre("ann", "default"));
  EXPECT_THAT(entities(bob), ElementsAre("bob", "vision"));
  EXPECT_THAT(entities(admin), ElementsAre("admin", "ann", "bob", "default", "vision"));
  EXPECT_THAT(users(ann), ElementsAre("admin", "ann"));
  EXPECT_THAT(users(bob), ElementsAre("bob"));
  EXPECT_THAT(users(admin), ElementsAre("admin", "ann", "bob"));
  EXPECT_EQ(gql("", "{ entities { name } }").status, 401);
  EXPECT_EQ(gql("", "{ users { username } }").status, 401);
}

TEST_F(SettingsTest, KeysAreListedForOneselfAndForAccountsThatOneKeeps) {
  const std::string ann = person("ann", "ADMIN");
  const std::string robot = person("robot", "AGENT", "default", true);
  const std::string bob = person("bob", "MEMBER");
  const auto keys_of = [&](const std::string& key, const std::string& name) -> std::string {
    const Json users = gql(key, "{ users { username apiKeys { edges { node { name lastUsedAt } } } } }").data("users");
    for (const auto& user : users.as_array()) {
      if (text_or(user, "username") == name) return to_text(user.at("apiKeys"));
    }
    return "";
  };
  EXPECT_THAT(keys_of(ann, "ann"), HasSubstr("first key"));
  EXPECT_THAT(keys_of(ann, "robot"), HasSubstr("first key")) << "an administrator of its team keeps it";
  EXPECT_THAT(keys_of(ann, "bob"), Not(HasSubstr("first key")));
  EXPECT_THAT(keys_of(bob, "robot"), Not(HasSubstr("first key")));
  EXPECT_THAT(keys_of(bob, "bob"), Not(HasSubstr(bob))) << "the key itself is shown once";
  EXPECT_THAT(keys_of(admin, "bob"), HasSubstr("first key"));
}

TEST_F(SettingsTest, ASessionSaysWhoIsThere) {
  const std::string ann = person("ann", "MEMBER");
  const Json said = *parse_json(http(sign_in(ann)).body);
  EXPECT_EQ(text_or(said, "username"), "ann");
  EXPECT_EQ(said.at("admin"), Json(false));
  EXPECT_EQ(text_or(said, "defaultEntity"), "ann");
  EXPECT_EQ(to_text(said.at("entities")), R"(["ann","default"])");
  EXPECT_EQ(to_text(said.at("memberships")),
            R"([{"name":"ann","role":"ADMIN","isTeam":false},{"name":"default","role":"MEMBER","isTeam":true}])");
  const Json root = *parse_json(http(sign_in(admin)).body);
  EXPECT_EQ(root.at("admin"), Json(true));
  EXPECT_EQ(text_or(root, "defaultEntity"), "default");
}

TEST_F(SettingsTest, ChangesAreInTheAuditLogOfTheirEntity) {
  const std::string ann = person("ann", "ADMIN");
  const std::string q = docker_queue("q");
  const std::string item = pushed("q");
  mutate(ann, "cancelRunQueueItems", "CancelRunQueueItemsInput", "changed",
         {{"ids", JsonArray{text_value(item)}}, {"reason", "not needed"}});
  mutate(ann, "setRunQueueState", "SetRunQueueStateInput", "queue { state }", {{"id", q}, {"state", "PAUSED"}});
  const Reply log = audit_of(ann, R"((entityName: "default", actor: "user:ann"))");
  EXPECT_THAT(actions(log), ElementsAre("queue.pause", "item.cancel")) << to_text(log.body);
  EXPECT_THAT(to_text(log.body), HasSubstr("not needed"));
  EXPECT_THAT(actions(audit_of(admin, R"((action: "user"))")), ElementsAre("user.create"));
  const Reply page = audit_of(admin, R"((first: 1))");
  EXPECT_EQ(to_text(page.data("auditLog.pageInfo.hasNextPage")), "true");
  EXPECT_EQ(actions(audit_of(admin, fmt::format("(first: 1, after: \"{}\")", page.text("auditLog.pageInfo.endCursor"))))
                .size(),
            1u);
}

TEST_F(SettingsTest, TheAuditLogIsForAdministrators) {
  const std::string bob = person("bob", "MEMBER");
  docker_queue("q");
  EXPECT_EQ(audit_of(bob, R"((entityName: "default"))").status, 403);
  EXPECT_EQ(audit_of(bob, R"((entityName: "nowhere"))").status, 404);
  EXPECT_EQ(audit_of("").status, 401);
  const Reply own = audit_of(bob);
  EXPECT_EQ(own.status, 200);
  EXPECT_THAT(to_text(own.body), Not(HasSubstr("queue.create")));
}

TEST_F(SettingsTest, SigningInAndOutIsAudited) {
  const std::string ann = person("ann");
  const auto opened = http(sign_in(ann));
  const std::string set_cookie(opened.headers.get("Set-Cookie"));
  auto sign_out = request("DELETE", "/api/session");
  sign_out.headers.set("Cookie", set_cookie.substr(0, set_cookie.find(';')));
  EXPECT_EQ(http(sign_out).status, 403) << "another site could send it";
  sign_out.headers.set("X-Slipway-Csrf", "1");
  EXPECT_EQ(http(sign_out).status, 200);
  EXPECT_THAT(actions(audit_of(ann, R"((action: "session"))")), ElementsAre("session.close", "session.open"));
}

TEST_F(SettingsTest, TheAuditLogHoldsNoSecret) {
  const std::string key =
      mutate(admin, "createApiKey", "CreateApiKeyInput", "id apiKey", {{"name", "k"}}).text("createApiKey.apiKey");
  ASSERT_FALSE(key.empty());
  docker_queue("q", {{"resourceConfig", R"({"env":["TOKEN=hunter2hunter2"]})"}});
  docker_queue("q", {{"resourceConfig", R"({"env":["TOKEN=hunter3hunter3"]})"}});
  const std::string log = to_text(audit_of(admin).body);
  EXPECT_THAT(log, HasSubstr("queue.update"));
  EXPECT_THAT(log, Not(HasSubstr("hunter")));
  EXPECT_THAT(log, Not(HasSubstr(key)));
}

}  // namespace
}  // namespace slipway::server
