#include "plugins/registries/oci/oci_registry.h"

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "archive/archive.h"
#include "async/testing.h"
#include "base/ids.h"
#include "net/testing.h"
#include "plugins/registries/oci/auth_challenge.h"
#include "plugins/registries/oci/docker_credentials.h"
#include "plugins/registries/oci/registry_client.h"

namespace slipway::plugins::registries::oci {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

TEST(AuthChallenge, ReadsSchemesAndParameters) {
  const auto bearer = parse_challenges(
      R"(Bearer realm="https://auth.example.com/token",service="registry, \"quoted\"",scope=repository:a/b:pull)");
  ASSERT_THAT(bearer, SizeIs(1));
  EXPECT_EQ(bearer[0].scheme, "bearer");
  EXPECT_EQ(bearer[0].values.at("realm"), "https://auth.example.com/token");
  EXPECT_EQ(bearer[0].values.at("service"), "registry, \"quoted\"");
  EXPECT_EQ(bearer[0].values.at("scope"), "repository:a/b:pull");
  const auto two = parse_challenges(R"(Negotiate, Basic realm="x")");
  ASSERT_THAT(two, SizeIs(2));
  EXPECT_EQ(two[1].scheme, "basic");
  for (const auto* odd : {"", ",", "=", "Basic realm=\"", "\"", "a=b", "Bearer realm"})
    EXPECT_LE(parse_challenges(odd).size(), 2u) << odd;
}

class CredentialsTest : public testing::Test {
 protected:
  archive::TemporaryFolder folder_ = *archive::TemporaryFolder::create("credentials-");
  std::map<std::string, std::string> env_{{"PATH", folder_.path().string() + ":/usr/bin:/bin"},
                                          {"DOCKER_CONFIG", folder_.path().string()}};

  void config(const std::string& text) {
    ASSERT_TRUE(archive::write_file_atomically(folder_.path() / "config.json", text, 0600));
  }
  void helper(const std::string& name, const std::string& script) {
    ASSERT_TRUE(
        archive::write_file_atomically(folder_.path() / ("docker-credential-" + name), "#!/bin/sh\n" + script, 0755));
  }
  Result<std::optional<Credentials>> lookup(const std::string& server) {
    return run_task([&] { return find_credentials(env_, server); });
  }
  static std::string auth(const std::string& login) { return R"({"auth": ")" + to_base64(login) + R"("})"; }
};

TEST_F(CredentialsTest, ReadsAuthsUnderAnySpelling) {
  config(R"({"auths": {"https://index.docker.io/v1/": )" + auth("hub:a:b") + R"(, "http://reg.example.com/v2/": )" +
         auth("reg:pw") + R"(, "localhost:5000": )" + auth("local:pw") + R"(, "empty.example.com": {}}})");
  for (const auto* hub : {"", "docker.io", "index.docker.io", "registry-1.docker.io"}) {
    const auto found = lookup(hub);
    ASSERT_TRUE(found && *found) << hub;
    EXPECT_EQ((*found)->user, "hub");
    EXPECT_EQ((*found)->password.reveal(), "a:b");
  }
  EXPECT_EQ((*lookup("reg.example.com"))->user, "reg");
  EXPECT_EQ((*lookup("localhost:5000"))->user, "local");
  EXPECT_FALSE(*lookup("localhost:5001"));
  EXPECT_FALSE(*lookup("empty.example.com"));
  EXPECT_FALSE(*lookup("example.com"));
}

TEST_F(CredentialsTest, WithoutAFileItIsAnonymous) { EXPECT_FALSE(*lookup("reg.example.com")); }

TEST_F(CredentialsTest, ABrokenFileOrLoginIsAnError) {
  config("{");
  EXPECT_FALSE(lookup("reg.example.com"));
  config(R"({"auths": {"reg.example.com": {"auth": "!!"}}})");
  const auto broken = lookup("reg.example.com");
  ASSERT_FALSE(broken);
  EXPECT_THAT(broken.error().mend(), HasSubstr("docker login"));
}

TEST_F(CredentialsTest, AsksHelpersForTheirHosts) {
  config(R"({"credHelpers": {"reg.example.com": "mine"}, "credsStore": "store", "auths": {"other.example.com": )" +
         auth("file:pw") + "}}");
  helper(
      "mine",
      R"(read server; [ "$1" = get ] && [ "$server" = reg.example.com ] && echo '{"Username": "helped", "Secret": "s"}')");
  helper("store", "echo 'credentials not found in native keychain'; exit 1\n");
  EXPECT_EQ((*lookup("reg.example.com"))->user, "helped");
  EXPECT_EQ((*lookup("other.example.com"))->user, "file");
  helper("mine", R"(echo '{"Username": "<token>", "Secret": "refresh"}')");
  const auto token = lookup("reg.example.com");
  ASSERT_TRUE(token && *token);
  EXPECT_EQ((*token)->identity_token.reveal(), "refresh");
  helper("mine", "echo 'no session' >&2; exit 1\n");
  const auto failed = lookup("reg.example.com");
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().message(), HasSubstr("no session"));
}

TEST_F(CredentialsTest, AHelperIsAProgramNameOnly) {
  config(R"({"credHelpers": {"reg.example.com": "../evil"}})");
  EXPECT_FALSE(lookup("reg.example.com"));
}

/// A registry of our own on loopback, that asks for what the test wants.
class RegistryClientTest : public CredentialsTest {
 protected:
  asio::io_context io_;
  std::shared_ptr<net::HttpClient> http_ = std::make_shared<net::HttpClient>();
  std::optional<net::LoopbackServer> server_;
  std::string host_;
  std::string wants_;  ///< "", "basic", "bearer".
  int status_ = 200;
  std::vector<std::string> requests_;

