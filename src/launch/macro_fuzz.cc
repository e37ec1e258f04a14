// Never crashes; with every name known filling succeeds and gives the same length of document; a document
// without macros comes back unchanged except for escapes.
#include <cstdint>
#include <cstdlib>

#include "launch/macro.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace slipway::launch;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto input = slipway::parse_json(text);
  const slipway::Json value = input ? *input : slipway::text_value(text);
  const auto uses = find_macros(value);
  MacroScope scope{.mode = EnvironmentMacros::all};
  if (!uses.empty() && fill_macros(value, scope)) std::abort();
  for (const auto& use : uses) (is_builtin_macro(use.name) ? scope.builtins : scope.environment)[use.name] = "v";
  const auto filled = fill_macros(value, scope);
  if (!filled || filled->kind() != value.kind()) std::abort();
  if (uses.empty() && slipway::to_text(value).find("$${") == std::string::npos && *filled != value) std::abort();
  return 0;
}
