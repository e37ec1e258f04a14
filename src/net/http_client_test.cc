// The client against our server, and against servers that misbehave.
#include "net/http_client.h"

#include <filesystem>
#include <fstream>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async/event.h"
#include "async/scope.h"
#include "base/ids.h"
#include "net/request_head.h"
#include "net/testing.h"

namespace slipway::net {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

/// Says what the request was: method, path, query, some headers and the length of the body.
Task<> describe(Exchange& exchange) {
  CO_TRY(auto body, co_await exchange.read_body(64 << 20));
  const auto& request = exchange.request();
  std::string text = request.method + " " + request.path;
  for (const char* name : {"Content-Type", "Authorization", "User-Agent", "X-Empty", "Host"}) {
    if (request.headers.has(name)) text += fmt::format("\n{}: {}", name, request.headers.get(name));
  }
  text += fmt::format("\nbody: {} {}", body.size(), body.substr(0, 20));
  auto response = ServerResponse::text(200, std::move(text));
  co_return co_await exchange.respond(std::move(response));
}

class HttpClientTest : public ::testing::Test {
 protected:
  HttpClientTest() : folder_(fs::temp_directory_path() / ("http-client-test-" + random_id())) { fs::create_directories(folder_); }
  ~HttpClientTest() override { fs::remove_all(folder_); }

  void serve(Handler handler, ServerOptions options = {}) { server_.emplace(io_, std::move(handler), std::move(options)); }
  ClientRequest to(std::string path, std::string method = "GET") {
    ClientRequest request;
    request.method = std::move(method);
    request.url = server_->url(path);
    return request;
  }
  Result<ClientResponse> send(ClientRequest request) {
    return run_task(io_, [&] { return client_.send(std::move(request)); });
  }
  fs::path write(const std::string& name, std::string_view content) {
    std::ofstream(folder_ / name, std::ios::binary) << content;
    return folder_ / name;
  }
  static std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  asio::io_context io_;
  std::optional<LoopbackServer> server_;
  fs::path folder_;
  HttpClient client_;
};

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
  EXPECT_THAT(response->body, AllOf(testing::StartsWith(GetParam().method + " /p\n"), HasSubstr(GetParam().seen), Not(HasSubstr("Content-Type"))));
}

