// What to send of a file: conditional requests and ranges (RFC 9110, 13 and 14). Pure; private to the server.
#pragma once
#include <cstdint>
#include <string_view>

#include "net/http_types.h"

namespace slipway::net {

struct FileAnswer {
  int status = 200;  ///< 200, 206, 304 or 416.
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

/// `etag` with its quotes, "" for none. Several ranges in one request are answered with the whole file, as
/// the RFC allows.
FileAnswer plan_file_answer(const Headers& request, std::string_view etag, std::uint64_t file_size);

}  // namespace slipway::net
