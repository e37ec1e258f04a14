// The client against our server, and against servers that misbehave.
#include <filesystem>
#include <fstream>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async/scope.h"
#include "net/http_client_fixture.h"
#include "net/request_head.h"

namespace slipway::net {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

struct MethodCase {
  std::string method;
  std::string body;
  std::string seen;
};
class Methods : public HttpClientTest, public ::testing::WithParamInterface<MethodCase> {};

TEST_P(Methods, ArriveAsTheyAre) {
  serve(describe);
  auto request = to("/p", GetParam().method);
  request.body = GetParam().body;
  const auto response = send(request);
  ASSERT_TRUE(response) << response.error().to_string();
  EXPECT_THAT(response->body, AllOf(testing::StartsWith(GetParam().method + " /p\n"), HasSubstr(GetParam().seen),
                                    Not(HasSubstr("Content-Type"))));
}

INSTANTIATE_TEST_SUITE_P(Table, Methods,
                         ::testing::Values(MethodCase{"GET", "", "body: 0"}, MethodCase{"POST", "abc", "body: 3 abc"},
                                           MethodCase{"POST", "", "body: 0"}, MethodCase{"PUT", "abc", "body: 3 abc"},
                                           MethodCase{"PUT", "", "body: 0"}, MethodCase{"PATCH", "abc", "body: 3 abc"},
                                           MethodCase{"DELETE", "", "body: 0"},
                                           MethodCase{"DELETE", "abc", "body: 3 abc"},
                                           MethodCase{"GET", "abc", "body: 3 abc"},
                                           MethodCase{"POST", std::string(3 << 20, 'x'), "body: 3145728 xxx"}),
                         [](const auto& info) { return info.param.method + std::to_string(info.index); });

TEST_F(HttpClientTest, WaitsForAConsumerAndPassesItsErrorOn) {
  serve([](Exchange& exchange) -> Task<> {
    auto response = ServerResponse::text(200, std::string(3u << 20, 'x'));
    co_return co_await exchange.respond(std::move(response));
  });
  std::size_t taken = 0;
  auto request = to("/");
  request.consume = [&taken](std::string piece) -> Task<bool> {
    taken += piece.size();
    auto slept = co_await sleep_for(std::chrono::milliseconds(1));
    co_return slept.has_value();
  };
  EXPECT_EQ(send(request)->body, "");
  EXPECT_EQ(taken, 3u << 20);
  request.consume = [](std::string) -> Task<bool> { co_return Error(Code::conflict, "no more"); };
  EXPECT_EQ(send(request).error().code(), Code::conflict);
  request.consume = [](std::string) -> Task<bool> { co_return false; };
  EXPECT_EQ(send(request)->status, 200);
}

TEST_F(HttpClientTest, HeadHasNoBody) {
  serve(describe);
  const auto response = send(to("/", "HEAD"));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "");
  EXPECT_TRUE(response->headers.has("Content-Length"));
}

TEST_F(HttpClientTest, SendsHeadersAndCredentials) {
  serve(describe);
  auto request = to("/");
  request.headers = {{"Content-Type", "application/x-test"}, {"X-Empty", ""}};
  request.user = "api";
  request.password = Secret("key");
  const auto response = send(request);
  ASSERT_TRUE(response);
  EXPECT_THAT(response->body,
              AllOf(HasSubstr("Content-Type: application/x-test\n"), HasSubstr("Authorization: Basic YXBpOmtleQ==\n"),
                    HasSubstr("User-Agent: slipway\n"), HasSubstr("X-Empty: \n")));
}

TEST_F(HttpClientTest, ReusesItsConnection) {
  serve(describe);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(send(to("/")));
  EXPECT_EQ(server_->server().connections(), 1u);
}

struct BadRequest {
  std::string name;
  std::function<void(ClientRequest&)> spoil;
  Code code;
};
class BadRequests : public HttpClientTest, public ::testing::WithParamInterface<BadRequest> {};

