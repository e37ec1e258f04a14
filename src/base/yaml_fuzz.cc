// Never crashes; what is read can be written and reads back equal; a text without problems has a place for
// every top-level key.
#include <cstdint>
#include <cstdlib>

#include "base/yaml.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)slipway::parse_yaml(text, "f", slipway::TabPolicy::expand);
  const auto document = slipway::parse_yaml(text);
  if (!document) {
    if (document.error().problems().empty()) std::abort();
    return 0;
  }
  const auto written = slipway::to_yaml(document->value);
  const auto again = slipway::parse_yaml(written);
  if (!again || again->value != document->value) std::abort();
  const auto* object = document->value.if_object();
  if (!object) return 0;
  for (const auto& member : *object) {
    if (!document->marks.contains(std::string(member.key()))) std::abort();
  }
  return 0;
}
