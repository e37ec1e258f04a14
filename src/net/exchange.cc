// Connection's side that handlers see: reading bodies, giving answers.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <fmt/format.h>

#include "net/connection.h"
#include "net/file_answer.h"
#include "net/request_head.h"

namespace slipway::net {
namespace {

namespace http = boost::beast::http;
using boost::system::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kMaxPiece = 256 << 10;
constexpr std::size_t kBodyRead = 32 << 10;

bool has_no_body(int status) { return status == 204 || status == 304; }

Error too_large(std::size_t limit) {
  return Error(Code::resource_exhausted, fmt::format("the request body is larger than {} bytes", limit));
}

class FileHandle {
 public:
  explicit FileHandle(const std::filesystem::path& file) : fd_(::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~FileHandle() {
    if (fd_ >= 0) ::close(fd_);
  }
  FileHandle(const FileHandle&) = delete;
  FileHandle& operator=(const FileHandle&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

}  // namespace

Task<> Connection::begin_body() {
  if (!wants_continue_) co_return Result<>();
  wants_continue_ = false;
  const Buffers go_on = {asio::buffer("HTTP/1.1 100 Continue\r\n\r\n", 25)};
  co_return co_await write_all(go_on);
}

Task<std::size_t> Connection::read_piece(char* into, std::size_t size) {
  auto& body = parser_->get().body();
  body.data = into;
  body.size = size;
  body.more = true;
  arm(server_.options.header_timeout);
  while (!parser_->is_done() && body.size == size) {
    if (buffer_.size() > 0) {
      error_code ec;
      buffer_.consume(parser_->put(buffer_.data(), ec));
      if (ec && ec != http::error::need_more && ec != http::error::need_buffer) {
        keep_alive_ = false;
        co_return Error(Code::invalid_argument, fmt::format("the request body is broken: {}", ec.message()));
      }
      if (parser_->is_done() || body.size != size) break;
    }
    CO_TRY_VOID(co_await fill(kBodyRead));
  }
  disarm();
  const auto got = size - body.size;
  if (parser_->is_done()) body_done();
  co_return got;
}

Task<std::string> Connection::read_some() {
  std::string piece;
  CO_TRY_VOID(co_await begin_body());
  if (!parser_) co_return piece;
  piece.resize(std::min<std::size_t>(kMaxPiece, parser_->content_length_remaining().value_or(kMaxPiece)));
  CO_TRY(const auto got, co_await read_piece(piece.data(), piece.size()));
  piece.resize(got);
  co_return piece;
}

Task<std::string> Connection::read_body(std::size_t limit) {
  std::string body;
  if (!parser_) co_return body;
  if (parser_->content_length().value_or(0) > limit) {
    keep_alive_ = false;
    co_return too_large(limit);
  }
  while (parser_) {
    CO_TRY(auto piece, co_await read_some());
    if (body.size() + piece.size() > limit) {
      keep_alive_ = false;
      co_return too_large(limit);
    }
    body = body.empty() ? std::move(piece) : body + piece;
  }
  co_return body;
}

Task<> Connection::write_all(Buffers buffers) {
  std::size_t left = asio::buffer_size(buffers);
  while (left > 0) {
    arm(server_.options.write_timeout);
    const auto [ec, sent] = co_await socket_.async_write_some(buffers, kAwait);
    disarm();
    if (ec || timed_out_) {
      keep_alive_ = false;
      co_return Error(Code::cancelled, timed_out_ ? "the client takes no data" : "the client went away");
    }
    left -= sent;
    std::size_t done = sent;
    for (auto& buffer : buffers) {
      const auto step = std::min(done, buffer.size());
      buffer += step;
      done -= step;
    }
  }
  co_return Result<>();
}

Result<> Connection::may_answer() const {
  if (answer_ != Answer::none) return Error(Code::internal, "a request is answered twice");
  return {};
}

std::string Connection::make_head(int status, const Headers& headers, std::optional<std::uint64_t> length) {
  // A body that nobody read must be skipped before the next request; when that is impossible the client is
  // told at once.
  if (parser_ && wants_continue_) keep_alive_ = false;
  if (server_.stopping) keep_alive_ = false;
  chunked_ = !length && !old_client_ && !has_no_body(status);
  if (!length && !chunked_ && !has_no_body(status)) keep_alive_ = false;
  ResponseHead head;
  head.status = status;
  head.headers = &headers;
  if (!has_no_body(status)) head.content_length = length;
  head.chunked = chunked_;
  head.close = !keep_alive_;
  head.keep_alive_field = old_client_ && keep_alive_;
  return head_text(head);
}

Task<> Connection::respond(ServerResponse response) {
  CO_TRY_VOID(may_answer());
  const auto head = make_head(response.status, response.headers, response.body.size());
  const bool with_body = !head_only_ && !has_no_body(response.status);
  Buffers buffers = {asio::buffer(head)};
  if (with_body) buffers[1] = asio::buffer(response.body);
  answer_ = Answer::streaming;
  CO_TRY_VOID(co_await write_all(buffers));
  answer_ = Answer::complete;
  co_return Result<>();
}

Task<> Connection::start_stream(int status, Headers headers) {
  CO_TRY_VOID(may_answer());
  const auto head = make_head(status, headers, std::nullopt);
  answer_ = Answer::streaming;
  const Buffers buffers = {asio::buffer(head)};
  co_return co_await write_all(buffers);
}

Task<> Connection::write(std::string chunk) {
  if (answer_ != Answer::streaming) co_return Error(Code::internal, "no stream has been started");
  if (chunk.empty() || head_only_) co_return Result<>();
  const auto size = fmt::format("{:x}\r\n", chunk.size());
  Buffers buffers = {asio::buffer(size), asio::buffer(chunk), asio::buffer("\r\n", 2)};
  if (!chunked_) buffers = {asio::buffer(chunk)};
  co_return co_await write_all(buffers);
}

Task<> Connection::finish_stream() {
  if (answer_ != Answer::streaming) co_return Error(Code::internal, "no stream has been started");
  const Buffers last = {asio::buffer("0\r\n\r\n", 5)};
  if (chunked_ && !head_only_) CO_TRY_VOID(co_await write_all(last));
  answer_ = Answer::complete;
  co_return Result<>();
}

Task<> Connection::send_file(std::filesystem::path file, std::string content_type, std::string etag) {
  CO_TRY_VOID(may_answer());
  const FileHandle handle(file);
  struct stat status{};
  if (handle.get() < 0 || ::fstat(handle.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    co_return Error(Code::not_found, fmt::format("no file {}", file.filename().string()));
  }
  const auto size = static_cast<std::uint64_t>(status.st_size);
  const auto plan = plan_file_answer(request_.headers, etag, size);
  Headers headers;
  headers.add("Content-Type", std::move(content_type));
  headers.add("Accept-Ranges", "bytes");
  if (!etag.empty()) headers.add("ETag", std::move(etag));
  if (plan.status == 206) {
    headers.add("Content-Range", fmt::format("bytes {}-{}/{}", plan.offset, plan.offset + plan.length - 1, size));
  } else if (plan.status == 416) {
    headers.add("Content-Range", fmt::format("bytes */{}", size));
  }
  const auto head = make_head(plan.status, headers, plan.length);
  answer_ = Answer::streaming;
  const Buffers buffers = {asio::buffer(head)};
  CO_TRY_VOID(co_await write_all(buffers));
  if (!head_only_) CO_TRY_VOID(co_await send_file_body(handle.get(), plan.offset, plan.length));
  answer_ = Answer::complete;
  co_return Result<>();
}

Task<> Connection::send_file_body(int fd, std::uint64_t offset, std::uint64_t length) {
  std::string piece(std::min<std::uint64_t>(length, kMaxPiece), '\0');
  while (length > 0) {
    const auto wanted = std::min<std::uint64_t>(length, piece.size());
    auto read = [fd, offset, wanted, into = piece.data()] {
      return ::pread(fd, into, wanted, static_cast<off_t>(offset));
    };
    const auto got = co_await on_pool(server_.files, read);
    if (got <= 0) co_return Error(Code::unavailable, "the file became shorter while it was sent");
    const Buffers buffers = {asio::buffer(piece.data(), static_cast<std::size_t>(got))};
    CO_TRY_VOID(co_await write_all(buffers));
    offset += static_cast<std::uint64_t>(got);
    length -= static_cast<std::uint64_t>(got);
  }
  co_return Result<>();
}

}  // namespace slipway::net
