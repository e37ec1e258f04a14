// Members of nested objects by keys with dots, which may also be in the names themselves: "val.acc" is {"val": {"acc": …}} or {"val.acc": …}.
#pragma once
#include <string_view>

#include "base/json.h"

namespace slipway::server {

/// nullptr when there is none.
const Json* find_dotted(const JsonObject& object, std::string_view key);

}  // namespace slipway::server
