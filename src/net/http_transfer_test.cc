// Bodies, streams, time limits and cancellation of the client.
#include <algorithm>
#include <filesystem>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async/event.h"
#include "async/scope.h"
#include "net/http_client_fixture.h"

namespace slipway::net {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

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
    auto response = ServerResponse::text(201, fmt::format("{} {} {}", exchange.request().method,
                                                          exchange.request().headers.get("Content-Length"), total));
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

TEST_F(HttpClientTest, StreamsALotInOrder) {
  constexpr int kPieces = 200;
  std::size_t consumed = 0;
  serve([&](Exchange& exchange) -> Task<> {
    CO_TRY_VOID(co_await exchange.start_stream(200, {}));
    for (int i = 0; i < kPieces; ++i) {
      CO_TRY_VOID(co_await exchange.write(std::string(100'000, static_cast<char>('a' + i % 26))));
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

TEST_F(HttpClientTest, AConsumerThatWaitsHoldsTheSenderBack) {
  constexpr std::size_t kPiece = 1 << 20;
  constexpr std::size_t kTotal = 200 * kPiece;
  std::size_t produced = 0;
  serve([&produced](Exchange& exchange) -> Task<> {
    CO_TRY_VOID(co_await exchange.start_stream(200, {}));
    for (; produced < kTotal; produced += kPiece) CO_TRY_VOID(co_await exchange.write(std::string(kPiece, 'x')));
    co_return Result<>();
  });
  auto request = to("/");
  std::size_t consumed = 0;
  std::size_t ahead = 0;
  request.consume = [&](std::string piece) -> Task<bool> {
    // At the first piece: until the sender has come to a halt.
    for (std::size_t before = kTotal; consumed == 0 && before != produced;) {
      before = produced;
      CO_TRY_VOID(co_await sleep_for(Millis(50)));
      ahead = produced;
    }
    consumed += piece.size();
    co_return true;
  };
  ASSERT_TRUE(send(request));
  EXPECT_LT(ahead, kTotal);
  EXPECT_EQ(consumed, kTotal);
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
  asio::co_spawn(
      io_, client_.send(to("/")),
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

}  // namespace
}  // namespace slipway::net
