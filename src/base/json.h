// The one JSON type, and the few operations that Boost.JSON lacks: errors with line and column, limits, canonical text, paths.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "base/error.h"

namespace slipway {

using Json = boost::json::value;
using JsonObject = boost::json::object;  ///< Keeps insertion order.
using JsonArray = boost::json::array;

struct JsonLimits {
  std::size_t max_bytes = 16u << 20;
  std::size_t max_depth = 64;
};

/// Strict RFC 8259. The error names line and column, 1-based.
Result<Json> parse_json(std::string_view text, JsonLimits limits = {});
/// Compact text, keys in stored order.
std::string to_text(const Json& value);
/// Compact text, keys sorted: equal values give equal text. For hashes and comparisons.
std::string canonical_text(const Json& value);
/// Indented by two spaces, for people.
std::string pretty_text(const Json& value);

/// A JSON string. (Boost.JSON makes values of std::string only inside initializer lists.)
inline Json text_value(std::string_view text) { return Json(boost::json::string(text)); }

/// Member of an object, or nullptr when `value` is no object or has no such member.
const Json* find(const Json& value, std::string_view key);
const Json* find(const JsonObject& object, std::string_view key);
/// Member by dotted path ("resource_args.kubernetes.spec"), nullptr when absent. Keys with dots cannot be reached.
const Json* find_path(const Json& value, std::string_view dotted);
/// The member's text when it is a string, `otherwise` in every other case.
std::string text_or(const Json& value, std::string_view key, std::string_view otherwise = "");
std::int64_t int_or(const Json& value, std::string_view key, std::int64_t otherwise);
bool bool_or(const Json& value, std::string_view key, bool otherwise);
/// A number as int64 when it is an exact integer (also 3.0), nothing otherwise.
std::optional<std::int64_t> as_integer(const Json& value);
/// "string", "integer", "number", "boolean", "object", "array", "null": the words of the error texts.
std::string_view kind_name(const Json& value);
/// Maps are merged key by key, everything else in `overlay` replaces what is in `base`.
Json merge_deep(Json base, const Json& overlay);

}  // namespace slipway
