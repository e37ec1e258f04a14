// Start, first start, lock, restart, stop, health.
#include <sys/stat.h>

#include "server/server_fixture.h"

namespace slipway::server {
namespace {

using testing::HasSubstr;

class AppTest : public ServerTest {
 protected:
  Result<std::unique_ptr<App>> second(ServerConfig config) {
    return run_task(io, [&] { return start(io.get_executor(), config); });
  }
  static int mode_of(const std::filesystem::path& path) {
    struct stat info{};
    if (::stat(path.c_str(), &info) != 0) return -1;
    return static_cast<int>(info.st_mode & 0777U);
  }
};

TEST_F(AppTest, FirstStartMakesAPrivateFolderWithKeyAndIdentity) {
  EXPECT_TRUE(app->first_start());
  EXPECT_EQ(mode_of(data_dir()), 0700);
  EXPECT_EQ(mode_of(app->admin_key_file()), 0600);
  EXPECT_EQ(mode_of(data_dir() / "server.json"), 0600);
  EXPECT_GE(admin.size(), 40u);
  const Reply viewer = gql(admin, "{ viewer { username entity admin teams { edges { node { name } } } } }");
  EXPECT_EQ(viewer.text("viewer.username"), "admin");
  EXPECT_EQ(viewer.text("viewer.entity"), "default");
}

TEST_F(AppTest, RestartKeepsIdentityKeyAndQueues) {
  const std::string id = app->server_id();
  const std::string key = admin;
  queue("kept");
  close();
  open();
  EXPECT_FALSE(app->first_start());
  EXPECT_EQ(app->server_id(), id);
  EXPECT_EQ(admin, key);
  EXPECT_EQ(
      gql(admin, R"({ project(name: "model-registry", entityName: "default") { runQueue(name: "kept") { name } } })")
          .text("project.runQueue.name"),
      "kept");
}

TEST_F(AppTest, SecondServerOnTheSameFolderIsRefusedWithThePid) {
  ServerConfig config;
  config.port = 0;
  config.data_dir = data_dir();
  const auto other = second(config);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code(), Code::failed_precondition);
  EXPECT_THAT(other.error().message(), HasSubstr(std::to_string(::getpid())));
}

TEST_F(AppTest, AddressInUseAndBadDatabaseAreErrors) {
  ServerConfig config;
  config.data_dir = folder.path() / "other";
  config.port = static_cast<std::uint16_t>(std::stoi(app->address().substr(app->address().rfind(':') + 1)));
  EXPECT_FALSE(second(config));
  config.port = 0;
  config.database_url = "oracle:x";
  const auto unknown = second(config);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code(), Code::invalid_argument);
}

TEST_F(AppTest, StopEndsLongPollsWithAnEmptyAnswer) {
  const std::string q = queue("q");
  auto handle = agent(admin, {text_value(q)});
  const auto poll = begin(lease_request(admin, handle, 55, 1));
  run_until([&] { return http(request("GET", "/metrics")).body.find("slipway_parked_agents 1") != std::string::npos; });
  bool stopped = false;
  asio::co_spawn(
      io, [this]() -> asio::awaitable<void> { co_await app->stop(); },
      [&](const std::exception_ptr&) { stopped = true; });
  const Reply reply = finish(poll);
  run_until([&] { return stopped; });
  EXPECT_EQ(reply.status, 200);
  EXPECT_TRUE(leases_of(reply).empty());
}

TEST_F(AppTest, HealthAndMetricsAnswerWithoutAKey) {
  EXPECT_EQ(http(request("GET", "/healthz")).status, 200);
  EXPECT_EQ(http(request("GET", "/readyz")).status, 200);
  queue("secret-name");
  EXPECT_THAT(http(request("GET", "/metrics")).body, testing::Not(HasSubstr("secret-name")));
  const auto known = http(request("GET", "/metrics", admin));
  EXPECT_THAT(known.body, HasSubstr(R"(slipway_queue_items{entity="default",queue="secret-name",state="waiting"} 0)"));
  EXPECT_THAT(known.body, HasSubstr("slipway_http_requests_total"));
}

TEST_F(AppTest, PagesComeWithAPolicyAndUnknownPathsAreJsonErrors) {
  for (const auto* path : {"/", "/launch", "/default/launch", "/default/queues/q/config", "/default/demo/runs/abc"}) {
    const auto page = http(request("GET", path));
    EXPECT_EQ(page.status, 200) << path;
    EXPECT_THAT(std::string(page.headers.get("Content-Security-Policy")), HasSubstr("script-src 'self'"));
    EXPECT_THAT(page.body, testing::Not(HasSubstr("<script>")));
  }
  EXPECT_EQ(http(request("GET", "/api/thing")).status, 404);
  const auto missing = http(request("GET", "/no/such/thing"));
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(text_or(*find(*parse_json(missing.body), "error"), "code"), "not_found");
  EXPECT_EQ(http(request("GET", "/graphql", admin)).status, 405);
  EXPECT_EQ(http(request("POST", "/sdk/otel/v1/metrics")).status, 404);
}

TEST_F(AppTest, FilesOfThePageAreKeptByNameAndComeCompressed) {
  const auto page = http(request("GET", "/launch"));
  EXPECT_EQ(page.headers.get("Cache-Control"), "no-cache");
  const auto from = page.body.find("/static/index-");
  ASSERT_NE(from, std::string::npos);
  const std::string script = page.body.substr(from, page.body.find('"', from) - from);
  const auto plain = http(request("GET", script));
  ASSERT_EQ(plain.status, 200) << script;
  EXPECT_EQ(plain.headers.get("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_THAT(std::string(plain.headers.get("Cache-Control")), HasSubstr("immutable"));
  auto ask = request("GET", script);
  ask.headers.set("Accept-Encoding", "gzip");
  const auto packed = http(ask);
  EXPECT_EQ(packed.headers.get("Content-Encoding"), "gzip");
  EXPECT_LT(packed.body.size() * 2, plain.body.size());
  ask.headers.set("If-None-Match", std::string(plain.headers.get("ETag")));
  EXPECT_EQ(http(ask).status, 304);
  EXPECT_EQ(http(request("GET", "/static/no-such.js")).status, 404);
}

}  // namespace
}  // namespace slipway::server
