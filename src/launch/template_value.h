// One template variable: its wire schema and the check of one value. Internal to template.cc.
#pragma once
#include <string>

#include "launch/template.h"

namespace slipway::launch {

/// A number as people write it: 4, 0.5, never 5E-1.
std::string number_text(const Json& value);
/// "2 to 8", "one of a, b", "text matching '^v'": for error texts; "" when any value of the type will do.
std::string allowed_range(const TemplateVariable& variable);
/// The value with its type made exact (4.0 → 4), or why it is refused. The text names the value and what is
/// allowed.
Result<Json> check_value(const TemplateVariable& variable, const Json& value);

}  // namespace slipway::launch
