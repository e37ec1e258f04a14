// Connection: one client of the server, and the Exchange that its handlers see. Private to the server; all
// calls on the server's executor.
#pragma once
#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>

#include "net/http_server.h"

namespace slipway::net {

/// What all connections of a server share. Outlives them.
struct ServerContext {
  asio::any_io_executor executor;
  ServerOptions options;
  Handler handler;
  asio::thread_pool files{2};  ///< Blocking reads of send_file.
  bool stopping = false;
};

/// A request goes through three coroutines, one after the other: prepare(), the handler, conclude(). While a
/// handler is parked nothing else of the connection lives: no coroutine, no buffer, no parser and no timer
/// (the server's sweep calls expire() when the deadline has passed).
class Connection final : public Exchange, public std::enable_shared_from_this<Connection> {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Socket = asio::ip::tcp::socket;

  Connection(ServerContext& server, Socket socket);
  /// Serves requests until the connection ends, then calls `on_end`. Once.
  void start(std::function<void()> on_end);
  void expire(Time now);
  void close_if_idle();
  void cancel_handler() { signal_.emit(asio::cancellation_type::terminal); }

  const ServerRequest& request() const override { return request_; }
  Task<std::string> read_body(std::size_t limit) override;
  Task<std::string> read_some() override;
  Task<> respond(ServerResponse response) override;
  Task<> send_file(std::filesystem::path file, std::string content_type, std::string etag) override;
  Task<> start_stream(int status, Headers headers) override;
  Task<> write(std::string chunk) override;
  Task<> finish_stream() override;

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::buffer_body>;
  using Buffers = std::array<asio::const_buffer, 3>;
  enum class Phase { idle, reading_head, handling, concluding };
  enum class Answer { none, streaming, complete };

  template <class T>
  void spawn(asio::awaitable<T> part, void (Connection::*then)(T));
  void next() { spawn(prepare(), &Connection::prepared); }
  void prepared(bool ready);
  void handled(Result<> outcome);
  void concluded(bool go_on);
  void end();

  asio::awaitable<bool> prepare();
  asio::awaitable<bool> wait_for_request();
  Task<> read_head();
  Result<> take_head();
  asio::awaitable<void> refuse(Error error);
  asio::awaitable<bool> conclude(Result<> outcome);
  asio::awaitable<void> answer_for(Result<> outcome);
  asio::awaitable<void> skip_body();
  asio::awaitable<void> close_down();
  asio::awaitable<void> linger();
  Task<> fill(std::size_t bytes);
  Task<> write_all(Buffers buffers);
  Task<> begin_body();
  Task<std::size_t> read_piece(char* into, std::size_t size);
  Result<> may_answer() const;
  std::string make_head(int status, const Headers& headers, std::optional<std::uint64_t> length);
  Task<> send_file_body(int fd, std::uint64_t offset, std::uint64_t length);
  void body_done();

  void arm(Millis limit) { deadline_ = std::chrono::steady_clock::now() + limit; }
  void disarm() { deadline_ = Time::max(); }
  void watch();
  void unwatch();
  void on_readable();

  ServerContext& server_;
  std::function<void()> on_end_;
  Socket socket_;
  asio::cancellation_signal signal_;
  boost::beast::flat_buffer buffer_;  ///< Read from the socket, not parsed yet; freed when empty.
  std::unique_ptr<Parser> parser_;    ///< Only until the body has been read.
  ServerRequest request_;
  Time deadline_ = Time::max();
  unsigned watch_turn_ = 0;
  Phase phase_ = Phase::idle;
  Answer answer_ = Answer::none;
  bool watching_ = false;
  bool head_only_ = false;   ///< HEAD.
  bool old_client_ = false;  ///< HTTP/1.0.
  bool keep_alive_ = true;
  bool wants_continue_ = false;
  bool timed_out_ = false;
  bool gone_ = false;     ///< The client went away.
  bool chunked_ = false;  ///< The stream in progress is.
};

}  // namespace slipway::net
