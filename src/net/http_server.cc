#include "net/http_server.h"

#include <list>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include "async/event.h"
#include "async/scope.h"
#include "base/log.h"
#include "net/connection.h"
#include "net/request_head.h"

namespace slipway::net {
namespace {

using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

/// How often deadlines are looked at: fine enough for the shortest of them, and never busy.
Millis sweep_interval(const ServerOptions& options) {
  const auto shortest = std::min({options.header_timeout, options.keep_alive_timeout, options.write_timeout});
  return std::clamp(shortest / 8, Millis(5), Millis(500));
}

Result<tcp::endpoint> resolve(const asio::any_io_executor& executor, const ServerOptions& options) {
  error_code ec;
  if (const auto address = asio::ip::make_address(options.host, ec); !ec) return tcp::endpoint(address, options.port);
  tcp::resolver resolver(executor);
  const auto found = resolver.resolve(options.host, std::to_string(options.port), ec);
  if (!ec && !found.empty()) return found.begin()->endpoint();
  return Error(Code::invalid_argument, fmt::format("listening on '{}': no such host", options.host));
}

Error listen_error(const tcp::endpoint& endpoint, error_code ec) {
  const auto where =
      fmt::format("listening on {}:{}: {}", endpoint.address().to_string(), endpoint.port(), ec.message());
  if (ec == asio::error::access_denied) {
    return Error(Code::permission_denied, where).hint("Ports below 1024 are for root; choose a higher one.");
  }
  return Error(Code::failed_precondition, where)
      .hint("Another program uses this address; choose another port, or 0 for any free one.");
}

class Server final : public HttpServer {
 public:
  Server(asio::any_io_executor executor, ServerOptions options, Handler handler)
      : executor_(executor), acceptor_(executor), emptied_(executor), scope_(executor) {
    context_.executor = executor_;
    context_.options = std::move(options);
    context_.handler = std::move(handler);
  }

  Result<> bind() {
    TRY(const auto endpoint, resolve(executor_, context_.options));
    error_code ec;
    acceptor_.open(endpoint.protocol(), ec);
    if (!ec) acceptor_.set_option(tcp::acceptor::reuse_address(true), ec);
    if (!ec) acceptor_.bind(endpoint, ec);
    if (!ec) acceptor_.listen(asio::socket_base::max_listen_connections, ec);
    if (!ec) port_ = acceptor_.local_endpoint(ec).port();
    if (ec) return listen_error(endpoint, ec);
    return {};
  }

  std::uint16_t port() const override { return port_; }
  std::size_t connections() const override { return connections_.size(); }

  void start() override {
    scope_.spawn("http accept", [this] { return accept_loop(); });
    scope_.spawn("http deadlines", [this] { return sweep_loop(); });
  }

  asio::awaitable<void> stop(Millis grace) override {
    context_.stopping = true;
    error_code ignored;
    acceptor_.close(ignored);
    for (const auto& connection : connections_) connection->close_if_idle();
    const auto deadline = std::chrono::steady_clock::now() + grace;
    while (!connections_.empty() && std::chrono::steady_clock::now() < deadline) {
      co_await emptied_.wait(deadline - std::chrono::steady_clock::now());
    }
    const auto unfinished = connections_;  // A cancelled handler may end at once, and its connection with it.
    for (const auto& connection : unfinished) connection->cancel_handler();
    while (!connections_.empty()) co_await emptied_.wait();
    co_await scope_.stop();
  }

 private:
  asio::awaitable<void> accept_loop() {
    while (!context_.stopping) {
      auto [ec, socket] = co_await acceptor_.async_accept(kAwait);
      if (ec == asio::error::operation_aborted) co_return;
      if (ec) {
        // Out of descriptors: the waiting client stays in the backlog until a connection ends.
        log::warn("cannot accept a connection", {{"error", ec.message()}});
        const auto slept = co_await sleep_for(Millis(100));
        if (!slept) co_return;
      } else if (connections_.size() >= context_.options.max_connections) {
        turn_away(std::move(socket));
      } else {
        serve(std::move(socket));
      }
    }
  }

  void turn_away(tcp::socket socket) {
    const Headers headers{{"Retry-After", "1"}};
    const ResponseHead head{.status = 503, .headers = &headers, .content_length = 0, .close = true};
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(head_text(head)), ignored);
  }

  void serve(tcp::socket socket) {
    const auto place =
        connections_.insert(connections_.end(), std::make_shared<Connection>(context_, std::move(socket)));
    (*place)->start([this, place] {
      connections_.erase(place);
      if (context_.stopping) emptied_.notify_all();
    });
  }

  asio::awaitable<void> sweep_loop() {
    const auto interval = sweep_interval(context_.options);
    for (;;) {
      const auto slept = co_await sleep_for(interval);
      if (!slept) co_return;
      const auto now = std::chrono::steady_clock::now();
      for (const auto& connection : connections_) connection->expire(now);
    }
  }

  asio::any_io_executor executor_;
  ServerContext context_;
  tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  std::list<std::shared_ptr<Connection>> connections_;
  Event emptied_;
  Scope scope_;
};

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::create(asio::any_io_executor executor, ServerOptions options,
                                                       Handler handler) {
  auto server = std::make_unique<Server>(std::move(executor), std::move(options), std::move(handler));
  TRY_VOID(server->bind());
  return std::unique_ptr<HttpServer>(std::move(server));
}

}  // namespace slipway::net
