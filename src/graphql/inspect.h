// inspect: a JSON value as error messages show it.
#pragma once
#include <string>

#include "base/json.h"

namespace slipway::graphql {

/// `{ a: [1, "x"] }`, two levels deep, ten items wide, long texts cut: an error text stays short whatever was
/// sent.
std::string inspect(const Json& value);

}  // namespace slipway::graphql
