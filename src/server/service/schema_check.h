// JSON Schema check of a queue configuration against what its resource says (D-79).
#pragma once
#include <string>
#include <vector>

#include "base/json.h"

namespace slipway::server {

/// Problems of `document`, with dotted paths; empty when it fits. Values that hold a {{variable}} or a ${macro} are not judged: they are known later.
std::vector<Problem> check_schema(const Json& schema, const Json& document);

}  // namespace slipway::server
