#include "cli/commands/listen_address.h"

#include <charconv>

#include <fmt/format.h>

namespace slipway::cli {

Result<ListenAddress> parse_listen_address(const std::string& text) {
  const Error wrong = Error(Code::invalid_argument, fmt::format("--listen: '{}' is no address", text))
                          .hint("Write HOST:PORT, for example 127.0.0.1:8080.");
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) return wrong;
  ListenAddress address;
  address.host = text.substr(0, colon);
  if (address.host.starts_with('[') && address.host.ends_with(']'))
    address.host = address.host.substr(1, address.host.size() - 2);
  if (address.host.empty()) address.host = "0.0.0.0";
  const char* first = text.data() + colon + 1;
  const char* last = text.data() + text.size();
  const auto [end, ec] = std::from_chars(first, last, address.port);
  if (ec != std::errc() || end != last) return wrong;
  return address;
}

}  // namespace slipway::cli
