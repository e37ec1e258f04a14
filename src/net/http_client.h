// The one HTTP client: libcurl's multi interface on a thread of its own, awaited from any executor.
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
#include "base/secret.h"
#include "net/http_types.h"

namespace slipway::net {

/// Whom to trust and who to be, beside what the system says.
struct ClientTls {
  std::string authorities;  ///< PEM. Instead of the system's when not empty.
  std::string certificate;  ///< PEM, with its chain. "": none is shown.
  Secret key;               ///< PEM, of `certificate`.
  std::string server_name;  ///< What the certificate has to be for, when it is not the host of the address.
  bool verify = true;       ///< False: any peer is accepted. For what a person's own configuration asks for in words.
};

struct ClientRequest {
  std::string method = "GET";
  std::string url;  ///< http://, https://; with `unix_socket` the host part is only sent as the Host header.
  Headers headers;
  std::string body;
  std::optional<std::filesystem::path> body_file;  ///< Streamed; instead of `body`.
  std::string unix_socket;                         ///< Path of a Unix socket (Docker), "" for TCP.
  std::string user;                                ///< HTTP Basic when `password` is set.
  Secret password;
  std::shared_ptr<const ClientTls> tls;  ///< Empty: the system's authorities, no certificate.
  Millis connect_timeout{10'000};
  /// The whole exchange. Nothing: until the server ends it (streams).
  std::optional<Millis> timeout{60'000};
  /// No byte for that long is an error: for streams behind heartbeats.
  std::optional<Millis> idle_timeout;
  std::size_t max_response = 64u << 20;  ///< A larger collected body is an error (resource_exhausted).
  /// The body of a 2xx answer goes to this file (written beside it, renamed when complete); any other body is
  /// collected.
  std::optional<std::filesystem::path> response_file;
  /// A larger body for `response_file` is an error (resource_exhausted).
  std::uint64_t max_file = 1ull << 40;
  /// At most 5, never from https to http; credentials are not passed on to another host.
  bool follow_redirects = false;
  /// Called with each piece of the body, on the awaiting coroutine's executor, in order; the body is then not
  /// collected. Slow consumers slow the sender down (at most 1 MiB is buffered). Return false to end the
  /// exchange: send() then succeeds with what was read.
  std::function<bool(std::string_view)> on_data;
  /// Instead of on_data, where the consumer has to wait for something: the next piece is not read before it
  /// returns. An error or false ends the exchange; an error is also send()'s.
  std::function<Task<bool>(std::string)> consume;
  /// Called before the first on_data, with status and headers known and an empty body.
  std::function<void(int status, const Headers&)> on_headers;
  /// Upload progress in bytes, on the awaiting coroutine's executor, at most ten times a second.
  std::function<void(std::uint64_t sent, std::uint64_t total)> on_progress;
};

struct ClientResponse {
  int status = 0;  ///< Any status is a success of the exchange; see expect_success().
  Headers headers;
  std::string body;
  /// Seconds or HTTP date, relative to now.
  std::optional<Millis> retry_after() const;
};

/// Thread-safe; one instance a process is enough. Connections are kept and reused. Proxies from the
/// environment (NO_PROXY honoured). TLS peers are verified; CAs from the system, SSL_CERT_FILE or
/// REQUESTS_CA_BUNDLE.
class HttpClient {
 public:
  struct Options {
    std::string user_agent = "slipway";
    std::size_t max_connections_per_host = 64;
  };
  explicit HttpClient(Options options);
  HttpClient();
  /// Aborts what is in flight (their tasks end with Code::cancelled) and joins the thread.
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Codes: unavailable (no connection, reset, DNS, TLS; the text says which), deadline_exceeded, cancelled,
  /// resource_exhausted, invalid_argument (bad URL). Cancelling the awaiting coroutine aborts the transfer.
  Task<ClientResponse> send(ClientRequest request);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

/// Any 2xx passes; the rest becomes an Error with a fitting code and the first 500 bytes of the body (as
/// text) in the message.
Result<ClientResponse> expect_success(ClientResponse response, std::string_view doing);

}  // namespace slipway::net
