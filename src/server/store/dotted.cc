#include "server/store/dotted.h"

namespace slipway::server {

const Json* find_dotted(const JsonObject& object, std::string_view key) {
  if (const Json* whole = find(object, key)) return whole;
  for (std::size_t dot = key.find('.'); dot != std::string_view::npos; dot = key.find('.', dot + 1)) {
    const Json* member = find(object, key.substr(0, dot));
    if (!member || !member->is_object()) continue;
    if (const Json* found = find_dotted(member->as_object(), key.substr(dot + 1))) return found;
  }
  return nullptr;
}

}  // namespace slipway::server
