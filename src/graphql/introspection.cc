#include "graphql/introspection.h"

#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

#include "graphql/printer.h"

namespace slipway::graphql {
namespace {

constexpr std::string_view kBuiltIn = R"sdl(
"A whole number of 32 bits with sign."
scalar Int
"A number of double precision (IEEE 754)."
scalar Float
"Text in Unicode."
scalar String
"True or false."
scalar Boolean
"What identifies an object. Text; a whole number is accepted as input."
scalar ID

"Includes the field or fragment only when the argument is true."
directive @include("Included when true." if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
"Leaves the field or fragment out when the argument is true."
directive @skip("Left out when true." if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
"Marks what should not be used any more."
directive @deprecated("Why, and what to use instead." reason: String = "No longer supported")
  on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE
"Where the format of a scalar is specified."
directive @specifiedBy("Address of the specification." url: String!) on SCALAR

type __Introspection { __schema: __Schema! __type(name: String!): __Type }

"What the server offers: its types, its directives and where each kind of operation starts."
type __Schema {
  description: String
  types: [__Type!]!
  queryType: __Type!
  mutationType: __Type
  subscriptionType: __Type
  directives: [__Directive!]!
}

"A type; `kind` says which of the other fields apply."
type __Type {
  kind: __TypeKind!
  name: String
  description: String
  specifiedByURL: String
  fields(includeDeprecated: Boolean = false): [__Field!]
  interfaces: [__Type!]
  possibleTypes: [__Type!]
  enumValues(includeDeprecated: Boolean = false): [__EnumValue!]
  inputFields(includeDeprecated: Boolean = false): [__InputValue!]
  ofType: __Type
}

enum __TypeKind { SCALAR OBJECT INTERFACE UNION ENUM INPUT_OBJECT LIST NON_NULL }

"A field of an object or interface type."
type __Field {
  name: String!
  description: String
  args(includeDeprecated: Boolean = false): [__InputValue!]!
  type: __Type!
  isDeprecated: Boolean!
  deprecationReason: String
}

"An argument, or a field of an input object."
type __InputValue {
  name: String!
  description: String
  type: __Type!
  "A GraphQL literal."
  defaultValue: String
  isDeprecated: Boolean!
  deprecationReason: String
}

"A value of an enum type."
type __EnumValue {
  name: String!
  description: String
  isDeprecated: Boolean!
  deprecationReason: String
}

"A directive and where it may stand."
type __Directive {
  name: String!
  description: String
  isRepeatable: Boolean!
  locations: [__DirectiveLocation!]!
  args(includeDeprecated: Boolean = false): [__InputValue!]!
}

enum __DirectiveLocation {
  QUERY MUTATION SUBSCRIPTION FIELD FRAGMENT_DEFINITION FRAGMENT_SPREAD INLINE_FRAGMENT VARIABLE_DEFINITION
  SCHEMA SCALAR OBJECT FIELD_DEFINITION ARGUMENT_DEFINITION INTERFACE UNION ENUM ENUM_VALUE INPUT_OBJECT INPUT_FIELD_DEFINITION
}
)sdl";

/// Lists that may hold deprecated items are stored twice when they do: without them under the name, in full
/// under "all:name".
const Json* listed(const Json& parent, std::string_view name, const JsonObject& args) {
  const Json* wanted = find(args, "includeDeprecated");
  if (wanted && wanted->is_bool() && wanted->get_bool()) {
    if (const Json* all = find(parent, fmt::format("all:{}", name))) return all;
  }
  return find(parent, name);
}

const Json* type_fields(const Json&, const Json& parent, const JsonObject& args) {
  return listed(parent, "fields", args);
}
const Json* type_values(const Json&, const Json& parent, const JsonObject& args) {
  return listed(parent, "enumValues", args);
}
const Json* type_inputs(const Json&, const Json& parent, const JsonObject& args) {
  return listed(parent, "inputFields", args);
}
const Json* owner_args(const Json&, const Json& parent, const JsonObject& args) { return listed(parent, "args", args); }
const Json* root_schema(const Json& introspection, const Json&, const JsonObject&) {
  return find(introspection, "schema");
}
const Json* root_type(const Json& introspection, const Json&, const JsonObject& args) {
  return find(introspection.at("types"), find(args, "name")->get_string());
}

Json optional_text(const std::optional<std::string>& text) { return text ? text_value(*text) : Json(nullptr); }

Json reference(TypeRef type) {
  if (type.wrappers.empty()) return text_value(type.named->name);
  JsonObject out;
  out["kind"] = type.non_null() ? "NON_NULL" : "LIST";
  out["ofType"] = reference(type.inner());
  return out;
}

void add_deprecation(JsonObject& out, const std::optional<std::string>& reason) {
  out["isDeprecated"] = reason.has_value();
  out["deprecationReason"] = optional_text(reason);
}

bool is_whole_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.empty() || (text.size() > 1 && text[0] == '0')) return false;
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// A coerced default value as a literal of its type.
std::string literal(const Json& value, TypeRef type) {
  if (value.is_null()) return "null";
  type = type.nullable();
  std::string out;
  if (type.list() && value.is_array()) {
    for (const auto& item : value.get_array()) out += (out.empty() ? "" : ", ") + literal(item, type.inner());
    return "[" + out + "]";
  }
  if (type.named->kind == TypeKind::input_object && value.is_object()) {
    for (const auto& field : type.named->inputs) {
      const Json* member = find(value, field.name);
      if (member) out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", field.name, literal(*member, field.type));
    }
    return "{" + out + "}";
  }
  if (const auto* object = value.if_object()) {
    for (const auto& member : *object) {
      out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", std::string_view(member.key()),
                         literal(member.value(), type));
    }
    return "{" + out + "}";
  }
  if (const auto* array = value.if_array()) {
    for (const auto& item : *array) out += (out.empty() ? "" : ", ") + literal(item, type);
    return "[" + out + "]";
  }
  if (const auto* text = value.if_string()) {
    if (type.named->kind == TypeKind::enumeration) return std::string(*text);
    if (type.named->scalar == ScalarRule::id && is_whole_number(*text)) return std::string(*text);
    return quote(*text);
  }
  return value.is_double() ? fmt::format("{}", value.get_double()) : to_text(value);
}

Json describe_input(const InputDef& def) {
  JsonObject out;
  out["name"] = def.name;
  out["description"] = optional_text(def.description);
  out["type"] = reference(def.type);
  out["defaultValue"] = def.default_value ? text_value(literal(*def.default_value, def.type)) : Json(nullptr);
  add_deprecation(out, def.deprecation);
  return out;
}

/// Stores `items` under `key`, and under "all:key" too when some are deprecated.
template <class Items, class Describe>
void add_list(JsonObject& out, std::string_view key, const Items& items, Describe describe) {
  JsonArray all;
  JsonArray current;
  for (const auto& item : items) {
    all.push_back(describe(item));
    if (!item.deprecation) current.push_back(all.back());
  }
  if (all.size() != current.size()) out[fmt::format("all:{}", key)] = std::move(all);
  out[key] = std::move(current);
}

Json describe_field(const FieldDef& def) {
  JsonObject out;
  out["name"] = def.name;
  out["description"] = optional_text(def.description);
  add_list(out, "args", def.args, describe_input);
  out["type"] = reference(def.type);
  add_deprecation(out, def.deprecation);
  return out;
}

Json describe_value(const EnumValueDef& def) {
  JsonObject out;
  out["name"] = def.name;
  out["description"] = optional_text(def.description);
  add_deprecation(out, def.deprecation);
  return out;
}

JsonArray type_names(const std::vector<const NamedType*>& types) {
  JsonArray out;
  for (const auto* type : types) out.push_back(text_value(type->name));
  return out;
}

Json describe_type(const NamedType& type) {
  JsonObject out;
  out["kind"] = kind_word(type.kind);
  out["name"] = type.name;
  out["description"] = optional_text(type.description);
  out["specifiedByURL"] = optional_text(type.specified_by);
  if (type.kind == TypeKind::object || type.kind == TypeKind::interface) {
    add_list(out, "fields", type.fields, describe_field);
    out["interfaces"] = type_names(type.interfaces);
  }
  if (type.abstract()) out["possibleTypes"] = type_names(type.possible);
  if (type.kind == TypeKind::enumeration) add_list(out, "enumValues", type.values, describe_value);
  if (type.kind == TypeKind::input_object) add_list(out, "inputFields", type.inputs, describe_input);
  return out;
}

Json describe_directive(const DirectiveDef& def) {
  JsonObject out;
  out["name"] = def.name;
  out["description"] = optional_text(def.description);
  out["isRepeatable"] = def.repeatable;
  JsonArray locations;
  for (const auto& location : def.locations) locations.push_back(text_value(location));
  out["locations"] = std::move(locations);
  add_list(out, "args", def.args, describe_input);
  return out;
}

/// Built-in scalars that nothing refers to are not part of a schema.
std::unordered_set<const NamedType*> referenced_types(const Schema& schema) {
  std::unordered_set<const NamedType*> out;
  const auto add_args = [&](const auto& args) {
    for (const auto& arg : args) out.insert(arg.type.named);
  };
  for (const auto& type : schema.types()) {
    add_args(type.inputs);
    for (const auto& field : type.fields) {
      out.insert(field.type.named);
      add_args(field.args);
    }
  }
  for (const auto& directive : schema.directives()) add_args(directive.args);
  return out;
}

}  // namespace

