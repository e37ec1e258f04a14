#include "base/json.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "base/json_handler.h"

namespace slipway {
namespace {

struct Position {
  int line = 1;
  int column = 1;
};

Position position_at(std::string_view text, std::size_t offset) {
  Position at;
  for (std::size_t i = 0; i < std::min(offset, text.size()); ++i) {
    at.column = text[i] == '\n' ? 1 : at.column + 1;
    at.line += text[i] == '\n' ? 1 : 0;
  }
  return at;
}

void write_sorted(const Json& value, std::string& out) {
  if (const auto* object = value.if_object()) {
    std::vector<const JsonObject::value_type*> members;
    for (const auto& member : *object) members.push_back(&member);
    std::ranges::sort(members, {}, [](const auto* member) { return member->key(); });
    out += '{';
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (i > 0) out += ',';
      out += boost::json::serialize(boost::json::string(members[i]->key()));
      out += ':';
      write_sorted(members[i]->value(), out);
    }
    out += '}';
  } else if (const auto* array = value.if_array()) {
    out += '[';
    for (std::size_t i = 0; i < array->size(); ++i) {
      if (i > 0) out += ',';
      write_sorted((*array)[i], out);
    }
    out += ']';
  } else {
    out += boost::json::serialize(value);
  }
}

void write_pretty(const Json& value, int indent, std::string& out) {
  const std::string pad(static_cast<std::size_t>(indent) * 2, ' ');
  if (const auto* object = value.if_object(); object && !object->empty()) {
    out += "{\n";
    bool first = true;
    for (const auto& member : *object) {
      if (!first) out += ",\n";
      first = false;
      out += pad + "  " + boost::json::serialize(boost::json::string(member.key())) + ": ";
      write_pretty(member.value(), indent + 1, out);
    }
    out += "\n" + pad + "}";
  } else if (const auto* array = value.if_array(); array && !array->empty()) {
    out += "[\n";
    for (std::size_t i = 0; i < array->size(); ++i) {
      if (i > 0) out += ",\n";
      out += pad + "  ";
      write_pretty((*array)[i], indent + 1, out);
    }
    out += "\n" + pad + "]";
  } else {
    out += boost::json::serialize(value);
  }
}

}  // namespace

Result<Json> parse_json(std::string_view text, JsonLimits limits) {
  if (text.size() > limits.max_bytes) {
    return Error(Code::resource_exhausted,
                 fmt::format("JSON text of {} bytes is larger than the limit of {}", text.size(), limits.max_bytes));
  }
  boost::json::parse_options options;
  options.max_depth = limits.max_depth;
  boost::json::basic_parser<JsonHandler> parser(options);
  boost::system::error_code ec;
  const std::size_t consumed = parser.write_some(false, text.data(), text.size(), ec);
  if (!ec && consumed < text.size() && text.substr(consumed).find_first_not_of(" \t\r\n") != std::string_view::npos) {
    ec = boost::json::error::extra_data;
  }
  if (ec) {
    const auto at = position_at(text, consumed);
    const std::string what = ec == boost::json::error::too_deep
                                 ? fmt::format("nested deeper than {} levels", limits.max_depth)
                                 : ec.message();
    return Error(Code::invalid_argument, "not valid JSON", {Problem{"", what, "", at.line, at.column}});
  }
  return parser.handler().release();
}

std::string to_text(const Json& value) { return boost::json::serialize(value); }

std::string canonical_text(const Json& value) {
  std::string out;
  write_sorted(value, out);
  return out;
}

std::string pretty_text(const Json& value) {
  std::string out;
  write_pretty(value, 0, out);
  return out;
}

const Json* find(const JsonObject& object, std::string_view key) {
  const auto member = object.find(key);
  return member == object.end() ? nullptr : &member->value();
}

const Json* find(const Json& value, std::string_view key) {
  const auto* object = value.if_object();
  return object ? find(*object, key) : nullptr;
}

const Json* find_path(const Json& value, std::string_view dotted) {
  const Json* at = &value;
  while (at && !dotted.empty()) {
    const auto dot = dotted.find('.');
    at = find(*at, dotted.substr(0, dot));
    dotted = dot == std::string_view::npos ? std::string_view{} : dotted.substr(dot + 1);
  }
  return at;
}

std::string text_or(const Json& value, std::string_view key, std::string_view otherwise) {
  const Json* member = find(value, key);
  return std::string(member && member->is_string() ? std::string_view(member->get_string()) : otherwise);
}

std::int64_t int_or(const Json& value, std::string_view key, std::int64_t otherwise) {
  const Json* member = find(value, key);
  return member ? as_integer(*member).value_or(otherwise) : otherwise;
}

bool bool_or(const Json& value, std::string_view key, bool otherwise) {
  const Json* member = find(value, key);
  return member && member->is_bool() ? member->get_bool() : otherwise;
}

std::optional<std::int64_t> as_integer(const Json& value) {
  if (value.is_int64()) return value.get_int64();
  if (value.is_uint64() && value.get_uint64() <= static_cast<std::uint64_t>(INT64_MAX)) {
    return static_cast<std::int64_t>(value.get_uint64());
  }
  if (value.is_double()) {
    const double number = value.get_double();
    if (std::floor(number) == number && std::abs(number) <= 9007199254740992.0)
      return static_cast<std::int64_t>(number);
  }
  return std::nullopt;
}

std::string_view kind_name(const Json& value) {
  switch (value.kind()) {
    case boost::json::kind::null:
      return "null";
    case boost::json::kind::bool_:
      return "boolean";
    case boost::json::kind::int64:
    case boost::json::kind::uint64:
      return "integer";
    case boost::json::kind::double_:
      return "number";
    case boost::json::kind::string:
      return "string";
    case boost::json::kind::array:
      return "array";
    case boost::json::kind::object:
      return "object";
  }
  return "value";
}

Json merge_deep(Json base, const Json& overlay) {
  if (!base.is_object() || !overlay.is_object()) return overlay;
  auto& target = base.get_object();
  for (const auto& member : overlay.get_object()) {
    auto& slot = target[member.key()];
    slot = merge_deep(std::move(slot), member.value());
  }
  return base;
}

}  // namespace slipway
