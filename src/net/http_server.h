// The HTTP server: Boost.Beast behind an interface of our own. One executor; one coroutine a connection.
#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "async/task.h"
#include "base/clock.h"
#include "net/http_types.h"

namespace slipway::net {

struct ServerRequest {
  std::string method;
  std::string path;   ///< Decoded, without query; "." and ".." segments are refused before any handler runs.
  std::string query;  ///< Raw.
  Headers headers;
  std::string peer;  ///< Address of the client, for logs.

  /// Decoded value of a query parameter, nothing when absent.
  std::optional<std::string> query_value(std::string_view name) const;
};

struct ServerResponse {
  int status = 200;
  Headers headers;
  std::string body;

  static ServerResponse text(int status, std::string body, std::string content_type = "text/plain; charset=utf-8");
  static ServerResponse json(int status, std::string body);
  /// {"error": {"code", "message", "hint"}} with the error's status (protocol 1.1 item 7).
  static ServerResponse from_error(const Error& error);
};

/// One request and its answer. A handler reads the body at most once and answers exactly once (respond,
/// send_file or start_stream).
class Exchange {
 public:
  virtual ~Exchange() = default;
  virtual const ServerRequest& request() const = 0;
  /// The whole body. More than `limit` bytes: resource_exhausted (413), and the connection is closed.
  virtual Task<std::string> read_body(std::size_t limit) = 0;
  /// The next piece of the body, at most 256 KiB, empty at its end: for uploads of any size.
  virtual Task<std::string> read_some() = 0;
  virtual Task<> respond(ServerResponse response) = 0;
  /// Streams a file with Content-Length, Range and If-None-Match (strong ETag given by the caller) support.
  virtual Task<> send_file(std::filesystem::path file, std::string content_type, std::string etag) = 0;
  /// Chunked answer of unknown length (server-sent events, logs). write() suspends while the client is slow.
  virtual Task<> start_stream(int status, Headers headers) = 0;
  virtual Task<> write(std::string chunk) = 0;
  virtual Task<> finish_stream() = 0;
};

/// The task's error becomes an error answer when nothing was sent yet. It is cancelled when the client goes
/// away or the server stops.
using Handler = std::function<Task<>(Exchange&)>;

struct ServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: the kernel chooses; see HttpServer::port().
  std::size_t max_header_bytes = 64 << 10;
  /// From the first byte to the end of the headers, and for each piece of a body.
  Millis header_timeout{15'000};
  Millis keep_alive_timeout{75'000};
  Millis write_timeout{120'000};  ///< A client that takes no byte for that long is cut off.
  std::size_t max_connections = 20'000;
};

class HttpServer {
 public:
  /// Binds at once: address in use, no permission and bad host names are errors here.
  static Result<std::unique_ptr<HttpServer>> create(asio::any_io_executor executor, ServerOptions options,
                                                    Handler handler);
  virtual ~HttpServer() = default;
  virtual std::uint16_t port() const = 0;
  virtual std::size_t connections() const = 0;
  /// Starts accepting. Call once.
  virtual void start() = 0;
  /// No new connections; idle ones are closed; requests in progress get `grace`, then are cancelled. Await
  /// before destruction.
  virtual asio::awaitable<void> stop(Millis grace) = 0;
};

}  // namespace slipway::net