TEST_P(BadRequests, AreRefused) {
  serve(describe);
  auto request = to("/");
  request.connect_timeout = Millis(2'000);
  GetParam().spoil(request);
  const auto response = send(request);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code(), GetParam().code) << response.error().message();
  EXPECT_THAT(response.error().message(), Not(HasSubstr("hunter2")));
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadRequests,
    ::testing::Values(
        BadRequest{"NoScheme", [](auto& request) { request.url = "localhost/x"; }, Code::invalid_argument},
        BadRequest{"OtherScheme", [](auto& request) { request.url = "file:///etc/passwd"; }, Code::invalid_argument},
        BadRequest{"Credentials", [](auto& request) { request.url = "http://u:hunter2@localhost/"; },
                   Code::invalid_argument},
        BadRequest{"SplitHeader", [](auto& request) { request.headers = {{"X", "a\r\nY: b"}}; },
                   Code::invalid_argument},
        BadRequest{"NoSuchHost", [](auto& request) { request.url = "http://no-such-host.invalid/?sig=hunter2"; },
                   Code::unavailable},
        BadRequest{"NobodyListens", [](auto& request) { request.url = "http://127.0.0.1:1/?sig=hunter2"; },
                   Code::unavailable},
        BadRequest{"NotTls", [](auto& request) { request.url.replace(0, 4, "https"); }, Code::unavailable},
        BadRequest{"NoSuchSocket", [](auto& request) { request.unix_socket = "/no/such/socket"; }, Code::unavailable},
        BadRequest{"NoSuchFile", [](auto& request) { request.method = "PUT", request.body_file = "/no/such/file"; },
                   Code::not_found}),
    [](const auto& info) { return info.param.name; });

TEST_F(HttpClientTest, AnyStatusIsASuccessOfTheExchange) {
  serve([](Exchange& exchange) -> Task<> {
    auto response = ServerResponse::text(503, "later");
    response.headers.add("Retry-After", "7");
    co_return co_await exchange.respond(std::move(response));
  });
  const auto response = send(to("/"));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 503);
  EXPECT_EQ(response->retry_after(), Millis(7000));
  const auto expected = expect_success(*response, "asking");
  ASSERT_FALSE(expected);
  EXPECT_EQ(expected.error().code(), Code::unavailable);
  EXPECT_EQ(expected.error().message(), "asking: the server answered 503: later");
}