INSTANTIATE_TEST_SUITE_P(Table, Methods,
                         ::testing::Values(MethodCase{"GET", "", "body: 0"}, MethodCase{"POST", "abc", "body: 3 abc"}, MethodCase{"POST", "", "body: 0"},
                                           MethodCase{"PUT", "abc", "body: 3 abc"}, MethodCase{"PUT", "", "body: 0"},
                                           MethodCase{"PATCH", "abc", "body: 3 abc"}, MethodCase{"DELETE", "", "body: 0"},
                                           MethodCase{"DELETE", "abc", "body: 3 abc"}, MethodCase{"GET", "abc", "body: 3 abc"},
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
  EXPECT_THAT(response->body, AllOf(HasSubstr("Content-Type: application/x-test\n"), HasSubstr("Authorization: Basic YXBpOmtleQ==\n"),
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
    ::testing::Values(BadRequest{"NoScheme", [](auto& request) { request.url = "localhost/x"; }, Code::invalid_argument},
                      BadRequest{"OtherScheme", [](auto& request) { request.url = "file:///etc/passwd"; }, Code::invalid_argument},
                      BadRequest{"Credentials", [](auto& request) { request.url = "http://u:hunter2@localhost/"; }, Code::invalid_argument},
                      BadRequest{"SplitHeader", [](auto& request) { request.headers = {{"X", "a\r\nY: b"}}; }, Code::invalid_argument},
                      BadRequest{"NoSuchHost", [](auto& request) { request.url = "http://no-such-host.invalid/?sig=hunter2"; }, Code::unavailable},
                      BadRequest{"NobodyListens", [](auto& request) { request.url = "http://127.0.0.1:1/?sig=hunter2"; }, Code::unavailable},
                      BadRequest{"NotTls", [](auto& request) { request.url.replace(0, 4, "https"); }, Code::unavailable},
                      BadRequest{"NoSuchSocket", [](auto& request) { request.unix_socket = "/no/such/socket"; }, Code::unavailable},
                      BadRequest{"NoSuchFile", [](auto& request) { request.method = "PUT", request.body_file = "/no/such/file"; }, Code::not_found}),
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
  const std::map<int, Code> table = {{400, Code::invalid_argument},   {401, Code::unauthenticated},   {403, Code::permission_denied},
                                     {404, Code::not_found},          {409, Code::conflict},          {413, Code::resource_exhausted},
                                     {422, Code::failed_precondition}, {429, Code::unavailable},       {500, Code::unavailable},
                                     {502, Code::unavailable},        {504, Code::deadline_exceeded}, {302, Code::failed_precondition}};
  for (const auto& [status, code] : table) {
    ClientResponse response;
    response.status = status;
    EXPECT_EQ(expect_success(response, "x").error().code(), code) << status;
  }
  ClientResponse fine;
  fine.status = 204;
  EXPECT_TRUE(expect_success(fine, "x"));
}

TEST_F(HttpClientTest, UploadsAFileWithProgress) {
  std::vector<std::size_t> pieces;
  serve([&pieces](Exchange& exchange) -> Task<> {
    std::size_t total = 0;
    for (;;) {
      CO_TRY(auto piece, co_await exchange.read_some());
      if (piece.empty()) break;
      pieces.push_back(piece.size());
      total += piece.size();
    }
    auto response = ServerResponse::text(201, fmt::format("{} {} {}", exchange.request().method, exchange.request().headers.get("Content-Length"), total));
    co_return co_await exchange.respond(std::move(response));
  });
  const std::string content(5'000'000, 'x');
  for (const char* method : {"PUT", "POST"}) {
    auto request = to("/", method);
    request.body_file = write("upload", content);
    std::uint64_t last = 0;
    bool grew = true;
    request.on_progress = [&](std::uint64_t sent, std::uint64_t total) {
      grew = grew && sent >= last && total == 5'000'000;
      last = sent;
    };
    const auto response = send(request);
    ASSERT_TRUE(response) << response.error().to_string();
    EXPECT_EQ(response->status, 201);
    EXPECT_EQ(response->body, std::string(method) + " 5000000 5000000");
    EXPECT_TRUE(grew);
    EXPECT_EQ(last, 5'000'000u);
  }
  EXPECT_LE(*std::max_element(pieces.begin(), pieces.end()), 256u << 10);
}

TEST_F(HttpClientTest, UploadsAnEmptyFile) {
  serve(describe);
  auto request = to("/", "PUT");
  request.body_file = write("empty", "");
  const auto response = send(request);
  ASSERT_TRUE(response) << response.error().to_string();
  EXPECT_THAT(response->body, AllOf(HasSubstr("PUT /"), HasSubstr("body: 0")));
}

TEST_F(HttpClientTest, HearsARefusalBeforeTheUploadIsOver) {
  serve([](Exchange& exchange) -> Task<> {
    auto body = co_await exchange.read_body(1000);
    co_return body ? Result<>() : Result<>(body.error());
  });
  auto request = to("/", "PUT");
  request.body_file = write("upload", std::string(20'000'000, 'x'));
  const auto response = send(request);
  ASSERT_TRUE(response) << response.error().to_string();
  EXPECT_EQ(response->status, 413);
}

TEST_F(HttpClientTest, WritesTheBodyToAFile) {
  serve([](Exchange& exchange) -> Task<> {
    const auto status = exchange.request().path == "/missing" ? 404 : 200;
    const auto body = exchange.request().path == "/empty" ? std::string() : std::string(3'000'000, 'x');
    auto response = ServerResponse::text(status, status == 404 ? "no such thing" : body);
    co_return co_await exchange.respond(std::move(response));
  });
  auto request = to("/");
  request.response_file = folder_ / "out";
  auto response = send(request);
  ASSERT_TRUE(response) << response.error().to_string();
  EXPECT_EQ(response->body, "");
  EXPECT_EQ(read(folder_ / "out"), std::string(3'000'000, 'x'));

  request = to("/empty");
  request.response_file = folder_ / "empty";
  ASSERT_TRUE(send(request));
  EXPECT_TRUE(fs::exists(folder_ / "empty"));

  request = to("/missing");
  request.response_file = folder_ / "missing";
  response = send(request);
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "no such thing");
  EXPECT_FALSE(fs::exists(folder_ / "missing"));

  request = to("/");
  request.response_file = folder_ / "too-large";
  request.max_file = 1000;
  EXPECT_EQ(send(request).error().code(), Code::resource_exhausted);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 2) << "a partial file was left";
}

TEST_F(HttpClientTest, RefusesAnAnswerThatIsTooLarge) {
  serve([](Exchange& exchange) -> Task<> {
    auto response = ServerResponse::text(200, std::string(2000, 'x'));
    co_return co_await exchange.respond(std::move(response));
  });
  auto request = to("/");
  request.max_response = 1999;
  EXPECT_EQ(send(request).error().code(), Code::resource_exhausted);
}

TEST_F(HttpClientTest, StreamsWithHeadersFirst) {
  std::optional<Event> go_on;
  bool told = false;
  serve([&](Exchange& exchange) -> Task<> {
    go_on.emplace(co_await asio::this_coro::executor);
    Headers headers{{"X-Stream", "yes"}};
    CO_TRY_VOID(co_await exchange.start_stream(200, std::move(headers)));
    while (!told) co_await go_on->wait();
    CO_TRY_VOID(co_await exchange.write("one"));
    co_return co_await exchange.write("two");
  });
  auto request = to("/");
  std::vector<std::string> seen;
  request.on_headers = [&](int status, const Headers& headers) {
    seen.push_back(fmt::format("{} {}", status, headers.get("X-Stream")));
    told = true;
    go_on->notify_all();  // Without the headers nothing more would come.
  };
  std::string data;
  request.on_data = [&](std::string_view piece) {
    data += piece;
    return true;
  };
  const auto response = send(request);
  ASSERT_TRUE(response) << response.error().to_string();
  EXPECT_THAT(seen, testing::ElementsAre("200 yes"));
  EXPECT_EQ(data, "onetwo");
  EXPECT_EQ(response->body, "");
}

TEST_F(HttpClientTest, StreamsALotThroughASlowConsumer) {
  constexpr int kPieces = 200;
  std::size_t most_ahead = 0;
  std::size_t produced = 0;
  std::size_t consumed = 0;
  serve([&](Exchange& exchange) -> Task<> {
    CO_TRY_VOID(co_await exchange.start_stream(200, {}));
    for (int i = 0; i < kPieces; ++i) {
      CO_TRY_VOID(co_await exchange.write(std::string(100'000, static_cast<char>('a' + i % 26))));
      produced += 100'000;
      most_ahead = std::max(most_ahead, produced - consumed);
    }
    co_return Result<>();
  });
  auto request = to("/");
  std::size_t largest = 0;
  char last = 'a';
  bool in_order = true;
  request.on_data = [&](std::string_view piece) {
    largest = std::max(largest, piece.size());
    for (const char c : piece) {
      in_order = in_order && (c == last || c == (last == 'z' ? 'a' : last + 1));
      last = c;
    }
    consumed += piece.size();
    return true;
  };
  ASSERT_TRUE(send(request));
  EXPECT_EQ(consumed, 100'000u * kPieces);
  EXPECT_TRUE(in_order);
  EXPECT_LE(largest, (1u << 20) + (128u << 10));
}

TEST_F(HttpClientTest, TheConsumerCanEndAStream) {
  bool cancelled = false;
  serve([&](Exchange& exchange) -> Task<> {
    CO_TRY_VOID(co_await exchange.start_stream(200, {}));
    for (;;) {
      auto written = co_await exchange.write("tick");
      cancelled = !written;
      if (cancelled) co_return written;
      auto slept = co_await sleep_for(Millis(1));
      cancelled = !slept;
      if (cancelled) co_return slept;
    }
  });
  auto request = to("/");
  request.timeout = std::nullopt;
  int calls = 0;
  request.on_data = [&](std::string_view) { return ++calls < 3; };
  const auto response = send(request);
  ASSERT_TRUE(response) << response.error().to_string();
  EXPECT_EQ(calls, 3);
  while (!cancelled) io_.run_one();
}

Task<> park(Exchange&) {
  Event never(co_await asio::this_coro::executor);
  co_await never.wait();
  co_return Error(Code::cancelled, "cancelled");
}

TEST_F(HttpClientTest, TimesOut) {
  serve(park);
  auto request = to("/");
  request.timeout = Millis(30);
  const auto response = send(request);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code(), Code::deadline_exceeded);
}

TEST_F(HttpClientTest, TimesOutWhenNothingComes) {
  serve([](Exchange& exchange) -> Task<> {
    CO_TRY_VOID(co_await exchange.start_stream(200, {}));
    CO_TRY_VOID(co_await exchange.write("one"));
    co_return co_await park(exchange);
  });
  auto request = to("/");
  request.timeout = std::nullopt;
  request.idle_timeout = Millis(30);
  std::string data;
  request.on_data = [&](std::string_view piece) {
    data += piece;
    return true;
  };
  const auto response = send(request);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code(), Code::deadline_exceeded);
  EXPECT_THAT(response.error().message(), HasSubstr("nothing was received"));
  EXPECT_EQ(data, "one");
}

TEST_F(HttpClientTest, CancellingAbortsTheTransfer) {
  asio::cancellation_signal signal;
  bool server_saw_it = false;
  serve([&](Exchange& exchange) -> Task<> {
    signal.emit(asio::cancellation_type::terminal);
    auto parked = co_await no_throw(park(exchange));
    server_saw_it = true;
    co_return parked;
  });
  std::optional<Result<ClientResponse>> outcome;
  asio::co_spawn(io_, client_.send(to("/")),
                 asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr error, Result<ClientResponse> result) {
                   ASSERT_FALSE(error);
                   outcome = std::move(result);
                 }));
  while (!outcome) io_.run_one();
  ASSERT_FALSE(*outcome);
  EXPECT_EQ(outcome->error().code(), Code::cancelled);
  while (!server_saw_it) io_.run_one();
}

TEST_F(HttpClientTest, ClosingTheClientEndsItsTransfers) {
  std::optional<HttpClient> client(std::in_place);
  serve([&](Exchange& exchange) -> Task<> {
    client.reset();
    co_return co_await park(exchange);
  });
  const auto response = run_task(io_, [&] { return client->send(to("/")); });
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code(), Code::cancelled);
}

TEST_F(HttpClientTest, SendsManyRequestsAtOnce) {
  serve(describe);
  constexpr int kRequests = 200;
  int good = 0;
  Scope scope(io_.get_executor());
  for (int i = 0; i < kRequests; ++i) {
    scope.spawn("request", [&, i]() -> asio::awaitable<void> {
      auto request = to(fmt::format("/{}", i));
      const auto response = co_await client_.send(std::move(request));
      good += response && response->body.starts_with(fmt::format("GET /{}\n", i)) ? 1 : 0;
    });
  }
  while (scope.size() > 0) io_.run_one();
  EXPECT_EQ(good, kRequests);
  EXPECT_LE(server_->server().connections(), 64u);
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

INSTANTIATE_TEST_SUITE_P(Table, MisbehavingServers,
                         ::testing::Values(Misbehaviour{"SaysNothing", ""}, Misbehaviour{"NotHttp", "SSH-2.0-OpenSSH_9.2\r\n"},
                                           Misbehaviour{"BreaksOff", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart"},
                                           Misbehaviour{"BreaksOffAChunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\npart"},
                                           Misbehaviour{"HalfAHead", "HTTP/1.1 200 OK\r\nContent-"}),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace slipway::net
