// Addresses, request targets and query strings are written by anybody.
#include <cstdlib>

#include "net/file_answer.h"
#include "net/http_types.h"
#include "net/request_head.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace slipway::net;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto url = parse_url(text); url && (url->host.empty() || !url->path.starts_with('/') || url->port < 1))
    std::abort();
  if (const auto target = parse_target(text)) {
    const auto path = "/" + target->path + "/";
    const bool escapes = path.find("/../") != std::string::npos || path.find("/./") != std::string::npos;
    if (escapes || path.find('\0') != std::string::npos || path.find('\n') != std::string::npos) std::abort();
  }
  if (url_decode(url_encode(text)) != text) std::abort();
  static_cast<void>(find_query_value(text, "a"));
  const auto answer = plan_file_answer({{"Range", std::string(text)}}, "", 1000);
  if (answer.offset + answer.length > 1000) std::abort();
  return 0;
}
