// The input is {"config": …, "schema": …, "values": …}. Never crashes; a schema writes back to itself; after
// a successful evaluation no known placeholder is left.
#include <cstdint>
#include <cstdlib>

#include "launch/template.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace slipway::launch;
  const auto input = slipway::parse_json({reinterpret_cast<const char*>(data), size});
  if (!input) return 0;
  const auto* config = slipway::find(*input, "config");
  const auto* wire = slipway::find(*input, "schema");
  const auto* values = slipway::find(*input, "values");
  const auto schema = parse_template_schema(wire ? *wire : slipway::Json());
  if (!schema || !config) return 0;
  const auto text = slipway::canonical_text(to_json(*schema));
  const auto again = parse_template_schema(*slipway::parse_json(text));
  if (!again || slipway::canonical_text(to_json(*again)) != text) std::abort();
  (void)find_required(*config);
  const auto evaluated =
      evaluate_values(*config, *schema, values && values->is_object() ? values->get_object() : slipway::JsonObject());
  if (!evaluated) return 0;
  for (const auto& placeholder : find_placeholders(*config)) {
    if (!evaluated->contains(placeholder.name)) std::abort();
  }
  (void)render_template(*config, *evaluated);
  return 0;
}
