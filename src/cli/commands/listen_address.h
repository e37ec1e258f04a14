// "HOST:PORT" of --listen.
#pragma once
#include <cstdint>
#include <string>

#include "base/error.h"

namespace slipway::cli {

struct ListenAddress {
  std::string host;
  std::uint16_t port = 0;
};

/// "127.0.0.1:8080", "[::1]:8080", ":8080" (all addresses). Port 0 lets the kernel choose.
Result<ListenAddress> parse_listen_address(const std::string& text);

}  // namespace slipway::cli
