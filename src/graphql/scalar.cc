#include "graphql/scalar.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "graphql/inspect.h"
#include "graphql/printer.h"

namespace slipway::graphql {
namespace {

using Kind = Value::Kind;

constexpr std::int64_t kMinInt = std::numeric_limits<std::int32_t>::min();
constexpr std::int64_t kMaxInt = std::numeric_limits<std::int32_t>::max();

Error refused(std::string message) { return Error(Code::invalid_argument, std::move(message)); }

std::optional<std::int64_t> decimal(std::string_view text) {
  std::int64_t out = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (text.empty() || ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return out;
}

/// A number literal as JSON: exact when it fits, else the nearest double.
Json number(std::string_view text) {
  if (const auto whole = decimal(text)) return *whole;
  double out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

Result<Json> int_value(const Json& value, const auto& shown) {
  const auto whole = as_integer(value);
  if (!whole && (!value.is_number() || (value.is_double() && std::floor(value.get_double()) != value.get_double()))) {
    return refused(fmt::format("Int cannot represent non-integer value: {}", shown()));
  }
  if (!whole || *whole < kMinInt || *whole > kMaxInt) {
    return refused(fmt::format("Int cannot represent non 32-bit signed integer value: {}", shown()));
  }
  return Json(*whole);
}

Result<Json> int64_value(const Json& value, const auto& shown) {
  std::optional<std::int64_t> whole = as_integer(value);
  if (const auto* text = value.if_string()) whole = decimal(*text);
  if (!whole) return refused(fmt::format("Int64 cannot represent non-integer value: {}", shown()));
  return Json(*whole);
}

std::string unknown_enum_value(const NamedType& type, std::string_view name) {
  return fmt::format("Value \"{}\" does not exist in \"{}\" enum.", name, type.name);
}

/// Puts the outcome of a conversion in the place of what was converted.
Result<> assign(Json& value, Result<Json> converted) {
  if (!converted) return std::move(converted).error();
  value = *std::move(converted);
  return {};
}

/// A literal whose type says nothing about its content.
Json untyped(const Value& value, const JsonObject* variables) {
  switch (value.kind) {
    case Kind::null:
      return nullptr;
    case Kind::boolean:
      return value.text == "true";
    case Kind::integer:
    case Kind::floating:
      return number(value.text);
    case Kind::string:
    case Kind::enumeration:
      return text_value(value.text);
    case Kind::variable: {
      const Json* found = variables ? find(*variables, value.text) : nullptr;
      return found ? *found : Json(nullptr);
    }
    case Kind::list: {
      JsonArray out;
      for (const auto& item : value.items) out.push_back(untyped(item, variables));
      return out;
    }
    case Kind::object: {
      JsonObject out;
      for (const auto& member : value.members) out.insert_or_assign(member.name.text, untyped(member.value, variables));
      return out;
    }
  }
  return nullptr;
}

}  // namespace

ScalarRule scalar_rule(std::string_view name) {
  struct Row {
    std::string_view name;
    ScalarRule rule;
  };
  static constexpr std::array kRows = {
      Row{"Int", ScalarRule::integer},
      Row{"Float", ScalarRule::floating},
      Row{"String", ScalarRule::string},
      Row{"Boolean", ScalarRule::boolean},
      Row{"ID", ScalarRule::id},
      Row{"Int64", ScalarRule::int64},
      Row{"JSONString", ScalarRule::json_string},
  };
  for (const auto& row : kRows) {
    if (row.name == name) return row.rule;
  }
  return ScalarRule::any;
}

Result<> leaf_from_json(const NamedType& type, Json& value) {
  const auto shown = [&] { return inspect(value); };
  if (type.kind == TypeKind::enumeration) {
    const auto* name = value.if_string();
    if (!name) return refused(fmt::format("Enum \"{}\" cannot represent non-string value: {}.", type.name, shown()));
    if (type.has_value(*name)) return {};
    return refused(unknown_enum_value(type, *name));
  }
  switch (type.scalar) {
    case ScalarRule::integer:
      return assign(value, int_value(value, shown));
    case ScalarRule::int64:
      return assign(value, int64_value(value, shown));
    case ScalarRule::floating:
      if (value.is_number()) return {};
      return refused(fmt::format("Float cannot represent non numeric value: {}", shown()));
    case ScalarRule::boolean:
      if (value.is_bool()) return {};
      return refused(fmt::format("Boolean cannot represent a non boolean value: {}", shown()));
    case ScalarRule::string:
    case ScalarRule::json_string:
      if (value.is_string()) return {};
      return refused(fmt::format("{} cannot represent a non string value: {}", type.name, shown()));
    case ScalarRule::id: {
      if (value.is_string()) return {};
      const auto whole = as_integer(value);
      if (!whole) return refused(fmt::format("ID cannot represent value: {}", shown()));
      value = text_value(std::to_string(*whole));
      return {};
    }
    case ScalarRule::any:
      return {};
  }
  return {};
}

Result<Json> leaf_from_literal(const NamedType& type, const Value& value, const JsonObject* variables) {
  const auto shown = [&] { return print(value); };
  const bool whole = value.kind == Kind::integer;
  const bool text = value.kind == Kind::string;
  if (type.kind == TypeKind::enumeration) {
    if (value.kind == Kind::enumeration && type.has_value(value.text)) return text_value(value.text);
    if (value.kind == Kind::enumeration) return refused(unknown_enum_value(type, value.text));
    return refused(fmt::format("Enum \"{}\" cannot represent non-enum value: {}.", type.name, shown()));
  }
  switch (type.scalar) {
    case ScalarRule::integer:
      return int_value(whole ? number(value.text) : Json(nullptr), shown);
    case ScalarRule::int64:
      return int64_value(whole ? number(value.text) : text ? text_value(value.text) : Json(nullptr), shown);
    case ScalarRule::floating:
      if (whole || value.kind == Kind::floating) return number(value.text);
      return refused(fmt::format("Float cannot represent non numeric value: {}", shown()));
    case ScalarRule::boolean:
      if (value.kind == Kind::boolean) return Json(value.text == "true");
      return refused(fmt::format("Boolean cannot represent a non boolean value: {}", shown()));
    case ScalarRule::string:
    case ScalarRule::json_string:
      if (text) return text_value(value.text);
      return refused(fmt::format("{} cannot represent a non string value: {}", type.name, shown()));
    case ScalarRule::id:
      if (text || whole) return text_value(value.text);
      return refused(fmt::format("ID cannot represent a non-string and non-integer value: {}", shown()));
    case ScalarRule::any:
      return untyped(value, variables);
  }
  return untyped(value, variables);
}

Result<> leaf_to_output(const NamedType& type, Json& value) {
  const auto wrong = [&](std::string_view what) {
    return Error(Code::internal, fmt::format("{} cannot represent {}: {}", type.name, what, inspect(value)));
  };
  const auto shown = [&] { return inspect(value); };
  if (type.kind == TypeKind::enumeration) {
    const auto* name = value.if_string();
    if (name && type.has_value(*name)) return {};
    return Error(Code::internal, fmt::format("Enum \"{}\" cannot represent value: {}", type.name, shown()));
  }
  switch (type.scalar) {
    case ScalarRule::integer:
      return assign(value, int_value(value, shown));
    case ScalarRule::int64:
      return assign(value, int64_value(value, shown));
    case ScalarRule::floating:
      if (value.is_number()) return {};
      return wrong("non numeric value");
    case ScalarRule::boolean:
      if (value.is_bool()) return {};
      return wrong("a non boolean value");
    case ScalarRule::id:
    case ScalarRule::string:
      if (value.is_object() || value.is_array())
        return wrong(type.scalar == ScalarRule::id ? "value" : "a non string value");
      [[fallthrough]];
    case ScalarRule::json_string:
      if (value.is_double()) value = text_value(fmt::format("{}", value.get_double()));
      if (!value.is_string()) value = text_value(to_text(value));
      return {};
    case ScalarRule::any:
      return {};
  }
  return {};
}

}  // namespace slipway::graphql
