// Keys, sessions, service accounts.
#include "server/server_fixture.h"

namespace slipway::server {
namespace {

using testing::HasSubstr;

class AuthTest : public ServerTest {
 protected:
  net::ClientRequest viewer_request() {
    return request("POST", "/graphql", "", graphql_body("{ viewer { username } }", {}));
  }
  net::ClientRequest sign_in(const std::string& key) {
    auto out = request("POST", "/api/session", "", to_text(Json{{"key", key}}));
    out.headers.set("X-Slipway-Csrf", "1");
    return out;
  }
};

TEST_F(AuthTest, CredentialsGoodAndBad) {
  struct Case {
    const char* name;
    std::string header;
    int status;
  };
  const std::vector<Case> cases = {
      {"basic", "Basic " + to_base64("api:" + admin), 200},
      {"any user name", "basic " + to_base64("whoever:" + admin), 200},
      {"bearer", "Bearer " + admin, 200},
      {"none", "", 401},
      {"wrong key", "Basic " + to_base64("api:" + std::string(44, 'x')), 401},
      {"short key", "Basic " + to_base64("api:abc"), 401},
      {"no colon", "Basic " + to_base64("abc"), 401},
      {"no base64", "Basic ???", 401},
      {"other scheme", "Digest abc", 401},
      {"key with control characters", "Basic " + to_base64("api:" + std::string(44, '\n')), 401},
  };
  for (const auto& each : cases) {
    auto wanted = viewer_request();
    if (!each.header.empty()) wanted.headers.set("Authorization", each.header);
    const auto response = http(wanted);
    EXPECT_EQ(response.status, each.status) << each.name;
    if (each.status == 401)
      EXPECT_EQ(text_or(*find(*parse_json(response.body), "error"), "code"), "unauthenticated") << each.name;
  }
}

TEST_F(AuthTest, RevokedKeyIsRefusedAtOnce) {
  const Reply made = mutate(admin, "createApiKey", "CreateApiKeyInput", "id apiKey", {{"name", "laptop"}});
  const std::string key = made.text("createApiKey.apiKey");
  EXPECT_EQ(gql(key, "{ viewer { username } }").status, 200);
  EXPECT_THAT(to_text(gql(key, "{ viewer { apiKeys { edges { node { name } } } } }").body), HasSubstr("laptop"));
  EXPECT_EQ(
      mutate(admin, "revokeApiKey", "RevokeApiKeyInput", "success", {{"id", made.text("createApiKey.id")}}).status,
      200);
  EXPECT_EQ(gql(key, "{ viewer { username } }").status, 401);
}

TEST_F(AuthTest, KeysOfOthersAreOutOfReach) {
  const std::string ann = person("ann", "MEMBER");
  const std::string bob = person("bob", "ADMIN");
  const Reply made = mutate(ann, "createApiKey", "CreateApiKeyInput", "id", {{"name", "mine"}});
  const std::string id = made.text("createApiKey.id");
  EXPECT_EQ(mutate(bob, "revokeApiKey", "RevokeApiKeyInput", "success", {{"id", id}}).status, 404);
  EXPECT_EQ(mutate(bob, "createApiKey", "CreateApiKeyInput", "id", {{"name", "x"}, {"username", "ann"}}).status, 404);
  EXPECT_EQ(mutate(bob, "createApiKey", "CreateApiKeyInput", "id", {{"name", "x"}, {"username", "nobody"}}).status,
            404);
  EXPECT_EQ(mutate(ann, "revokeApiKey", "RevokeApiKeyInput", "success", {{"id", id}}).status, 200);
}

TEST_F(AuthTest, ServiceAccountsActForPeopleOfTheirTeamOnly) {
  docker_queue("q");
  person("ann", "MEMBER");
  person("stranger");
  const std::string robot = person("robot", "MEMBER", "default", true);
  const auto author_as = [&](const std::string& key, const char* username) {
    auto wanted =
        request("POST", "/graphql", key,
                graphql_body(mutation("pushToRunQueueByName", "PushToRunQueueByNameInput", "runSpec item { author }"),
                             {{"input",
                               {{"entityName", "default"},
                                {"projectName", "model-registry"},
                                {"queueName", "q"},
                                {"runSpec", R"({"docker":{"docker_image":"a"},"author":"somebody"})"}}}}));
    wanted.headers.set("X-WANDB-USERNAME", username);
    return read(http(wanted)).text("pushToRunQueueByName.item.author");
  };
  EXPECT_EQ(author_as(robot, "ann"), "ann");
  EXPECT_EQ(author_as(robot, "stranger"), "robot");
  EXPECT_EQ(author_as(robot, "nobody"), "robot");
  EXPECT_EQ(author_as(admin, "ann"), "admin");
}

TEST_F(AuthTest, WebSessionNeedsTheHeaderAndEnds) {
  auto without_header = sign_in(admin);
  without_header.headers = net::Headers{{"Content-Type", "application/json"}};
  EXPECT_EQ(http(without_header).status, 403);
  EXPECT_EQ(http(sign_in(std::string(44, 'a'))).status, 401);
  const auto opened = http(sign_in(admin));
  ASSERT_EQ(opened.status, 200);
  const std::string set_cookie(opened.headers.get("Set-Cookie"));
  EXPECT_THAT(set_cookie, HasSubstr("HttpOnly"));
  EXPECT_THAT(set_cookie, HasSubstr("SameSite=Strict"));
  const std::string cookie = set_cookie.substr(0, set_cookie.find(';'));
  auto query = viewer_request();
  query.headers.set("Cookie", "other=1; " + cookie);
  EXPECT_EQ(http(query).status, 403);
  query.headers.set("X-Slipway-Csrf", "1");
  EXPECT_EQ(http(query).status, 200);
  auto form = query;
  form.headers.set("Content-Type", "text/plain");
  EXPECT_EQ(http(form).status, 400);
  auto sign_out = request("DELETE", "/api/session");
  sign_out.headers.set("Cookie", cookie);
  sign_out.headers.set("X-Slipway-Csrf", "1");
  EXPECT_EQ(http(sign_out).status, 200);
  EXPECT_EQ(http(query).status, 401);
}

TEST_F(AuthTest, RevokingTheKeyEndsItsSessions) {
  const Reply made = mutate(admin, "createApiKey", "CreateApiKeyInput", "id apiKey", {{"name", "browser"}});
  const auto opened = http(sign_in(made.text("createApiKey.apiKey")));
  const std::string set_cookie(opened.headers.get("Set-Cookie"));
  auto who = request("GET", "/api/session");
  who.headers.set("Cookie", set_cookie.substr(0, set_cookie.find(';')));
  EXPECT_EQ(http(who).status, 200);
  mutate(admin, "revokeApiKey", "RevokeApiKeyInput", "success", {{"id", made.text("createApiKey.id")}});
  EXPECT_EQ(http(who).status, 401);
}

TEST_F(AuthTest, TeamsAndMembers) {
  const std::string ann = person("ann");
  EXPECT_EQ(mutate(ann, "createTeam", "CreateTeamInput", "entity { name isTeam }", {{"name", "vision"}}).status, 200);
  EXPECT_EQ(mutate(ann, "createTeam", "CreateTeamInput", "entity { name }", {{"name", "vision"}}).status, 409);
  EXPECT_EQ(mutate(ann, "createTeam", "CreateTeamInput", "entity { name }", {{"name", "a/b"}}).status, 400);
  person("bob");
  EXPECT_EQ(mutate(ann, "setMember", "SetMemberInput", "success",
                   {{"entityName", "vision"}, {"username", "bob"}, {"role", "VIEWER"}})
                .status,
            200);
  EXPECT_EQ(mutate(ann, "setMember", "SetMemberInput", "success",
                   {{"entityName", "vision"}, {"username", "nobody"}, {"role", "VIEWER"}})
                .status,
            404);
  const Reply alone = mutate(ann, "setMember", "SetMemberInput", "success",
                             {{"entityName", "vision"}, {"username", "ann"}, {"role", nullptr}});
  EXPECT_EQ(alone.code(), "failed_precondition");
  const Reply members = gql(ann, R"({ entity(name: "vision") { isTeam members { username role service } } })");
  EXPECT_THAT(to_text(members.body), HasSubstr(R"({"username":"bob","role":"VIEWER","service":false})"));
  EXPECT_EQ(mutate(ann, "createUser", "CreateUserInput", "apiKey",
                   {{"username", "bot"}, {"service", true}, {"entityName", "vision"}})
                .status,
            200);
  EXPECT_EQ(mutate(ann, "createUser", "CreateUserInput", "apiKey", {{"username", "carl"}}).status, 403);
}

}  // namespace
}  // namespace slipway::server
