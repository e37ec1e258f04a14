#include "tcp_proxy.h"

#include <array>
#include <functional>
#include <future>

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

namespace slipway::testing_support {

namespace asio = boost::asio;
using asio::ip::tcp;

struct TcpProxy::Pair {
  explicit Pair(tcp::socket accepted, asio::io_context& io) : client(std::move(accepted)), target(io) {}
  /// With a reset instead of an orderly end.
  void cut() {
    for (auto* socket : {&client, &target}) {
      boost::system::error_code ignored;
      socket->set_option(asio::socket_base::linger(true, 0), ignored);
      socket->close(ignored);
    }
  }
  tcp::socket client;
  tcp::socket target;
  std::array<std::array<char, 16384>, 2> buffers{};
};

TcpProxy::TcpProxy(unsigned short target)
    : acceptor_(io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
      target_(target),
      port_(acceptor_.local_endpoint().port()) {
  accept();
  thread_ = std::thread([this] { io_.run(); });
}

TcpProxy::~TcpProxy() {
  on_thread([this] {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    close_all();
  });
  io_.stop();
  thread_.join();
}

void TcpProxy::on_thread(std::function<void()> work) {
  std::promise<void> done;
  asio::post(io_, [&] {
    work();
    done.set_value();
  });
  done.get_future().wait();
}

void TcpProxy::close_all() {
  for (const auto& weak : pairs_) {
    if (const auto pair = weak.lock()) pair->cut();
  }
  pairs_.clear();
}

void TcpProxy::reset_all() {
  on_thread([this] { close_all(); });
}

void TcpProxy::refuse() {
  on_thread([this] {
    mode_ = Mode::refusing;
    close_all();
  });
}

void TcpProxy::stall() {
  on_thread([this] { mode_ = Mode::stalled; });
}

void TcpProxy::pass() {
  on_thread([this] {
    // What was stalled has lost bytes by now: it cannot go on.
    if (mode_ == Mode::stalled) close_all();
    mode_ = Mode::passing;
  });
}

void TcpProxy::accept() {
  acceptor_.async_accept([this](const boost::system::error_code& error, tcp::socket socket) {
    if (error) return;
    ++accepted_;
    auto pair = std::make_shared<Pair>(std::move(socket), io_);
    pairs_.push_back(pair);
    if (mode_ == Mode::refusing)
      pair->cut();
    else
      serve(pair);
    accept();
  });
}

void TcpProxy::serve(std::shared_ptr<Pair> pair) {
  const tcp::endpoint where(asio::ip::address_v4::loopback(), target_);
  pair->target.async_connect(where, [this, pair](const boost::system::error_code& error) {
    if (error) return pair->cut();
    pump(pair, true);
    pump(pair, false);
  });
}

void TcpProxy::pump(std::shared_ptr<Pair> pair, bool towards_target) {
  auto& from = towards_target ? pair->client : pair->target;
  auto& to = towards_target ? pair->target : pair->client;
  auto& buffer = pair->buffers[towards_target ? 0 : 1];
  from.async_read_some(asio::buffer(buffer), [this, pair, towards_target, &to, &buffer](
                                                 const boost::system::error_code& error, std::size_t size) {
    if (error) return pair->cut();
    if (mode_ == Mode::stalled) return pump(pair, towards_target);
    asio::async_write(to, asio::buffer(buffer, size),
                      [this, pair, towards_target](const boost::system::error_code& failed, std::size_t) {
                        if (failed) return pair->cut();
                        pump(pair, towards_target);
                      });
  });
}

}  // namespace slipway::testing_support
