// The syntax tree as the JSON that graphql-js makes of its own: the canonical form that the differential test
// compares.
#pragma once
#include "base/json.h"
#include "graphql/document.h"

namespace slipway::graphql {

Json ast_to_json(const Document& document);

}  // namespace slipway::graphql
