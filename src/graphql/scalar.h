// Scalars and enums: how a leaf value is checked on its way in (from JSON or from a literal) and on its way
// out.
#pragma once
#include <string_view>

#include "base/json.h"
#include "graphql/schema.h"

namespace slipway::graphql {

/// The rule of a scalar type by its name. Unknown names pass everything through.
ScalarRule scalar_rule(std::string_view name);

/// Coerces a variable's JSON to a scalar or enum type, in place; left as it was on failure. The error's
/// message is what the reference implementation says.
Result<> leaf_from_json(const NamedType& type, Json& value);
/// A literal for a scalar or enum type. Variables inside a literal of a pass-through scalar are read from
/// `variables` (may be null).
Result<Json> leaf_from_literal(const NamedType& type, const Value& value, const JsonObject* variables);
/// Coerces a resolver's value on its way into the response, in place.
Result<> leaf_to_output(const NamedType& type, Json& value);

}  // namespace slipway::graphql
