// Whatever comes in: no crash, and what is accepted keeps the decoder's promises.
#include <cstdint>
#include <cstdlib>

#include "server/tracking/stream_body.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto body = slipway::server::decode_stream_body({reinterpret_cast<const char*>(data), size});
  if (!body) return body.error().message().empty() ? std::abort(), 0 : 0;
  for (const auto& part : body->parts) {
    if (!slipway::server::is_stream_name(part.file) || part.offset < 0 || part.attempt < 1) std::abort();
    for (const auto& line : part.lines) {
      if (line.ends_with('\n') || line.size() > slipway::server::kMaxLine + 100) std::abort();
    }
  }
  return 0;
}
