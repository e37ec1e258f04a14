// JSON as SDKs write it: NaN and the infinities stand bare in it, which no parser of ours or of a browser takes. Pure.
#pragma once
#include <string>
#include <string_view>

namespace slipway::server {

/// The same document with "NaN", "Infinity" and "-Infinity" as strings. What is no JSON stays as it is.
std::string strict_json(std::string_view text);

}  // namespace slipway::server
