// The server against a client that speaks bytes.
#include "net/http_server.h"

#include <fstream>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async/event.h"
#include "base/ids.h"
#include "base/strings.h"
#include "net/testing.h"

namespace slipway::net {
namespace {

using asio::ip::tcp;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

/// A connection of which the test writes and reads every byte.
class RawClient {
 public:
  RawClient(asio::io_context& io, std::uint16_t port) : io_(io), socket_(io) {
    socket_.connect(tcp::endpoint(asio::ip::make_address("127.0.0.1"), port));
  }
  void send(std::string bytes) {
    static_cast<void>(run_task(io_, [&] { return send_task(std::move(bytes)); }));
  }
  /// Everything until the server closes.
  std::string read_all() {
    return *run_task(io_, [&] { return read_task("", true); });
  }
  /// Up to and with `text`.
  std::string read_until(std::string text) {
    return *run_task(io_, [&] { return read_task(std::move(text), false); });
  }
  void half_close() { socket_.shutdown(tcp::socket::shutdown_send); }
  void close() { socket_.close(); }
  void reset() {
    socket_.set_option(asio::socket_base::linger(true, 0));
    socket_.close();
  }

 private:
  Task<> send_task(std::string bytes) {
    co_await asio::async_write(socket_, asio::buffer(bytes), kAwait);
    co_return Result<>();
  }
  Task<std::string> read_task(std::string text, bool all) {
    for (;;) {
      const auto found = all ? std::string::npos : buffer_.find(text);
      if (found != std::string::npos) {
        auto taken = buffer_.substr(0, found + text.size());
        buffer_.erase(0, found + text.size());
        co_return taken;
      }
      std::array<char, 4096> piece;
      const auto [ec, got] = co_await socket_.async_read_some(asio::buffer(piece), kAwait);
      buffer_.append(piece.data(), got);
      if (ec) co_return std::exchange(buffer_, "");
    }
  }

  asio::io_context& io_;
  tcp::socket socket_;
  std::string buffer_;
};

Task<> echo(Exchange& exchange) {
  CO_TRY(auto body, co_await exchange.read_body(1000));
  auto response =
      ServerResponse::text(200, exchange.request().method + " " + exchange.request().path + " [" + body + "]");
  co_return co_await exchange.respond(std::move(response));
}

ServerOptions impatient() {
  ServerOptions options;
  options.header_timeout = Millis(150);
  options.keep_alive_timeout = Millis(150);
  options.write_timeout = Millis(200);
  return options;
}

class HttpServerTest : public ::testing::Test {
 protected:
  void serve(Handler handler, ServerOptions options = {}) {
    server_.emplace(io_, std::move(handler), std::move(options));
  }
  RawClient connect() { return RawClient(io_, server_->server().port()); }
  /// One request on a connection of its own, and all that comes back.
  std::string talk(std::string bytes) {
    auto client = connect();
    client.send(std::move(bytes));
    return client.read_all();
  }

