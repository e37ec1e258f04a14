// TcpProxy: a connection between two parties under test that can be cut, stalled and refused.
#pragma once
#include <atomic>
#include <list>
#include <memory>
#include <string>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace slipway::testing_support {

/// Listens on 127.0.0.1 and passes bytes on to 127.0.0.1:`target`, on a thread of its own. All calls are thread-safe and
/// have taken effect when they return.
class TcpProxy {
 public:
  explicit TcpProxy(unsigned short target);
  ~TcpProxy();
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  unsigned short port() const { return port_; }
  /// Ends what is open with a reset. New connections are welcome.
  void reset_all();
  /// Resets what is open and refuses what comes, until pass().
  void refuse();
  /// Keeps connections open and passes nothing more on, in either direction, until pass().
  void stall();
  void pass();
  /// Connections accepted so far.
  int accepted() const { return accepted_; }

 private:
  struct Pair;
  enum class Mode { passing, refusing, stalled };
  void accept();
  void serve(std::shared_ptr<Pair> pair);
  void pump(std::shared_ptr<Pair> pair, bool towards_target);
  void on_thread(std::function<void()> work);
  void close_all();

  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  unsigned short target_;
  unsigned short port_ = 0;
  Mode mode_ = Mode::passing;  ///< The thread's own.
  std::list<std::weak_ptr<Pair>> pairs_;
  std::atomic<int> accepted_{0};
  std::thread thread_;
};

}  // namespace slipway::testing_support
