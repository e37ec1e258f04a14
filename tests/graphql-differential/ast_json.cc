#include "ast_json.h"

namespace slipway::graphql {
namespace {

JsonObject node(std::string_view kind) {
  JsonObject out;
  out["kind"] = kind;
  return out;
}

template <class List, class Convert>
JsonArray each(const List& list, Convert convert) {
  JsonArray out;
  for (const auto& item : list) out.push_back(convert(item));
  return out;
}

Json name_json(const Name& name) {
  auto out = node("Name");
  out["value"] = name.text;
  return out;
}

Json named_type(const Name& name) {
  auto out = node("NamedType");
  out["name"] = name_json(name);
  return out;
}

Json type_json(const Name& name, Wrappers wrappers) {
  if (wrappers.empty()) return named_type(name);
  auto out = node(wrappers.non_null() ? "NonNullType" : "ListType");
  out["type"] = type_json(name, wrappers.inner());
  return out;
}

Json type_json(const TypeNode& type) { return type_json(type.name, type.wrappers); }

Json variable_json(std::string_view name) {
  auto out = node("Variable");
  out["name"] = name_json({name, {}});
  return out;
}

Json value_json(const Value& value) {
  using Kind = Value::Kind;
  static constexpr std::string_view kKinds[] = {"Variable",  "IntValue",  "FloatValue", "StringValue", "BooleanValue",
                                                "NullValue", "EnumValue", "ListValue",  "ObjectValue"};
  if (value.kind == Kind::variable) return variable_json(value.text);
  auto out = node(kKinds[static_cast<std::size_t>(value.kind)]);
  switch (value.kind) {
    case Kind::null:
      break;
    case Kind::boolean:
      out["value"] = value.text == "true";
      break;
    case Kind::list:
      out["values"] = each(value.items, value_json);
      break;
    case Kind::object:
      out["fields"] = each(value.members, [](const ObjectMember& member) {
        auto field = node("ObjectField");
        field["name"] = name_json(member.name);
        field["value"] = value_json(member.value);
        return field;
      });
      break;
    case Kind::string:
      out["block"] = value.block;
      [[fallthrough]];
    default:
      out["value"] = value.text;
  }
  return out;
}

JsonArray arguments_json(const std::vector<Argument>& arguments) {
  return each(arguments, [](const Argument& argument) {
    auto out = node("Argument");
    out["name"] = name_json(argument.name);
    out["value"] = value_json(argument.value);
    return out;
  });
}

JsonArray directives_json(const std::vector<Directive>& directives) {
  return each(directives, [](const Directive& directive) {
    auto out = node("Directive");
    out["name"] = name_json(directive.name);
    out["arguments"] = arguments_json(directive.arguments);
    return out;
  });
}

Json selection_json(const Selection& selection);

Json selections_json(const SelectionSet& selections) {
  auto out = node("SelectionSet");
  out["selections"] = each(selections, selection_json);
  return out;
}

Json selection_json(const Selection& selection) {
  static constexpr std::string_view kKinds[] = {"Field", "FragmentSpread", "InlineFragment"};
  auto out = node(kKinds[static_cast<std::size_t>(selection.kind)]);
  if (!selection.alias.text.empty()) out["alias"] = name_json(selection.alias);
  const bool inline_fragment = selection.kind == Selection::Kind::inline_fragment;
  if (inline_fragment && !selection.name.text.empty()) out["typeCondition"] = named_type(selection.name);
  if (!inline_fragment) out["name"] = name_json(selection.name);
  if (selection.kind == Selection::Kind::field) out["arguments"] = arguments_json(selection.arguments);
  out["directives"] = directives_json(selection.directives);
  if (selection.has_selections) out["selectionSet"] = selections_json(selection.selections);
  return out;
}

Json definition_json(const OperationDefinition& operation) {
  auto out = node("OperationDefinition");
  out["operation"] = operation_keyword(operation.kind);
  if (!operation.name.text.empty()) out["name"] = name_json(operation.name);
  out["variableDefinitions"] = each(operation.variables, [](const VariableDefinition& variable) {
    auto definition = node("VariableDefinition");
    definition["variable"] = variable_json(variable.name.text);
    definition["type"] = type_json(variable.type);
    if (variable.default_value) definition["defaultValue"] = value_json(*variable.default_value);
    definition["directives"] = directives_json(variable.directives);
    return definition;
  });
  out["directives"] = directives_json(operation.directives);
  out["selectionSet"] = selections_json(operation.selections);
  return out;
}

Json definition_json(const FragmentDefinition& fragment) {
  auto out = node("FragmentDefinition");
  out["name"] = name_json(fragment.name);
  out["typeCondition"] = named_type(fragment.condition);
  out["directives"] = directives_json(fragment.directives);
  out["selectionSet"] = selections_json(fragment.selections);
  return out;
}

void add_description(JsonObject& out, const std::optional<Description>& description) {
  if (!description) return;
  auto text = node("StringValue");
  text["value"] = description->text;
  text["block"] = description->block;
  out["description"] = std::move(text);
}

Json input_json(const InputValueNode& input) {
  auto out = node("InputValueDefinition");
  add_description(out, input.description);
  out["name"] = name_json(input.name);
  out["type"] = type_json(input.type);
  if (input.default_value) out["defaultValue"] = value_json(*input.default_value);
  out["directives"] = directives_json(input.directives);
  return out;
}

Json field_json(const FieldNode& field) {
  auto out = node("FieldDefinition");
  add_description(out, field.description);
  out["name"] = name_json(field.name);
  out["arguments"] = each(field.arguments, input_json);
  out["type"] = type_json(field.type);
  out["directives"] = directives_json(field.directives);
  return out;
}

Json enum_value_json(const EnumValueNode& value) {
  auto out = node("EnumValueDefinition");
  add_description(out, value.description);
  out["name"] = name_json(value.name);
  out["directives"] = directives_json(value.directives);
  return out;
}

Json root_json(const RootTypeNode& root) {
  auto out = node("OperationTypeDefinition");
  out["operation"] = operation_keyword(root.kind);
  out["type"] = named_type(root.type);
  return out;
}

void add_body(JsonObject& out, const TypeSystemNode& definition) {
  using Kind = TypeSystemNode::Kind;
  switch (definition.kind) {
    case Kind::schema:
      out["operationTypes"] = each(definition.roots, root_json);
      break;
    case Kind::object:
    case Kind::interface:
      out["interfaces"] = each(definition.interfaces, named_type);
      out["fields"] = each(definition.fields, field_json);
      break;
    case Kind::union_:
      out["types"] = each(definition.members, named_type);
      break;
    case Kind::enumeration:
      out["values"] = each(definition.values, enum_value_json);
      break;
    case Kind::input_object:
      out["fields"] = each(definition.inputs, input_json);
      break;
    case Kind::directive:
      out["arguments"] = each(definition.inputs, input_json);
      out["repeatable"] = definition.repeatable;
      out["locations"] = each(definition.locations, name_json);
      break;
    case Kind::scalar:
      break;
  }
}

Json definition_json(const TypeSystemNode& definition) {
  static constexpr std::string_view kKinds[] = {"Schema",    "ScalarType", "ObjectType",      "InterfaceType",
                                                "UnionType", "EnumType",   "InputObjectType", "Directive"};
  auto out = node(std::string(kKinds[static_cast<std::size_t>(definition.kind)]) +
                  (definition.extension ? "Extension" : "Definition"));
  add_description(out, definition.description);
  if (!definition.name.text.empty()) out["name"] = name_json(definition.name);
  if (definition.kind != TypeSystemNode::Kind::directive) out["directives"] = directives_json(definition.directives);
  add_body(out, definition);
  return out;
}

}  // namespace

Json ast_to_json(const Document& document) {
  auto out = node("Document");
  out["definitions"] = each(document.definitions, [](const Definition& definition) {
    return std::visit([](const auto& each_kind) { return definition_json(each_kind); }, definition);
  });
  return out;
}

}  // namespace slipway::graphql