  void SetUp() override {
    server_.emplace(io_, [this](net::Exchange& exchange) { return answer(exchange); });
    host_ = "127.0.0.1:" + std::to_string(server_->server().port());
  }
  Task<> answer(net::Exchange& exchange) {
    const auto& request = exchange.request();
    const auto given = std::string(request.headers.get("authorization"));
    requests_.push_back(request.method + " " + request.path);
    net::ServerResponse response = net::ServerResponse::text(status_, "");
    if (request.path == "/token") {
      const bool known = given == "Basic " + to_base64("me:pw") &&
                         request.query_value("scope") == "repository:team/app:pull" &&
                         request.query_value("service") == "svc";
      response = known ? net::ServerResponse::json(200, R"({"token": "t0ken", "expires_in": 300})")
                       : net::ServerResponse::text(401, "");
    } else if (wants_ == "basic" && given != "Basic " + to_base64("me:pw")) {
      response = net::ServerResponse::text(401, "");
      response.headers.set("WWW-Authenticate", "Basic realm=\"x\"");
    } else if (wants_ == "bearer" && given != "Bearer t0ken") {
      response = net::ServerResponse::text(401, "");
      response.headers.set("WWW-Authenticate", "Bearer realm=\"" + realm() + "\",service=\"svc\"");
    } else if (request.path.ends_with("/absent")) {
      response = net::ServerResponse::text(404, "");
    } else {
      EXPECT_THAT(std::string(request.headers.get("accept")), HasSubstr("application/vnd.oci.image.index.v1+json"));
      response.headers.set("Docker-Content-Digest", "sha256:abc");
    }
    co_return co_await exchange.respond(std::move(response));
  }
  virtual std::string realm() const { return "http://" + host_ + "/token"; }
  Result<std::optional<std::string>> ask(RegistryClient& client, const std::string& tag = "v1") {
    const auto image = *launch::parse_image_ref(host_ + "/team/app:" + tag);
    return run_task(io_, [&] { return client.manifest_digest(image); });
  }
  RegistryClient client() { return {http_, env_}; }
};

TEST_F(RegistryClientTest, AsksOnceWhenNothingIsWanted) {
  auto asking = client();
  EXPECT_EQ(**ask(asking), "sha256:abc");
  EXPECT_THAT(requests_, ElementsAre("HEAD /v2/team/app/manifests/v1"));
  EXPECT_FALSE(*ask(asking, "absent"));
}

TEST_F(RegistryClientTest, LogsInWithBasic) {
  wants_ = "basic";
  auto anonymous = client();
  const auto refused = ask(anonymous);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::unauthenticated);
  config(R"({"auths": {")" + host_ + R"(": )" + auth("me:pw") + "}}");
  auto known = client();
  EXPECT_TRUE(**ask(known) == "sha256:abc");
  requests_.clear();
  EXPECT_TRUE(ask(known));
  EXPECT_THAT(requests_, SizeIs(1)) << "the second question carries the login at once";
}

TEST_F(RegistryClientTest, LogsInWithATokenAndKeepsIt) {
  wants_ = "bearer";
  config(R"({"auths": {")" + host_ + R"(": )" + auth("me:pw") + "}}");
  auto asking = client();
  ASSERT_TRUE(ask(asking));
  EXPECT_THAT(requests_, ElementsAre("HEAD /v2/team/app/manifests/v1", "GET /token", "HEAD /v2/team/app/manifests/v1"));
  requests_.clear();
  ASSERT_TRUE(ask(asking, "v2"));
  EXPECT_THAT(requests_, SizeIs(1));
}

TEST_F(RegistryClientTest, AFailureIsNeverANo) {
  auto asking = client();
  for (const auto& [status, code] : std::map<int, Code>{{500, Code::unavailable},
                                                        {503, Code::unavailable},
                                                        {429, Code::unavailable},
                                                        {403, Code::permission_denied}}) {
    status_ = status;
    const auto outcome = ask(asking);
    ASSERT_FALSE(outcome) << status;
    EXPECT_EQ(outcome.error().code(), code) << status;
  }
}

class RealmTest : public RegistryClientTest {
 protected:
  std::string realm() const override { return "http://auth.example.com/token"; }
};

TEST_F(RealmTest, ALoginIsNotSentInTheClear) {
  wants_ = "bearer";
  config(R"({"auths": {")" + host_ + R"(": )" + auth("me:pw") + "}}");
  auto asking = client();
  const auto outcome = ask(asking);
  ASSERT_FALSE(outcome);
  EXPECT_THAT(outcome.error().message(), HasSubstr("no https address"));
  EXPECT_THAT(requests_, Not(testing::Contains("GET /token")));
}

}  // namespace
}  // namespace slipway::plugins::registries::oci
