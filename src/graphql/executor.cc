#include "graphql/executor.h"

#include <algorithm>

#include <fmt/format.h>

#include "graphql/inspect.h"
#include "graphql/introspection.h"
#include "graphql/scalar.h"

namespace slipway::graphql {
namespace {

/// A list of failing items gives this many errors; the rest is null without one.
constexpr std::size_t kMaxErrors = 500;

JsonArray path_to_json(const ResponsePath* path) {
  JsonArray out;
  for (; path; path = path->parent) {
    out.push_back(path->key.data() ? text_value(path->key) : Json(static_cast<std::int64_t>(path->index)));
  }
  std::ranges::reverse(out);
  return out;
}

std::string coordinate(const CollectedField& field) {
  const auto& node = *field.nodes.front();
  return fmt::format("{}.{}", field.definition->parent ? field.definition->parent->name : node.parent->name,
                     node.name.text);
}

Source member_of(Source parent, const CollectedField& field) {
  const Json* member = parent.value ? find(*parent.value, field.definition->name) : nullptr;
  const bool movable = parent.owned && field.last_reader;
  return {member, movable ? const_cast<Json*>(member) : nullptr};
}

}  // namespace

Execution::Execution(const Schema& schema, const OperationDefinition& operation, JsonObject variables, Context& context)
    : schema_(schema), operation_(operation), variables_(std::move(variables)), context_(context) {
  root_.type = operation.root;
  std::vector<const FragmentDefinition*> visited;
  collect(root_, operation.selections, visited);
  finish(root_);
}

bool Execution::fail(const CollectedField& field, const ResponsePath* path, Error error) {
  if (errors.size() >= kMaxErrors) return false;
  std::vector<Location> locations;
  for (const auto* node : field.nodes) locations.push_back(node->at);
  errors.push_back({std::move(error), std::move(locations), path_to_json(path)});
  return false;
}

bool Execution::execute_set(CollectedSet& set, Source parent, Json& out, const ResponsePath* path) {
  JsonObject& object = out.emplace_object();
  object.reserve(set.fields.size());
  for (auto& field : set.fields) {
    const ResponsePath here{path, field.key};
    Json& slot = object.emplace(field.key, nullptr).first->value();
    if (execute_field(set, field, parent, slot, &here)) continue;
    out = nullptr;
    return false;
  }
  return true;
}

bool Execution::execute_field(CollectedSet& set, CollectedField& field, Source parent, Json& out,
                              const ResponsePath* path) {
  if (field.is_typename) {
    out = set.type->name;
    return true;
  }
  Json storage;
  Source source;
  if (!resolve(field, parent, storage, source, path)) return !field.definition->type.non_null();
  return complete(field.definition->type, field, source, out, path);
}

/// Finds what a field without asynchronous resolver is completed from. False: an error was added.
bool Execution::resolve(CollectedField& field, Source parent, Json& storage, Source& source, const ResponsePath* path) {
  const FieldDef& definition = *field.definition;
  if (definition.native) {
    if (!prepare_args(field, path)) return false;
    source = {definition.native(schema_.introspection(), parent.value ? *parent.value : null_, field.args), nullptr};
    return true;
  }
  if (!definition.sync) {
    source = member_of(parent, field);
    return true;
  }
  if (!prepare_args(field, path)) return false;
  std::optional<Error> failure;
  try {
    auto answer = (*definition.sync)(call(field, parent));
    if (answer) storage = *std::move(answer);
    if (!answer) failure = std::move(answer).error();
  } catch (const std::exception& thrown) {
    failure = Error(Code::internal, thrown.what());
  }
  if (failure) return fail(field, path, *std::move(failure));
  source = {&storage, &storage};
  return true;
}

bool Execution::prepare_args(CollectedField& field, const ResponsePath* path) {
  if (!field.has_args) {
    field.has_args = true;
    const auto& node = *field.nodes.front();
    const bool once = !path->parent;
    auto args = coerce_arguments(field.definition->args, node.arguments, node.at,
                                 {variables_, operation_, once ? VariableUse::move_single : VariableUse::copy});
    if (args) field.args = *std::move(args);
    if (!args) field.args_error = std::move(args).error();
  }
  if (!field.args_error) return true;
  if (errors.size() >= kMaxErrors) return false;
  errors.push_back(
      {Error(Code::invalid_argument, field.args_error->message), {field.args_error->at}, path_to_json(path)});
  return false;
}

FieldCall Execution::call(CollectedField& field, Source parent) {
  return FieldCall{
      parent.value ? *parent.value : null_, field.args, context_, [this, at = &field](std::string_view name) {
        return std::ranges::any_of(at->nodes, [&](const auto* node) { return selects(node->selections, name); });
      }};
}

/// The end of every completion: a nullable value takes the failure, a non-null one hands it on to what holds
/// it.
bool Execution::settle(TypeRef type, bool completed, CollectedField& field, Json& out, const ResponsePath* path) {
  if (!completed) out = nullptr;
  if (!type.non_null()) return true;
  if (completed && out.is_null()) {
    return fail(field, path,
                Error(Code::internal, fmt::format("Cannot return null for non-nullable field {}.", coordinate(field))));
  }
  return completed;
}

bool Execution::complete(TypeRef type, CollectedField& field, Source source, Json& out, const ResponsePath* path) {
  return settle(type, complete_value(type.nullable(), field, source, out, path), field, out, path);
}

bool Execution::complete_value(TypeRef type, CollectedField& field, Source source, Json& out,
                               const ResponsePath* path) {
  if (!source.value || source.value->is_null()) return true;
  if (type.list()) return complete_list(type.inner(), field, source, out, path);
  if (type.named->leaf()) return complete_leaf(*type.named, field, source, out, path);
  const auto* concrete = concrete_type(*type.named, field, source, path);
  return concrete && execute_set(set_below(field, *concrete), source, out, path);
}

bool Execution::complete_list(TypeRef item, CollectedField& field, Source source, Json& out, const ResponsePath* path) {
  const auto* items = source.value->if_array();
  if (!items) {
    return fail(field, path,
                Error(Code::internal,
                      fmt::format("Expected Iterable, but did not find one for field \"{}\".", coordinate(field))));
  }
  JsonArray& list = out.emplace_array();
  list.resize(items->size());
  for (std::size_t i = 0; i < items->size(); ++i) {
    const ResponsePath here{path, {}, i};
    const Source element{&(*items)[i], source.owned ? &source.owned->get_array()[i] : nullptr};
    if (!complete(item, field, element, list[i], &here)) return false;
  }
  return true;
}

bool Execution::complete_leaf(const NamedType& type, CollectedField& field, Source source, Json& out,
                              const ResponsePath* path) {
  if (source.owned) {
    out = std::move(*source.owned);
  } else {
    out = *source.value;
  }
  auto fits = leaf_to_output(type, out);
  return fits || fail(field, path, std::move(fits).error());
}

const NamedType* Execution::concrete_type(const NamedType& type, CollectedField& field, Source& source,
                                          const ResponsePath* path) {
  const auto refuse = [&](std::string message) {
    fail(field, path, Error(Code::internal, std::move(message)));
    return nullptr;
  };
  if (&type == schema_.meta_type()) {
    source = {meta_type_value(schema_.introspection(), *source.value), nullptr};
    return &type;
  }
  if (!source.value->is_object()) {
    return refuse(fmt::format("Expected value of type \"{}\" but got: {}.", type.name, inspect(*source.value)));
  }
  if (!type.abstract()) return &type;
  const Json* name = find(*source.value, "__typename");
  if (!name || !name->is_string()) {
    return refuse(
        fmt::format("Abstract type \"{}\" must resolve to an Object type at runtime for field \"{}\": its "
                    "value has no \"__typename\".",
                    type.name, coordinate(field)));
  }
  const auto* concrete = schema_.type(name->get_string());
  if (!concrete) {
    return refuse(
        fmt::format("Abstract type \"{}\" was resolved to a type \"{}\" that does not exist inside the schema.",
                    type.name, std::string_view(name->get_string())));
  }
  if (!type.includes(concrete)) {
    return refuse(
        fmt::format("Runtime Object type \"{}\" is not a possible type for \"{}\".", concrete->name, type.name));
  }
  return concrete;
}

}  // namespace slipway::graphql