  asio::io_context io_;
  std::optional<LoopbackServer> server_;
};

TEST_F(HttpServerTest, AnswersSeveralRequestsOnOneConnection) {
  serve(echo);
  auto client = connect();
  for (int i = 0; i < 3; ++i) {
    client.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi");
    EXPECT_THAT(client.read_until("]"), AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("POST /x [hi]")));
  }
  EXPECT_EQ(server_->server().connections(), 1u);
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrder) {
  serve(echo);
  const auto answers = talk(
      "GET /1 HTTP/1.1\r\nHost: h\r\n\r\nPOST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
      "GET /3 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  const auto first = answers.find("GET /1 []");
  const auto second = answers.find("POST /2 [abc]");
  const auto third = answers.find("GET /3 []");
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
  EXPECT_NE(third, std::string::npos) << answers;
}

TEST_F(HttpServerTest, AnswersARequestThatComesByteByByte) {
  serve(echo);
  auto client = connect();
  for (const char c :
       std::string("POST /slow HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n")) {
    client.send(std::string(1, c));
  }
  EXPECT_THAT(client.read_until("]"), HasSubstr("POST /slow [hi]"));
}

struct Talk {
  std::string name;
  std::string request;
  std::string answer;
};
class Talks : public HttpServerTest, public ::testing::WithParamInterface<Talk> {};

TEST_P(Talks, AreAnswered) {
  ServerOptions options;
  options.max_header_bytes = 2000;
  serve(echo, options);
  const auto answer = talk(GetParam().request);
  EXPECT_THAT(answer, HasSubstr(GetParam().answer));
  while (server_->server().connections() > 0) io_.run_one();  // The client is gone, so it must end.
}

const std::string kGet = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n";

INSTANTIATE_TEST_SUITE_P(
    Table, Talks,
    ::testing::Values(
        Talk{"Plain", kGet + "\r\n", "HTTP/1.1 200 OK"}, Talk{"OldClient", "GET / HTTP/1.0\r\n\r\n", "HTTP/1.1 200 OK"},
        Talk{"Garbage", "\x16\x03\x01 this is TLS\r\n\r\n", "HTTP/1.1 400 Bad Request"},
        Talk{"NoVersion", "GET /\r\n\r\n", "HTTP/1.1 400 Bad Request"},
        Talk{"NoHost", "GET / HTTP/1.1\r\n\r\n", "the Host header is missing"},
        Talk{"Traversal", "GET /a/../b HTTP/1.1\r\nHost: h\r\n\r\n", "HTTP/1.1 400 Bad Request"},
        Talk{"EncodedTraversal", "GET /a/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: h\r\n\r\n",
             "HTTP/1.1 400 Bad Request"},
        Talk{"Proxying", "CONNECT host:443 HTTP/1.1\r\nHost: h\r\n\r\n", "HTTP/1.1 400 Bad Request"},
        Talk{"LongHeader", kGet + "X: " + std::string(3000, 'x') + "\r\n\r\n", "HTTP/1.1 431 "},
        Talk{"EndlessHeader", "GET / HTTP/1.1\r\nX: " + std::string(100'000, 'x'), "HTTP/1.1 431 "},
        Talk{"LongTarget", "GET /" + std::string(3000, 'x') + " HTTP/1.1\r\n", "HTTP/1.1 431 "},
        Talk{"TwoLengths", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
             "HTTP/1.1 400 "},
        Talk{"LengthAndChunked",
             "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
             "HTTP/1.1 400 "},
        Talk{"OtherTransferEncoding", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", "HTTP/1.1 400 "},
        Talk{"NegativeLength", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 400 "},
        Talk{"BrokenChunk", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
             "the request body is broken"},
        Talk{"TooLarge", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\n\r\n", "HTTP/1.1 413 "},
        Talk{"TooLargeInPieces",
             "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n800\r\n" + std::string(2048, 'x') +
                 "\r\n0\r\n\r\n",
             "HTTP/1.1 413 "}),
    [](const auto& info) { return info.param.name; });

TEST_F(HttpServerTest, KeepsAnOldClientOnlyWhenItAsks) {
  serve(echo);
  auto client = connect();
  client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_THAT(client.read_until("]"), HasSubstr("Connection: keep-alive\r\n"));
  client.send("GET /2 HTTP/1.0\r\n\r\n");
  EXPECT_THAT(client.read_all(), AllOf(HasSubstr("Connection: close\r\n"), HasSubstr("GET /2 []")));
}

TEST_F(HttpServerTest, HeadHasTheHeadOnly) {
  serve(echo);
  const auto answer = talk("HEAD /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("Content-Length: 10\r\n"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
}

TEST_F(HttpServerTest, SaysContinueWhenTheBodyIsWanted) {
  serve(echo);
  auto client = connect();
  client.send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("hi");
  EXPECT_THAT(client.read_until("]"), HasSubstr("POST / [hi]"));
}

TEST_F(HttpServerTest, DoesNotSayContinueWhenTheBodyIsRefused) {
  serve(echo);
  const auto answer = talk("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2000\r\n\r\n");
  EXPECT_THAT(answer,
              AllOf(StartsWith("HTTP/1.1 413 "), HasSubstr("Connection: close"), Not(HasSubstr("100 Continue"))));
}

Task<> ignore_body(Exchange& exchange) {
  auto response = ServerResponse::text(200, "ignored");
  co_return co_await exchange.respond(std::move(response));
}

TEST_F(HttpServerTest, SkipsASmallBodyThatNobodyRead) {
  serve(ignore_body);
  auto client = connect();
  client.send("POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 20000\r\n\r\n" + std::string(20'000, 'x'));
  client.read_until("ignored");
  client.send("GET /2 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(client.read_all(), AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("ignored")));
}

TEST_F(HttpServerTest, LeavesAClientWhoseLargeBodyNobodyRead) {
  serve(ignore_body);
  auto client = connect();
  client.send("POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 20000000\r\n\r\n" + std::string(400'000, 'x'));
  EXPECT_THAT(client.read_all(), HasSubstr("ignored"));
}

TEST_F(HttpServerTest, TimesOutASlowHeader) {
  serve(echo, impatient());
  auto client = connect();
  client.send("GET / HTTP/1.1\r\nHost: ");
  EXPECT_THAT(client.read_all(), StartsWith("HTTP/1.1 408 "));
}

TEST_F(HttpServerTest, TimesOutASlowBody) {
  serve(echo, impatient());
  auto client = connect();
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_THAT(client.read_all(), StartsWith("HTTP/1.1 408 "));
}

TEST_F(HttpServerTest, ClosesAnIdleConnectionSilently) {
  serve(echo, impatient());
  auto client = connect();
  EXPECT_EQ(client.read_all(), "");
  auto used = connect();
  used.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  used.read_until("]");
  EXPECT_EQ(used.read_all(), "");
}

TEST_F(HttpServerTest, CutsOffAClientThatTakesNothing) {
  std::optional<Code> ended;
  auto pour = [&ended](Exchange& exchange) -> Task<> {
    CO_TRY_VOID(co_await exchange.start_stream(200, {}));
    for (;;) {
      auto written = co_await exchange.write(std::string(100'000, 'x'));
      if (written) continue;
      ended = written.error().code();
      co_return written;
    }
  };
  serve(pour, impatient());
  auto client = connect();
  client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  while (!ended) io_.run_one();
  EXPECT_EQ(*ended, Code::cancelled);
}

/// Parks until cancelled, and says so.
struct Parked {
  int parked = 0;
  int cancelled = 0;

  Handler handler() {
    return [this](Exchange& exchange) -> Task<> {
      CO_TRY_VOID(co_await exchange.read_body(1000));
      ++parked;
      Event never(co_await asio::this_coro::executor);
      co_await never.wait();
      ++cancelled;
      co_return Error(Code::cancelled, "cancelled");
    };
  }
};

struct Leaving {
  std::string name;
  std::function<void(RawClient&)> leave;
};
class LeavingClients : public HttpServerTest, public ::testing::WithParamInterface<Leaving> {};

TEST_P(LeavingClients, CancelTheParkedHandler) {
  Parked parked;
  serve(parked.handler());
  auto client = connect();
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi");
  while (parked.parked == 0) io_.run_one();
  GetParam().leave(client);
  while (server_->server().connections() > 0) io_.run_one();
  EXPECT_EQ(parked.cancelled, 1);
}

INSTANTIATE_TEST_SUITE_P(Table, LeavingClients,
                         ::testing::Values(Leaving{"Close", [](RawClient& client) { client.close(); }},
                                           Leaving{"HalfClose", [](RawClient& client) { client.half_close(); }},
                                           Leaving{"Reset", [](RawClient& client) { client.reset(); }},
                                           Leaving{"CloseAfterAPipelinedRequest",
                                                   [](RawClient& client) {
                                                     client.send("GET /next HTTP/1.1\r\nHost: h\r\n\r\n");
                                                     client.close();
                                                   }}),
                         [](const auto& info) { return info.param.name; });

TEST_F(HttpServerTest, AParkedRequestIsAnsweredAndTheNextOneRead) {
  std::optional<Event> wake;
  auto park_once = [&wake](Exchange& exchange) -> Task<> {
    if (exchange.request().path == "/park") {
      wake.emplace(co_await asio::this_coro::executor);
      co_await wake->wait();
    }
    co_return co_await echo(exchange);
  };
  serve(park_once);
  auto client = connect();
  client.send("GET /park HTTP/1.1\r\nHost: h\r\n\r\nGET /next HTTP/1.1\r\nHost: h\r\n\r\n");
  while (!wake) io_.run_one();
  io_.poll();
  wake->notify_all();
  EXPECT_THAT(client.read_until("]"), HasSubstr("GET /park []"));
  EXPECT_THAT(client.read_until("]"), HasSubstr("GET /next []"));
}

TEST_F(HttpServerTest, StopLetsRequestsFinish) {
  std::optional<Event> wake;
  auto park = [&wake](Exchange& exchange) -> Task<> {
    wake.emplace(co_await asio::this_coro::executor);
    co_await wake->wait();
    co_return co_await echo(exchange);
  };
  serve(park);
  auto idle = connect();
  auto busy = connect();
  busy.send("GET /busy HTTP/1.1\r\nHost: h\r\n\r\n");
  while (!wake) io_.run_one();
  asio::post(io_, [&] { wake->notify_all(); });
  server_->stop(Millis(60'000));
  EXPECT_THAT(busy.read_all(), AllOf(HasSubstr("GET /busy []"), HasSubstr("Connection: close")));
  EXPECT_EQ(idle.read_all(), "");
  EXPECT_ANY_THROW(connect());
}

TEST_F(HttpServerTest, StopCancelsWhatOutlivesTheGrace) {
  Parked parked;
  serve(parked.handler());
  auto client = connect();
  client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  while (parked.parked == 0) io_.run_one();
  server_->stop(Millis(0));
  EXPECT_EQ(parked.cancelled, 1);
  EXPECT_THAT(client.read_all(), AllOf(StartsWith("HTTP/1.1 503 "), HasSubstr("the server is stopping")));
}

TEST_F(HttpServerTest, TurnsAwayWhatIsTooMany) {
  ServerOptions options;
  options.max_connections = 1;
  serve(echo, options);
  auto first = connect();
  first.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  first.read_until("]");
  EXPECT_THAT(connect().read_all(), AllOf(StartsWith("HTTP/1.1 503 "), HasSubstr("Retry-After: 1")));
}

struct Failure {
  std::string name;
  Handler handler;
  std::string answer;
};
class Failures : public HttpServerTest, public ::testing::WithParamInterface<Failure> {};

TEST_P(Failures, BecomeAnswers) {
  serve(GetParam().handler);
  EXPECT_THAT(talk(kGet + "\r\n"), HasSubstr(GetParam().answer));
}

Task<> fail(Exchange&) { co_return Error(Code::conflict, "the name 'x' is \"taken\"").hint("Choose another."); }
Task<> throw_up(Exchange&) {
  throw std::runtime_error("surprise");
  co_return Result<>();
}
Task<> say_nothing(Exchange&) { co_return Result<>(); }
Task<> answer_twice(Exchange& exchange) {
  auto first = ServerResponse::text(200, "first");
  auto second = ServerResponse::text(200, "second");
  CO_TRY_VOID(co_await exchange.respond(std::move(first)));
  co_return co_await exchange.respond(std::move(second));
}
Task<> break_off(Exchange& exchange) {
  CO_TRY_VOID(co_await exchange.start_stream(200, {}));
  CO_TRY_VOID(co_await exchange.write("part"));
  co_return Error(Code::internal, "broken");
}

INSTANTIATE_TEST_SUITE_P(
    Table, Failures,
    ::testing::Values(
        Failure{"Error", fail,
                R"({"error":{"code":"conflict","message":"the name 'x' is \"taken\"","hint":"Choose another."}})"},
        Failure{"Exception", throw_up, "HTTP/1.1 500 "}, Failure{"NoAnswer", say_nothing, "HTTP/1.1 500 "},
        Failure{"TwoAnswers", answer_twice, "\r\n\r\nfirst"}, Failure{"BrokenStream", break_off, "4\r\npart\r\n"}),
    [](const auto& info) { return info.param.name; });

TEST_F(HttpServerTest, ABrokenStreamHasNoEnd) {
  serve(break_off);
  EXPECT_THAT(talk(kGet + "\r\n"), Not(HasSubstr("0\r\n\r\n")));
}

TEST_F(HttpServerTest, StreamsAreChunkedAndEnd) {
  auto stream = [](Exchange& exchange) -> Task<> {
    Headers headers{{"Content-Type", "text/event-stream"}};
    CO_TRY_VOID(co_await exchange.start_stream(200, std::move(headers)));
    CO_TRY_VOID(co_await exchange.write("one"));
    CO_TRY_VOID(co_await exchange.write(""));
    co_return co_await exchange.write("twotwotwotwotwotwo");
  };
  serve(stream);
  EXPECT_THAT(talk(kGet + "\r\n"), HasSubstr("\r\n\r\n3\r\none\r\n12\r\ntwotwotwotwotwotwo\r\n0\r\n\r\n"));
  const auto old = talk("GET / HTTP/1.0\r\n\r\n");
  EXPECT_THAT(old, AllOf(HasSubstr("\r\n\r\nonetwo"), Not(HasSubstr("chunked"))));
  EXPECT_TRUE(talk("HEAD / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").ends_with("\r\n\r\n"));
}

TEST_F(HttpServerTest, SendsFilesWithRangesAndTags) {
  const auto file = std::filesystem::temp_directory_path() / ("http-server-test-" + random_id());
  const std::string content(600'000, 'x');
  std::ofstream(file) << "begin" << content << "end";
  serve([file](Exchange& exchange) -> Task<> {
    const auto missing = exchange.request().path == "/missing";
    co_return co_await exchange.send_file(missing ? "/no/such/file" : file, "text/plain", "\"v1\"");
  });
  const auto whole = talk(kGet + "\r\n");
  EXPECT_THAT(whole, AllOf(HasSubstr("ETag: \"v1\""), HasSubstr("Content-Length: 600008"),
                           HasSubstr("Content-Type: text/plain")));
  EXPECT_TRUE(whole.ends_with("xend"));
  const auto part = talk(kGet + "Range: bytes=-4\r\n\r\n");
  EXPECT_THAT(part, AllOf(StartsWith("HTTP/1.1 206 "), HasSubstr("Content-Range: bytes 600004-600007/600008")));
  EXPECT_TRUE(part.ends_with("\r\n\r\nxend"));
  EXPECT_THAT(talk(kGet + "If-None-Match: \"v1\"\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 304 "), Not(HasSubstr("Content-Length"))));
  EXPECT_THAT(talk(kGet + "Range: bytes=700000-\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 416 "), HasSubstr("bytes */600008")));
  EXPECT_TRUE(talk("HEAD / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").ends_with("\r\n\r\n"));
  EXPECT_THAT(talk("GET /missing HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"), StartsWith("HTTP/1.1 404 "));
  std::filesystem::remove(file);
}

TEST(HttpServer, SaysWhyItCannotListen) {
  asio::io_context io;
  const auto first = HttpServer::create(io.get_executor(), {}, echo);
  ASSERT_TRUE(first);
  ServerOptions taken;
  taken.port = (*first)->port();
  EXPECT_EQ(HttpServer::create(io.get_executor(), taken, echo).error().code(), Code::failed_precondition);
  ServerOptions nowhere;
  nowhere.host = "no such host!";
  EXPECT_EQ(HttpServer::create(io.get_executor(), nowhere, echo).error().code(), Code::invalid_argument);
  ServerOptions foreign;
  foreign.host = "192.0.2.1";
  EXPECT_FALSE(HttpServer::create(io.get_executor(), foreign, echo));
}

}  // namespace
}  // namespace slipway::net
