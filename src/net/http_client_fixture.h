// HttpClientTest: a client and a server on one io_context, and a folder of their own.
#pragma once
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/ids.h"
#include "net/testing.h"

namespace slipway::net {

/// Says what the request was: method, path, query, some headers and the length of the body.
inline Task<> describe(Exchange& exchange) {
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
  HttpClientTest() : folder_(std::filesystem::temp_directory_path() / ("http-client-test-" + random_id())) {
    std::filesystem::create_directories(folder_);
  }
  ~HttpClientTest() override { std::filesystem::remove_all(folder_); }

  void serve(Handler handler, ServerOptions options = {}) {
    server_.emplace(io_, std::move(handler), std::move(options));
  }
  ClientRequest to(std::string path, std::string method = "GET") {
    ClientRequest request;
    request.method = std::move(method);
    request.url = server_->url(path);
    return request;
  }
  Result<ClientResponse> send(ClientRequest request) {
    return run_task(io_, [&] { return client_.send(std::move(request)); });
  }
  std::filesystem::path write(const std::string& name, std::string_view content) {
    std::ofstream(folder_ / name, std::ios::binary) << content;
    return folder_ / name;
  }
  static std::string read(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  asio::io_context io_;
  std::optional<LoopbackServer> server_;
  std::filesystem::path folder_;
  HttpClient client_;
};

}  // namespace slipway::net
