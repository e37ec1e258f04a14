#include "client/api_client.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/ids.h"
#include "net/testing.h"

namespace slipway::client {
namespace {

namespace fs = std::filesystem;
using net::Exchange;
using net::ServerResponse;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Seen {
  std::string method, path, body, authorization, username;
};

class ApiClientTest : public ::testing::Test {
 protected:
  ApiClientTest()
      : folder_(fs::temp_directory_path() / ("api-client-test-" + random_id())),
        http_(std::make_shared<net::HttpClient>()) {
    fs::create_directories(folder_);
    server_.emplace(io_, [this](Exchange& exchange) { return answer(exchange); });
    connection_.base_url = server_->url("");
    connection_.api_key = Secret("key");
    connection_.user_agent = "slipway/test";
    connection_.username = "ada";
  }
  ~ApiClientTest() override { fs::remove_all(folder_); }

  /// Answers with `script_` in order; the last one stays.
  Task<> answer(Exchange& exchange) {
    CO_TRY(auto body, co_await exchange.read_body(1 << 20));
    const auto& request = exchange.request();
    seen_.push_back({request.method, request.path, body, std::string(request.headers.get("Authorization")),
                     std::string(request.headers.get("X-WANDB-USERNAME"))});
    auto response = script_.front();
    if (script_.size() > 1) script_.pop_front();
    co_return co_await exchange.respond(std::move(response));
  }

  ApiClient& api() {
    if (!api_) api_.emplace(http_, connection_);
    return *api_;
  }
  Result<Json> call(CallOptions options = {.retry_for = Millis(0)}) {
    return run_task(io_, [&] { return api().call("query Q { a }", JsonObject{{"x", 1}}, options); });
  }
  Result<Json> call_with(ServerResponse response) {
    script_ = {std::move(response)};
    return call();
  }

  asio::io_context io_;
  fs::path folder_;
  std::deque<ServerResponse> script_ = {ServerResponse::json(200, R"({"data":{"a":1}})")};
  std::vector<Seen> seen_;
  std::shared_ptr<net::HttpClient> http_;
  Connection connection_;
  std::optional<ApiClient> api_;
  std::optional<net::LoopbackServer> server_;
};

TEST_F(ApiClientTest, SendsAnOperationAndGivesItsData) {
  const auto data = call();
  ASSERT_TRUE(data) << data.error().to_string();
  EXPECT_EQ(to_text(*data), R"({"a":1})");
  ASSERT_EQ(seen_.size(), 1u);
  EXPECT_EQ(seen_[0].method + " " + seen_[0].path, "POST /graphql");
  EXPECT_EQ(seen_[0].body, R"({"query":"query Q { a }","variables":{"x":1}})");
  EXPECT_EQ(seen_[0].authorization, "Basic " + to_base64("api:key"));
  EXPECT_EQ(seen_[0].username, "ada");
}

struct ErrorCase {
  std::string name;
  int status;
  std::string body;
  Code code;
  std::string message;
};
class Errors : public ApiClientTest, public ::testing::WithParamInterface<ErrorCase> {};

TEST_P(Errors, SayWhatTheServerSaid) {
  const auto data = call_with(ServerResponse::json(GetParam().status, GetParam().body));
  ASSERT_FALSE(data);
  EXPECT_EQ(data.error().code(), GetParam().code);
  EXPECT_THAT(data.error().message(), HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Table, Errors,
    ::testing::Values(
        ErrorCase{"Coded", 200, R"({"data":null,"errors":[{"message":"taken","extensions":{"code":"conflict"}}]})",
                  Code::conflict, "taken"},
        ErrorCase{"CodedInCapitals", 200, R"({"errors":[{"message":"no","extensions":{"code":"PERMISSION_ERROR"}}]})",
                  Code::permission_denied, "no"},
        ErrorCase{"Uncoded", 200, R"({"errors":[{"message":"bad"}]})", Code::invalid_argument, "bad"},
        ErrorCase{"Several", 200, R"({"errors":[{"message":"one"},{"message":"two"}]})", Code::invalid_argument,
                  "one; two"},
        ErrorCase{"StatusWithErrors", 404, R"({"errors":[{"message":"no project"}]})", Code::not_found, "no project"},
        ErrorCase{"ErrorText", 403, R"({"error":"keep out"})", Code::permission_denied, "keep out"},
        ErrorCase{"ErrorObject", 400, R"({"error":{"code":"stale","message":"old lease"}})", Code::stale, "old lease"},
        ErrorCase{"TextErrors", 400, R"({"errors":["one"]})", Code::invalid_argument, "one"},
        ErrorCase{"PlainText", 502, "bad gateway", Code::unavailable, "the server answered 502: bad gateway"},
        ErrorCase{"NotJson", 200, "<html>", Code::failed_precondition, "not JSON"},
        ErrorCase{"Neither", 200, "{}", Code::failed_precondition, "neither data nor errors"}),
    [](const auto& info) { return info.param.name; });

TEST_F(ApiClientTest, KeepsHintAndProblems) {
  const auto data = call_with(ServerResponse::json(
      200, R"({"errors":[{"message":"bad config","extensions":{"code":"invalid_argument","hint":"Fix it.",
      "problems":[{"path":"builder.type","message":"unknown","line":3,"column":7}]}}]})"));
  ASSERT_FALSE(data);
  EXPECT_EQ(data.error().mend(), "Fix it.");
  ASSERT_EQ(data.error().problems().size(), 1u);
  EXPECT_EQ(data.error().problems()[0].path, "builder.type");
  EXPECT_EQ(data.error().problems()[0].line, 3);
}