std::string_view built_in_sdl() { return kBuiltIn; }

void bind_introspection(Schema& schema) {
  const auto bind = [&](std::string_view type, std::string_view field, NativeResolver resolver) {
    schema.mutable_type(type)->field_index.at(field)->native = resolver;
  };
  bind("__Introspection", "__schema", root_schema);
  bind("__Introspection", "__type", root_type);
  bind("__Type", "fields", type_fields);
  bind("__Type", "enumValues", type_values);
  bind("__Type", "inputFields", type_inputs);
  bind("__Field", "args", owner_args);
  bind("__Directive", "args", owner_args);
}

Json build_introspection(const Schema& schema) {
  const auto referenced = referenced_types(schema);
  JsonObject types;
  JsonArray names;
  for (const auto& type : schema.types()) {
    const bool unused = type.kind == TypeKind::scalar && type.at.line == 0 && !referenced.contains(&type);
    if (type.name == "__Introspection" || unused) continue;
    types[type.name] = describe_type(type);
    names.push_back(text_value(type.name));
  }
  const auto root = [&](OperationKind kind) {
    const auto* type = schema.root(kind);
    return type ? text_value(type->name) : Json(nullptr);
  };
  JsonObject description;
  description["description"] = optional_text(schema.description());
  description["types"] = std::move(names);
  description["queryType"] = root(OperationKind::query);
  description["mutationType"] = root(OperationKind::mutation);
  description["subscriptionType"] = root(OperationKind::subscription);
  JsonArray directives;
  for (const auto& directive : schema.directives()) directives.push_back(describe_directive(directive));
  description["directives"] = std::move(directives);
  JsonObject out;
  out["schema"] = std::move(description);
  out["types"] = std::move(types);
  return out;
}

const Json* meta_type_value(const Json& introspection, const Json& value) {
  const auto* name = value.if_string();
  return name ? find(introspection.at("types"), *name) : &value;
}

}  // namespace slipway::graphql
