// Strict JSON stays as it is, and making it strict twice changes nothing more.
#include <cstdint>
#include <cstdlib>

#include "base/json.h"
#include "server/tracking/sdk_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string strict = slipway::server::strict_json(text);
  if (slipway::parse_json(text) && strict != text) std::abort();
  if (slipway::parse_json(strict) && slipway::server::strict_json(strict) != strict) std::abort();
  return 0;
}
