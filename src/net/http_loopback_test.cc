#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/testing.h"

namespace slipway::net {
namespace {

TEST(HttpLoopback, AnswersARequest) {
  asio::io_context io;
  HttpClient client;
  LoopbackServer server(io, [](Exchange& exchange) -> Task<> {
    CO_TRY(auto body, co_await exchange.read_body(1000));
    auto response = ServerResponse::text(200, exchange.request().method + " " + exchange.request().path + " " + body);
    co_return co_await exchange.respond(std::move(response));
  });
  ClientRequest request;
  request.method = "POST";
  request.url = server.url("/a%20b?c=d");
  request.body = "hello";
  const auto response = run_task(io, [&] { return client.send(request); });
  ASSERT_TRUE(response) << response.error().to_string();
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "POST /a b hello");
}

}  // namespace
}  // namespace slipway::net
