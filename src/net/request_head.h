// The texts around a message: request targets in, response heads out. Pure; private to the server.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/http_types.h"

namespace slipway::net {

struct Target {
  std::string path;   ///< Decoded.
  std::string query;  ///< Raw, without '?'.
};

/// Origin form ("/a?b") and absolute form ("http://host/a?b"). "." and ".." segments, also encoded ones, NUL
/// and other control characters are refused.
Result<Target> parse_target(std::string_view target);

/// Value of `name` in "a=1&b=2", decoded.
std::optional<std::string> find_query_value(std::string_view query, std::string_view name);

/// "HTTP/1.1 200 OK\r\n" and the fields, up to the empty line. CR, LF and NUL in fields become blanks: nobody
/// splits a response. Fields that the server itself sets (Content-Length, Transfer-Encoding, Connection,
/// Date) are left out of `headers`.
struct ResponseHead {
  int status = 200;
  const Headers* headers = nullptr;
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool close = false;
  bool keep_alive_field = false;  ///< An HTTP/1.0 client that asked for it is told so.
};
std::string head_text(const ResponseHead& head);

/// "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(std::int64_t unix_seconds);

}  // namespace slipway::net
