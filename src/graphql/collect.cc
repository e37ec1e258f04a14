#include <algorithm>
#include <ranges>
#include <unordered_set>

#include "graphql/executor.h"

namespace slipway::graphql {
namespace {

constexpr std::size_t kManyFields = 16;

bool has_resolver(const FieldDef& definition) { return definition.sync || definition.async; }

}  // namespace

CollectedField& CollectedSet::field(std::string_view key) {
  const bool many = fields.size() >= kManyFields;
  if (!many) {
    const auto found = std::ranges::find(fields, key, &CollectedField::key);
    if (found != fields.end()) return *found;
  } else {
    if (index.empty()) {
      for (std::size_t i = 0; i < fields.size(); ++i) index.emplace(fields[i].key, i);
    }
    const auto [entry, fresh] = index.emplace(key, fields.size());
    if (!fresh) return fields[entry->second];
  }
  CollectedField& added = fields.emplace_back();
  added.key = key;
  return added;
}

void Execution::collect(CollectedSet& set, const SelectionSet& selections,
                        std::vector<const FragmentDefinition*>& visited) {
  for (const auto& node : selections) {
    if (!node.directives.empty() && !included(node)) continue;
    if (node.kind == Selection::Kind::inline_fragment) {
      if (node.condition->includes(set.type)) collect(set, node.selections, visited);
      continue;
    }
    if (node.kind == Selection::Kind::spread) {
      if (std::ranges::find(visited, node.fragment) != visited.end()) continue;
      visited.push_back(node.fragment);
      if (node.fragment->type->includes(set.type)) collect(set, node.fragment->selections, visited);
      continue;
    }
    CollectedField& field = set.field(node.response_key());
    if (field.nodes.empty()) {
      field.is_typename = node.name.text == "__typename";
      field.definition = node.parent == set.type ? node.definition : schema_.field(*set.type, node.name.text);
    }
    field.nodes.push_back(&node);
    field.awaits_below |= node.awaits_below;
  }
}

void Execution::finish(CollectedSet& set) const {
  bool resolver_follows = false;
  std::unordered_set<std::string_view> read_later;
  for (auto& field : set.fields | std::views::reverse) {
    field.awaits = field.awaits_below || field.definition->async;
    if (has_resolver(*field.definition)) {
      resolver_follows = true;
      continue;
    }
    field.last_reader = !resolver_follows;
    if (set.fields.size() > 1 && !read_later.insert(field.definition->name).second) field.last_reader = false;
  }
}

CollectedSet& Execution::set_below(CollectedField& field, const NamedType& type) {
  for (const auto& set : field.below) {
    if (set->type == &type) return *set;
  }
  CollectedSet& set = *field.below.emplace_back(std::make_unique<CollectedSet>());
  set.type = &type;
  std::vector<const FragmentDefinition*> visited;
  for (const auto* node : field.nodes) collect(set, node->selections, visited);
  finish(set);
  return set;
}

bool Execution::included(const Selection& node) {
  for (const auto& directive : node.directives) {
    if (directive.name.text == "skip" && directive_flag(directive)) return false;
    if (directive.name.text == "include" && !directive_flag(directive)) return false;
  }
  return true;
}

bool Execution::directive_flag(const Directive& directive) {
  const auto& value = directive.arguments.front().value;
  if (value.kind != Value::Kind::variable) return value.text == "true";
  const Json* found = find(variables_, value.text);
  if (found && found->is_bool()) return found->get_bool();
  // Validation lets a nullable variable with a default through; an explicit null is found only here.
  errors.push_back(invalid("Argument \"if\" of non-null type \"Boolean!\" must not be null.", {value.at}));
  return false;
}

bool Execution::selects(const SelectionSet& selections, std::string_view name) {
  return std::ranges::any_of(selections, [&](const Selection& node) {
    if (!included(node)) return false;
    if (node.kind == Selection::Kind::field) return node.name.text == name;
    return selects(node.kind == Selection::Kind::spread ? node.fragment->selections : node.selections, name);
  });
}

}  // namespace slipway::graphql
