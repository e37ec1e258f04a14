// LoopbackServer: a HttpServer on a port of the kernel's choice, for tests. One io_context drives server and
// client.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include "async/testing.h"
#include "net/http_client.h"
#include "net/http_server.h"

namespace slipway::net {

class LoopbackServer {
 public:
  LoopbackServer(asio::io_context& io, Handler handler, ServerOptions options = {}) : io_(io) {
    auto created = HttpServer::create(io.get_executor(), std::move(options), std::move(handler));
    if (!created) throw std::runtime_error(created.error().to_string());
    server_ = std::move(*created);
    server_->start();
  }
  ~LoopbackServer() { stop(Millis(2'000)); }

  /// Stops it once; the destructor finds nothing left to do.
  void stop(Millis grace) {
    if (stopped_) return;
    stopped_ = true;
    static_cast<void>(run_task(io_, [&] { return stop_task(grace); }));
  }
  HttpServer& server() { return *server_; }
  std::string url(std::string_view path = "/") const {
    return fmt::format("http://127.0.0.1:{}{}", server_->port(), path);
  }

 private:
  Task<> stop_task(Millis grace) {
    co_await server_->stop(grace);
    co_return Result<>();
  }

  asio::io_context& io_;
  std::unique_ptr<HttpServer> server_;
  bool stopped_ = false;
};

}  // namespace slipway::net