TEST(RetryAfter, TakesSecondsAndDates) {
  auto with = [](std::string value) {
    ClientResponse response;
    response.headers.add("Retry-After", std::move(value));
    return response.retry_after();
  };
  EXPECT_EQ(with("0"), Millis(0));
  EXPECT_EQ(with(" 120 "), Millis(120'000));
  EXPECT_EQ(with("-5"), Millis(0));
  EXPECT_EQ(with("99999999999"), Millis(86'400'000));
  EXPECT_EQ(with("Sun, 06 Nov 1994 08:49:37 GMT"), Millis(0));
  const auto soon = with(http_date(std::time(nullptr) + 1000));
  ASSERT_TRUE(soon);
  EXPECT_GT(*soon, Millis(900'000));
  EXPECT_LE(*soon, Millis(1'000'000));
  EXPECT_EQ(with("tomorrow, perhaps"), std::nullopt);
  EXPECT_EQ(ClientResponse{}.retry_after(), std::nullopt);
}

TEST(ExpectSuccess, MapsStatusesToCodes) {
  const std::map<int, Code> table = {
      {400, Code::invalid_argument},    {401, Code::unauthenticated},   {403, Code::permission_denied},
      {404, Code::not_found},           {409, Code::conflict},          {413, Code::resource_exhausted},
      {422, Code::failed_precondition}, {429, Code::unavailable},       {500, Code::unavailable},
      {502, Code::unavailable},         {504, Code::deadline_exceeded}, {302, Code::failed_precondition}};
  for (const auto& [status, code] : table) {
    ClientResponse response;
    response.status = status;
    EXPECT_EQ(expect_success(response, "x").error().code(), code) << status;
  }
  ClientResponse fine;
  fine.status = 204;
  EXPECT_TRUE(expect_success(fine, "x"));
}

Task<> redirect(Exchange& exchange) {
  const std::string path = exchange.request().path;
  if (path == "/end") co_return co_await describe(exchange);
  auto response = ServerResponse::text(path == "/keep" ? 307 : 302, "moved");
  response.headers.add("Location", path == "/loop" ? "/loop" : exchange.request().query_value("to").value_or("/end"));
  co_return co_await exchange.respond(std::move(response));
}

TEST_F(HttpClientTest, FollowsRedirectsOnlyWhenAsked) {
  serve(redirect);
  auto request = to("/begin");
  EXPECT_EQ(send(request)->status, 302);
  request.follow_redirects = true;
  int heads = 0;
  request.on_headers = [&](int status, const Headers&) { heads += status == 200 ? 1 : 100; };
  const auto response = send(request);
  ASSERT_TRUE(response) << response.error().to_string();
  EXPECT_THAT(response->body, HasSubstr("GET /end"));
  EXPECT_EQ(heads, 1);
}

TEST_F(HttpClientTest, RepeatsABodyOnlyWhenTheRedirectSaysSo) {
  serve(redirect);
  auto request = to("/begin", "POST");
  request.follow_redirects = true;
  request.body = "abc";
  EXPECT_THAT(send(request)->body, AllOf(HasSubstr("GET /end"), HasSubstr("body: 0")));
  request.url = server_->url("/keep");
  EXPECT_THAT(send(request)->body, AllOf(HasSubstr("POST /end"), HasSubstr("body: 3 abc")));
}

TEST_F(HttpClientTest, LimitsRedirects) {
  serve(redirect);
  auto request = to("/loop");
  request.follow_redirects = true;
  EXPECT_EQ(send(request).error().code(), Code::failed_precondition);
  request.url = server_->url("/begin?to=file%3A%2F%2F%2Fetc%2Fpasswd");
  EXPECT_FALSE(send(request));
}

TEST_F(HttpClientTest, KeepsCredentialsFromOtherHosts) {
  serve(redirect);
  LoopbackServer other(io_, describe);
  auto request = to("/begin?to=" + url_encode(other.url("/end")));
  request.follow_redirects = true;
  request.user = "api";
  request.password = Secret("key");
  auto response = send(request);
  ASSERT_TRUE(response) << response.error().to_string();
  EXPECT_THAT(response->body, Not(HasSubstr("Authorization")));
  request.password = Secret();
  request.headers = {{"Authorization", "Bearer token"}};
  response = send(request);
  ASSERT_TRUE(response);
  EXPECT_THAT(response->body, Not(HasSubstr("Authorization")));
}

/// Accepts one connection, reads the head of a request and answers with given bytes.
template <class Protocol>
class CannedServer {
 public:
  CannedServer(asio::io_context& io, typename Protocol::endpoint endpoint, std::string answer)
      : io_(io), acceptor_(io, endpoint), scope_(io.get_executor()) {
    scope_.spawn("canned", [this, answer] { return serve(answer); });
  }
  ~CannedServer() {
    acceptor_.close();
    while (scope_.size() > 0) io_.run_one();
  }
  typename Protocol::endpoint endpoint() { return acceptor_.local_endpoint(); }
  const std::string& seen() const { return seen_; }

 private:
  asio::awaitable<void> serve(std::string answer) {
    auto [ec, socket] = co_await acceptor_.async_accept(kAwait);
    co_await asio::async_read_until(socket, asio::dynamic_buffer(seen_), "\r\n\r\n", kAwait);
    co_await asio::async_write(socket, asio::buffer(answer), kAwait);
  }

  asio::io_context& io_;
  typename Protocol::acceptor acceptor_;
  std::string seen_;
  Scope scope_;
};

TEST_F(HttpClientTest, SpeaksThroughAUnixSocket) {
  const auto path = (folder_ / "docker.sock").string();
  CannedServer<asio::local::stream_protocol> server(io_, path, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
  ClientRequest request;
  request.url = "http://docker/v1.41/info";
  request.unix_socket = path;
  const auto response = send(request);
  ASSERT_TRUE(response) << response.error().to_string();
  EXPECT_EQ(response->body, "hi");
  EXPECT_THAT(server.seen(), AllOf(testing::StartsWith("GET /v1.41/info HTTP/1.1\r\n"), HasSubstr("Host: docker\r\n")));
}

struct Misbehaviour {
  std::string name;
  std::string answer;
};
class MisbehavingServers : public HttpClientTest, public ::testing::WithParamInterface<Misbehaviour> {};

TEST_P(MisbehavingServers, AreUnavailable) {
  CannedServer<asio::ip::tcp> server(io_, {asio::ip::make_address("127.0.0.1"), 0}, GetParam().answer);
  ClientRequest request;
  request.url = fmt::format("http://127.0.0.1:{}/", server.endpoint().port());
  request.response_file = folder_ / "out";
  const auto response = send(request);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code(), Code::unavailable) << response.error().message();
  EXPECT_TRUE(fs::is_empty(folder_));
}

INSTANTIATE_TEST_SUITE_P(
    Table, MisbehavingServers,
    ::testing::Values(Misbehaviour{"SaysNothing", ""}, Misbehaviour{"NotHttp", "SSH-2.0-OpenSSH_9.2\r\n"},
                      Misbehaviour{"BreaksOff", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart"},
                      Misbehaviour{"BreaksOffAChunk",
                                   "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\npart"},
                      Misbehaviour{"HalfAHead", "HTTP/1.1 200 OK\r\nContent-"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace slipway::net
