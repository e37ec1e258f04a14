#include "net/connection.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/error.hpp>
#include <fmt/format.h>

#include "base/log.h"
#include "base/strings.h"
#include "net/request_head.h"

namespace slipway::net {
namespace {

namespace http = boost::beast::http;
using boost::system::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kHeadRead = 2048;          ///< A typical head in one read.
constexpr std::size_t kMaxPipelined = 64 << 10;  ///< What is read ahead while a handler runs.
constexpr std::size_t kMaxSkipped = 256 << 10;   ///< A larger unread body costs the connection.
constexpr Millis kLinger{2'000};

std::string peer_name(const asio::ip::tcp::socket& socket) {
  error_code ec;
  const auto endpoint = socket.remote_endpoint(ec);
  return ec ? std::string("unknown") : fmt::format("{}:{}", endpoint.address().to_string(), endpoint.port());
}

Error bad_head(error_code ec, std::size_t limit) {
  if (ec == http::error::header_limit || ec == http::error::buffer_overflow) {
    return Error(Code::resource_exhausted, fmt::format("the request head is larger than {} bytes", limit));
  }
  return Error(Code::invalid_argument, fmt::format("not a valid HTTP request: {}", ec.message()));
}

/// What a coroutine that ended by an exception counts as: no further request, or an error.
template <class T>
T failed_value(const std::exception_ptr& error);

template <>
bool failed_value<bool>(const std::exception_ptr&) {
  return false;
}

template <>
Result<> failed_value<Result<>>(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const boost::system::system_error& failure) {
    if (failure.code() == asio::error::operation_aborted) return Error(Code::cancelled, "cancelled");
    return Error(Code::internal, failure.what());
  } catch (const std::exception& failure) {
    return Error(Code::internal, failure.what());
  }
}

}  // namespace

Connection::Connection(ServerContext& server, Socket socket)
    : server_(server),
      socket_(std::move(socket)),
      buffer_(server.options.max_header_bytes + kMaxPipelined + kHeadRead) {
  error_code ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket_.set_option(asio::socket_base::keep_alive(true), ignored);
}

void Connection::start(std::function<void()> on_end) {
  on_end_ = std::move(on_end);
  next();
}

template <class T>
void Connection::spawn(asio::awaitable<T> part, void (Connection::*then)(T)) {
  auto done = [self = shared_from_this(), then](const std::exception_ptr& error, T value) {
    if (error) value = failed_value<T>(error);
    (*self.*then)(std::move(value));
  };
  asio::co_spawn(server_.executor, std::move(part), asio::bind_cancellation_slot(signal_.slot(), std::move(done)));
}

void Connection::prepared(bool ready) {
  if (!ready) return end();
  phase_ = Phase::handling;
  if (!parser_) watch();
  spawn(server_.handler(*this), &Connection::handled);
}

void Connection::handled(Result<> outcome) {
  unwatch();
  disarm();
  phase_ = Phase::concluding;
  if (gone_) return end();
  spawn(conclude(std::move(outcome)), &Connection::concluded);
}

void Connection::concluded(bool go_on) {
  phase_ = Phase::idle;
  if (!go_on) return end();
  next();
}

void Connection::end() {
  error_code ignored;
  socket_.close(ignored);
  if (on_end_) std::exchange(on_end_, nullptr)();
}

asio::awaitable<bool> Connection::prepare() {
  const bool begun = co_await wait_for_request();
  if (!begun) co_return false;
  phase_ = Phase::reading_head;
  auto head = co_await read_head();
  if (head) head = take_head();
  if (head) co_return true;
  if (!gone_) co_await refuse(std::move(head).error());
  co_await close_down();
  co_return false;
}

void Connection::expire(Time now) {
  if (now < deadline_) return;
  timed_out_ = true;
  disarm();
  error_code ignored;
  socket_.cancel(ignored);
}

void Connection::close_if_idle() {
  error_code ignored;
  if (phase_ == Phase::idle) socket_.cancel(ignored);
}

asio::awaitable<bool> Connection::wait_for_request() {
  if (buffer_.size() > 0) co_return !server_.stopping;
  buffer_.shrink_to_fit();
  if (server_.stopping) co_return false;
  arm(server_.options.keep_alive_timeout);
  const auto [ec] = co_await socket_.async_wait(Socket::wait_read, kAwait);
  disarm();
  co_return !ec && !timed_out_ && !server_.stopping;
}

Task<> Connection::fill(std::size_t bytes) {
  if (timed_out_) co_return Error(Code::deadline_exceeded, "the client sent nothing for too long");
  const auto [ec, got] = co_await socket_.async_read_some(buffer_.prepare(bytes), kAwait);
  buffer_.commit(got);
  if (timed_out_) co_return Error(Code::deadline_exceeded, "the client sent nothing for too long");
  if (!ec) co_return Result<>();
  gone_ = ec != asio::error::operation_aborted;
  co_return Error(Code::cancelled, "the client went away");
}

Task<> Connection::read_head() {
  parser_ = std::make_unique<Parser>();
  parser_->header_limit(static_cast<std::uint32_t>(server_.options.max_header_bytes));
  parser_->body_limit(boost::none);  // The handler knows the limit: see read_body.
  arm(server_.options.header_timeout);
  for (;;) {
    if (buffer_.size() > 0) {
      error_code ec;
      buffer_.consume(parser_->put(buffer_.data(), ec));
      if (ec && ec != http::error::need_more) co_return bad_head(ec, server_.options.max_header_bytes);
      if (parser_->is_header_done()) break;
    }
    CO_TRY_VOID(co_await fill(kHeadRead));
  }
  disarm();
  co_return Result<>();
}

Result<> Connection::take_head() {
  auto& message = parser_->get();
  request_ = ServerRequest();
  request_.method = std::string(message.method_string());
  request_.peer = peer_name(socket_);
  request_.headers.reserve(static_cast<std::size_t>(std::distance(message.begin(), message.end())));
  for (const auto& field : message) request_.headers.add(std::string(field.name_string()), std::string(field.value()));
  head_only_ = request_.method == "HEAD";
  old_client_ = message.version() < 11;
  keep_alive_ = message.keep_alive();
  wants_continue_ = !old_client_ && lower(request_.headers.get("Expect")) == "100-continue";
  answer_ = Answer::none;

  TRY(auto target, parse_target(std::string_view(message.target().data(), message.target().size())));
  request_.path = std::move(target.path);
  request_.query = std::move(target.query);
  if (!old_client_ && !request_.headers.has("Host")) return Error(Code::invalid_argument, "the Host header is missing");
  if (request_.headers.has("Transfer-Encoding") && !parser_->chunked()) {
    return Error(Code::invalid_argument, "only the transfer encoding 'chunked' is supported");
  }
  message.base().clear();
  if (parser_->is_done()) body_done();
  return {};
}

void Connection::body_done() {
  parser_.reset();
  if (buffer_.size() == 0) buffer_.shrink_to_fit();
  if (phase_ == Phase::handling) watch();
}

asio::awaitable<void> Connection::refuse(Error error) {
  auto response = ServerResponse::from_error(error);
  if (error.code() == Code::resource_exhausted) response.status = 431;
  if (error.code() == Code::deadline_exceeded) response.status = 408;
  timed_out_ = false;
  keep_alive_ = false;
  static_cast<void>(co_await respond(std::move(response)));
}

asio::awaitable<bool> Connection::conclude(Result<> outcome) {
  co_await answer_for(std::move(outcome));
  // An answer that was cut short can only be told from a whole one by the end of the connection.
  if (answer_ != Answer::complete) keep_alive_ = false;
  if (keep_alive_ && parser_) co_await skip_body();
  if (!keep_alive_) co_await close_down();
  co_return keep_alive_;
}

asio::awaitable<void> Connection::answer_for(Result<> outcome) {
  if (!outcome && answer_ == Answer::none) {
    auto response = ServerResponse::from_error(outcome.error());
    if (outcome.error().code() == Code::cancelled && server_.stopping) {
      response = ServerResponse::from_error(Error(Code::unavailable, "the server is stopping"));
    }
    if (timed_out_) response.status = 408;
    keep_alive_ = keep_alive_ && !timed_out_;
    timed_out_ = false;
    static_cast<void>(co_await respond(std::move(response)));
  } else if (answer_ == Answer::none) {
    log::error("a handler gave no answer", {{"method", request_.method}, {"path", request_.path}});
    auto response = ServerResponse::from_error(Error(Code::internal, "the server gave no answer"));
    static_cast<void>(co_await respond(std::move(response)));
  } else if (outcome && answer_ == Answer::streaming) {
    static_cast<void>(co_await finish_stream());
  }
}

asio::awaitable<void> Connection::skip_body() {
  // Without "100 Continue" nobody knows whether the client will send the body.
  if (wants_continue_) keep_alive_ = false;
  std::size_t skipped = 0;
  std::array<char, 4096> scratch;
  while (keep_alive_ && parser_) {
    const auto piece = co_await read_piece(scratch.data(), scratch.size());
    skipped += piece.value_or(0);
    if (!piece || skipped > kMaxSkipped) keep_alive_ = false;
  }
}

asio::awaitable<void> Connection::close_down() {
  const bool unread = parser_ || buffer_.size() > 0;
  if (unread && !gone_ && !timed_out_) co_await linger();
  error_code ignored;
  socket_.close(ignored);
}

/// Closing while bytes of the client are unread resets the connection, and the client may lose the answer:
/// read on for a moment.
asio::awaitable<void> Connection::linger() {
  phase_ = Phase::idle;
  error_code ec;
  socket_.shutdown(Socket::shutdown_send, ec);
  arm(kLinger);
  std::array<char, 4096> scratch;
  while (!ec && !timed_out_) {
    const auto [failed, got] = co_await socket_.async_read_some(asio::buffer(scratch), kAwait);
    ec = failed;
  }
  disarm();
}

void Connection::watch() {
  watching_ = true;
  const unsigned turn = ++watch_turn_;
  socket_.async_wait(Socket::wait_read, [self = shared_from_this(), turn](error_code ec) {
    if (ec || turn != self->watch_turn_) return;
    self->on_readable();
  });
}

void Connection::unwatch() {
  if (!watching_) return;
  watching_ = false;
  ++watch_turn_;
  error_code ignored;
  socket_.cancel(ignored);
}

void Connection::on_readable() {
  // A pipelined request, or the end. More than kMaxPipelined stays in the kernel, and the end behind it goes
  // unseen until it is read.
  watching_ = false;
  if (buffer_.size() >= kMaxPipelined) return;
  error_code ec;
  const auto got = socket_.read_some(buffer_.prepare(kHeadRead), ec);
  buffer_.commit(got);
  if (buffer_.size() == 0) buffer_.shrink_to_fit();
  if (!ec || ec == asio::error::would_block) return watch();
  gone_ = true;
  cancel_handler();
}

}  // namespace slipway::net