TEST_F(ApiClientTest, SaysHowToSignIn) {
  EXPECT_THAT(call_with(ServerResponse::json(401, "{}")).error().mend(), HasSubstr("slipway login"));
}

TEST_F(ApiClientTest, RepeatsWhatMaySucceedLater) {
  auto busy = ServerResponse::text(429, "busy");
  busy.headers.add("Retry-After", "0");
  script_ = {ServerResponse::text(503, "later"), busy, ServerResponse::json(200, R"({"data":{}})")};
  EXPECT_TRUE(call({.retry_for = Millis(60'000)}));
  EXPECT_EQ(seen_.size(), 3u);
}

TEST_F(ApiClientTest, DoesNotRepeatWhatCannotSucceed) {
  script_ = {ServerResponse::json(409, R"({"error":"taken"})")};
  EXPECT_EQ(call({.retry_for = Millis(60'000)}).error().code(), Code::conflict);
  EXPECT_EQ(seen_.size(), 1u);
}

TEST_F(ApiClientTest, TriesOnceWhenToldSo) {
  EXPECT_EQ(call_with(ServerResponse::text(503, "later")).error().code(), Code::unavailable);
  EXPECT_EQ(seen_.size(), 1u);
}

TEST_F(ApiClientTest, GivesUpInTime) {
  script_ = {ServerResponse::text(503, "later")};
  EXPECT_EQ(call({.retry_for = Millis(300)}).error().code(), Code::unavailable);
  EXPECT_GT(seen_.size(), 1u);
}

TEST_F(ApiClientTest, AsksOnceForTheFieldsOfAType) {
  script_ = {ServerResponse::json(200, R"({"data":{"__type":{"fields":[{"name":"lease"}],"inputFields":null}}})"),
             ServerResponse::json(200, R"({"data":{"__type":null}})")};
  auto has = [&](std::string type, std::string field) {
    return run_task(io_, [&] { return api().has_field(type, field); });
  };
  EXPECT_TRUE(*has("Mutation", "lease"));
  EXPECT_FALSE(*has("Mutation", "release"));
  EXPECT_EQ(seen_.size(), 1u);
  EXPECT_FALSE(*has("Unknown", "lease"));
  EXPECT_FALSE(*has("Unknown", "lease"));
  EXPECT_EQ(seen_.size(), 2u);
}

TEST_F(ApiClientTest, ARefusedIntrospectionMeansNoButABadKeyDoesNot) {
  script_ = {ServerResponse::json(200, R"({"errors":[{"message":"introspection is off"}]})"),
             ServerResponse::json(401, "{}")};
  EXPECT_FALSE(*run_task(io_, [&] { return api().has_field("Mutation", "lease"); }));
  EXPECT_EQ(run_task(io_, [&] { return api().has_field("Query", "a"); }).error().code(), Code::unauthenticated);
}

TEST_F(ApiClientTest, UploadsWithoutTheKey) {
  std::ofstream(folder_ / "f") << "content";
  const auto sent = run_task(io_, [&] {
    return api().upload(server_->url("/storage/x?sig=1"), folder_ / "f", {"Content-Type:text/x", "X-A: b:c"});
  });
  ASSERT_TRUE(sent) << sent.error().to_string();
  EXPECT_EQ(seen_[0].method + " " + seen_[0].path + " " + seen_[0].body, "PUT /storage/x content");
  EXPECT_EQ(seen_[0].authorization, "");
}

TEST_F(ApiClientTest, UploadsWithTheKeyWhenTheServerItselfAsks) {
  std::ofstream(folder_ / "f") << "content";
  script_ = {ServerResponse::text(401, "who?"), ServerResponse::text(200, "")};
  EXPECT_TRUE(run_task(io_, [&] { return api().upload(server_->url("/storage/x"), folder_ / "f", {}); }));
  EXPECT_EQ(seen_[1].authorization, "Basic " + to_base64("api:key"));
}

TEST_F(ApiClientTest, NeverShowsTheKeyToAnotherServer) {
  connection_.base_url = "http://127.0.0.1:1";
  std::ofstream(folder_ / "f") << "content";
  script_ = {ServerResponse::text(401, "who?")};
  EXPECT_EQ(run_task(io_, [&] { return api().upload(server_->url("/x"), folder_ / "f", {}); }).error().code(),
            Code::unauthenticated);
  script_ = {ServerResponse::text(200, "data")};
  EXPECT_TRUE(run_task(io_, [&] { return api().download(server_->url("/y"), folder_ / "g"); }));
  ASSERT_EQ(seen_.size(), 2u);
  for (const auto& seen : seen_) EXPECT_EQ(seen.authorization + seen.username, "");
}

TEST_F(ApiClientTest, TheKeyStaysBelowThePathOfTheServer) {
  connection_.base_url = server_->url("/api");
  EXPECT_TRUE(run_task(io_, [&] { return api().download(server_->url("/apiary"), folder_ / "g"); }));
  EXPECT_TRUE(run_task(io_, [&] { return api().download(server_->url("/api/file"), folder_ / "g"); }));
  EXPECT_EQ(seen_[0].authorization, "");
  EXPECT_NE(seen_[1].authorization, "");
}

TEST_F(ApiClientTest, DownloadsIntoAFile) {
  script_ = {ServerResponse::text(200, "data"), ServerResponse::text(404, "gone")};
  EXPECT_TRUE(run_task(io_, [&] { return api().download("/artifacts/x", folder_ / "f"); }));
  std::ifstream in(folder_ / "f");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), "data");
  const auto missing = run_task(io_, [&] { return api().download("/artifacts/y", folder_ / "missing"); });
  EXPECT_EQ(missing.error().code(), Code::not_found);
  EXPECT_EQ(missing.error().message(), "downloading missing: the server answered 404: gone");
  EXPECT_FALSE(fs::exists(folder_ / "missing"));
}

TEST_F(ApiClientTest, PostsJson) {
  script_ = {ServerResponse::json(200, R"({"stopped":true})"), ServerResponse::text(200, "")};
  auto post = [&] {
    return run_task(io_, [&] { return api().post_json("/files/e/p/r/file_stream", "{}", CallOptions()); });
  };
  EXPECT_EQ(to_text(*post()), R"({"stopped":true})");
  EXPECT_EQ(to_text(*post()), "{}");
  EXPECT_EQ(seen_[0].path, "/files/e/p/r/file_stream");
}

TEST_F(ApiClientTest, StreamsOnlyWhatSucceeded) {
  script_ = {ServerResponse::text(200, "line"),
             ServerResponse::json(404, R"({"error":{"code":"not_found","message":"no run"}})")};
  std::string data;
  auto stream = [&] {
    return run_task(io_, [&] {
      return api().stream("/logs", [&](std::string_view piece) {
        data += piece;
        return true;
      });
    });
  };
  EXPECT_TRUE(stream());
  EXPECT_EQ(data, "line");
  const auto missing = stream();
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message(), "no run");
  EXPECT_EQ(data, "line");
}

}  // namespace
}  // namespace slipway::client
