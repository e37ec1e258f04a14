#include "graphql/schema_loader.h"

#include <algorithm>

#include <fmt/format.h>

#include "graphql/coerce.h"
#include "graphql/introspection.h"
#include "graphql/parser.h"
#include "graphql/printer.h"
#include "graphql/scalar.h"

namespace slipway::graphql {
namespace {

using NodeKind = TypeSystemNode::Kind;

constexpr ParseLimits kSdlLimits{.max_tokens = 1'000'000, .max_nesting = 100};

TypeKind type_kind(NodeKind kind) {
  switch (kind) {
    case NodeKind::object:
      return TypeKind::object;
    case NodeKind::interface:
      return TypeKind::interface;
    case NodeKind::union_:
      return TypeKind::union_;
    case NodeKind::enumeration:
      return TypeKind::enumeration;
    case NodeKind::input_object:
      return TypeKind::input_object;
    default:
      return TypeKind::scalar;
  }
}

std::optional<std::string> text_of(const std::optional<Description>& description) {
  if (!description) return std::nullopt;
  return std::string(description->text);
}

std::string_view directive_location(NodeKind kind) {
  switch (kind) {
    case NodeKind::schema:
      return "SCHEMA";
    case NodeKind::scalar:
      return "SCALAR";
    case NodeKind::object:
      return "OBJECT";
    case NodeKind::interface:
      return "INTERFACE";
    case NodeKind::union_:
      return "UNION";
    case NodeKind::enumeration:
      return "ENUM";
    case NodeKind::input_object:
      return "INPUT_OBJECT";
    case NodeKind::directive:
      return "";
  }
  return "";
}

const Value* argument(const Directive& directive, std::string_view name) {
  const auto found = std::ranges::find(directive.arguments, name, [](const auto& each) { return each.name.text; });
  return found == directive.arguments.end() ? nullptr : &found->value;
}

}  // namespace

namespace {

template <class Node>
void drop_marked(std::vector<Node>& nodes, std::string_view directive) {
  std::erase_if(nodes, [&](const Node& node) {
    return std::ranges::any_of(node.directives, [&](const auto& each) { return each.name.text == directive; });
  });
}

void drop_marked(Document& document, std::string_view directive) {
  std::vector<TypeSystemNode> kept;
  for (auto& each : document.definitions)
    if (auto* node = std::get_if<TypeSystemNode>(&each)) kept.push_back(std::move(*node));
  drop_marked(kept, directive);
  document.definitions.clear();
  for (auto& node : kept) {
    drop_marked(node.fields, directive);
    drop_marked(node.inputs, directive);
    for (auto& field : node.fields) drop_marked(field.arguments, directive);
    document.definitions.emplace_back(std::move(node));
  }
}

}  // namespace

Result<std::unique_ptr<Schema>> Schema::load(std::string_view sdl, std::string_view hide) {
  TRY(auto built_in, parse(std::string(built_in_sdl()), kSdlLimits));
  auto user = parse(std::string(sdl), kSdlLimits);
  if (!user) return std::move(user).error().wrap("reading the GraphQL schema");
  if (!hide.empty()) drop_marked(**user, hide);
  auto schema = std::make_unique<Schema>();
  SchemaLoader loader(*schema);
  loader.add(*built_in, SchemaLoader::Origin::built_in);
  loader.add(**user, SchemaLoader::Origin::user);
  loader.build();
  auto problems = std::move(loader.problems);
  if (problems.empty()) problems = check_schema(*schema);
  if (!problems.empty()) {
    return Error(Code::invalid_argument, "the GraphQL schema does not hold together", std::move(problems));
  }
  bind_introspection(*schema);
  schema->type_index_.erase("__Introspection");
  schema->introspection_ = build_introspection(*schema);
  return schema;
}

void SchemaLoader::problem(Location at, std::string message) {
  problems.push_back(Problem{"", std::move(message), "", static_cast<int>(at.line), static_cast<int>(at.column)});
}

void SchemaLoader::add(const Document& document, Origin origin) {
  for (const auto& each : document.definitions) {
    if (const auto* node = std::get_if<TypeSystemNode>(&each)) {
      add_definition(*node, origin);
    } else {
      problem({1, 1}, "a schema holds no operations or fragments. Take them out.");
    }
  }
}

void SchemaLoader::add_definition(const TypeSystemNode& node, Origin origin) {
  const bool user = origin == Origin::user;
  if (node.kind == NodeKind::schema) return schema_nodes_.push_back(&node);
  if (user && node.name.text.starts_with("__")) {
    problem(node.name.at,
            fmt::format("the name \"{}\" is reserved: names with two underscores belong to introspection.",
                        node.name.text));
    return;
  }
  if (node.kind == NodeKind::directive) {
    const auto same = [&](const auto* other) { return other->name.text == node.name.text; };
    if (std::ranges::any_of(directive_nodes_, same)) {
      problem(node.name.at, fmt::format("There can be only one directive named \"@{}\".", node.name.text));
    }
    return directive_nodes_.push_back(&node);
  }
  if (node.extension) return type_nodes_[node.name.text].push_back(&node);
  if (schema_.type(node.name.text)) {
    problem(node.name.at, fmt::format("There can be only one type named \"{}\".", node.name.text));
    return;
  }
  NamedType& type = schema_.types_.emplace_back();
  type.kind = type_kind(node.kind);
  type.name = node.name.text;
  type.description = text_of(node.description);
  if (user) type.at = node.name.at;
  type.scalar = scalar_rule(type.name);
  schema_.type_index_.emplace(type.name, &type);
  auto& nodes = type_nodes_[node.name.text];
  nodes.insert(nodes.begin(), &node);
}

void SchemaLoader::build() {
  for (const auto* node : directive_nodes_) build_directive(*node);
  for (auto& type : schema_.types_) build_type(type, type_nodes_[type.name]);
  for (const auto& [name, nodes] : type_nodes_) {
    if (!schema_.type(name)) {
      problem(nodes[0]->name.at, fmt::format("Cannot extend type \"{}\" because it is not defined.", name));
    }
  }
  build_roots();
  if (!problems.empty()) return;
  connect_possible_types();
  coerce_defaults();
  for (const auto& [name, nodes] : type_nodes_) {
    for (const auto* node : nodes) check_directives(node->directives, directive_location(node->kind));
  }
}

void SchemaLoader::build_type(NamedType& type, const std::vector<const TypeSystemNode*>& nodes) {
  for (const auto* node : nodes) {
    if (type_kind(node->kind) != type.kind) {
      problem(node->name.at,
              fmt::format("Cannot extend \"{}\" as another kind of type than it was defined as.", type.name));
      continue;
    }
    for (const auto& name : node->interfaces) {
      if (const auto* interface = resolve(name)) type.interfaces.push_back(interface);
    }
    for (const auto& name : node->members) {
      if (const auto* member = resolve(name)) type.possible.push_back(member);
    }
    for (const auto& each : node->fields) {
      FieldDef& def = type.fields.emplace_back(field(each, type));
      for (std::size_t i = 0; i < each.arguments.size(); ++i) nodes_.emplace(&def.args[i], &each.arguments[i]);
      if (!type.field_index.emplace(def.name, &def).second) {
        problem(each.name.at, fmt::format("Field \"{}.{}\" can only be defined once.", type.name, def.name));
      }
    }
    for (const auto& each : node->inputs) {
      InputDef& def = type.inputs.emplace_back(input(each));
      nodes_.emplace(&def, &each);
      if (!type.input_index.emplace(def.name, &def).second) {
        problem(each.name.at, fmt::format("Field \"{}.{}\" can only be defined once.", type.name, def.name));
      }
    }
    for (const auto& each : node->values) {
      if (type.has_value(each.name.text)) {
        problem(each.name.at, fmt::format("Enum value \"{}.{}\" can only be defined once.", type.name, each.name.text));
      }
      type.values.push_back(
          {std::string(each.name.text), text_of(each.description), deprecation(each.directives), each.name.at});
    }
    for (const auto& directive : node->directives) {
      const Value* url = directive.name.text == "specifiedBy" ? argument(directive, "url") : nullptr;
      if (url && url->kind == Value::Kind::string) type.specified_by = std::string(url->text);
    }
  }
}

void SchemaLoader::build_directive(const TypeSystemNode& node) {
  DirectiveDef& def = schema_.directives_.emplace_back();
  def.name = node.name.text;
  def.description = text_of(node.description);
  def.repeatable = node.repeatable;
  def.at = node.name.at;
  for (const auto& location : node.locations) def.locations.emplace_back(location.text);
  for (const auto& each : node.inputs) nodes_.emplace(&def.args.emplace_back(input(each)), &each);
}

void SchemaLoader::build_roots() {
  static constexpr std::string_view kDefaultNames[] = {"Query", "Mutation", "Subscription"};
  const bool defined = std::ranges::any_of(schema_nodes_, [](const auto* node) { return !node->extension; });
  for (std::size_t i = 0; !defined && i < 3; ++i) schema_.roots_[i] = schema_.type(kDefaultNames[i]);
  for (const auto* node : schema_nodes_) {
    if (node->description) schema_.description_ = std::string(node->description->text);
    for (const auto& root : node->roots) {
      auto& slot = schema_.roots_[static_cast<std::size_t>(root.kind)];
      if (slot) problem(root.at, fmt::format("There can be only one {} type in schema.", operation_keyword(root.kind)));
      slot = resolve(root.type);
    }
  }
  const auto* query = schema_.root(OperationKind::query);
  if (!query) problem({1, 1}, "Query root type must be provided.");
  for (const auto* root : schema_.roots_) {
    if (root && root->kind != TypeKind::object)
      problem(root->at, fmt::format("Root type \"{}\" must be an Object type.", root->name));
  }
  const auto* meta = schema_.type("__Introspection");
  schema_.schema_field_ = meta->field("__schema");
  schema_.type_field_ = meta->field("__type");
  schema_.meta_type_ = schema_.type("__Type");
  schema_.typename_field_.name = "__typename";
  schema_.typename_field_.type.named = schema_.type("String");
  schema_.typename_field_.type.wrappers.wrap_non_null();
}

void SchemaLoader::connect_possible_types() {
  for (auto& type : schema_.types_) {
    if (type.kind != TypeKind::object) continue;
    type.possible = {&type};
    for (const auto* interface : type.interfaces) {
      auto* target = schema_.mutable_type(interface->name);
      if (target->kind == TypeKind::interface && !target->includes(&type)) target->possible.push_back(&type);
    }
  }
}

void SchemaLoader::coerce_defaults() {
  for (auto& type : schema_.types_) {
    if (type.kind == TypeKind::input_object) coerce_input_object(type);
    for (auto& field : type.fields) {
      for (auto& arg : field.args) coerce_default(arg, *nodes_.at(&arg));
    }
  }
  for (auto& directive : schema_.directives_) {
    for (auto& arg : directive.args) coerce_default(arg, *nodes_.at(&arg));
  }
}

/// A default may be an input object that leans on the defaults of its own type, so those come first. Types
/// that contain each other end at the one that is already under way.
void SchemaLoader::coerce_input_object(NamedType& type) {
  if (!defaults_done_.insert(&type).second) return;
  for (auto& field : type.inputs) {
    const auto* node = nodes_.at(&field);
    const bool nested = node->default_value && field.type.named->kind == TypeKind::input_object;
    if (nested) coerce_input_object(*schema_.mutable_type(field.type.named->name));
    coerce_default(field, *node);
  }
}

void SchemaLoader::coerce_default(InputDef& def, const InputValueNode& node) {
  if (!node.default_value || !def.type.named->input()) return;
  if (def.type.named->kind == TypeKind::input_object) coerce_input_object(*schema_.mutable_type(def.type.named->name));
  def.default_value = coerce_literal(*node.default_value, def.type, nullptr);
  if (def.default_value) return;
  problem(node.default_value->at, fmt::format("The default value {} does not fit the type \"{}\".",
                                              print(*node.default_value), def.type.to_string()));
}

FieldDef SchemaLoader::field(const FieldNode& node, const NamedType& parent) {
  FieldDef def;
  def.name = node.name.text;
  def.description = text_of(node.description);
  def.type = resolve(node.type);
  def.deprecation = deprecation(node.directives);
  def.at = node.name.at;
  def.parent = &parent;
  check_directives(node.directives, "FIELD_DEFINITION");
  for (const auto& each : node.arguments) def.args.push_back(input(each));
  return def;
}

InputDef SchemaLoader::input(const InputValueNode& node) {
  InputDef def;
  def.name = node.name.text;
  def.description = text_of(node.description);
  def.type = resolve(node.type);
  def.deprecation = deprecation(node.directives);
  def.at = node.name.at;
  return def;
}

const NamedType* SchemaLoader::resolve(const Name& name) {
  const auto* type = schema_.type(name.text);
  if (!type) problem(name.at, fmt::format("Unknown type \"{}\".", name.text));
  return type;
}

TypeRef SchemaLoader::resolve(const TypeNode& node) { return {resolve(node.name), node.wrappers}; }

std::optional<std::string> SchemaLoader::deprecation(const std::vector<Directive>& directives) {
  for (const auto& directive : directives) {
    if (directive.name.text != "deprecated") continue;
    const Value* reason = argument(directive, "reason");
    return std::string(reason && reason->kind == Value::Kind::string ? reason->text : "No longer supported");
  }
  return std::nullopt;
}

void SchemaLoader::check_directives(const std::vector<Directive>& directives, std::string_view location) {
  for (const auto& directive : directives) {
    const auto known =
        std::ranges::find(directive_nodes_, directive.name.text, [](const auto* node) { return node->name.text; });
    if (known == directive_nodes_.end()) {
      problem(directive.at, fmt::format("Unknown directive \"@{}\".", directive.name.text));
      continue;
    }
    const auto allowed = std::ranges::find((*known)->locations, location, &Name::text);
    if (allowed == (*known)->locations.end()) {
      problem(directive.at, fmt::format("Directive \"@{}\" may not be used on {}.", directive.name.text, location));
    }
    for (const auto& each : directive.arguments) {
      const auto arg =
          std::ranges::find((*known)->inputs, each.name.text, [](const auto& input) { return input.name.text; });
      if (arg == (*known)->inputs.end()) {
        problem(each.name.at,
                fmt::format("Unknown argument \"{}\" on directive \"@{}\".", each.name.text, directive.name.text));
      }
    }
  }
}

}  // namespace slipway::graphql
