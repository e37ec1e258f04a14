#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "graphql/input_places.h"
#include "graphql/printer.h"
#include "graphql/validation_rules.h"

namespace slipway::graphql {
namespace {

/// One place where a variable stands.
struct Usage {
  const Value* variable;
  TypeRef type;      ///< Of the place; no named type when it is unknown.
  bool has_default;  ///< The place has a default of its own.
};

class UsageSearch {
 public:
  std::vector<Usage> usages;

  void operator()(const Argument& argument, const InputDef* def) { add(argument.value, def); }

 private:
  void add(const Value& value, const InputDef* def) {
    add(value, def ? def->type : TypeRef(), def && def->default_value);
  }

  void add(const Value& value, TypeRef type, bool has_default) {
    if (value.kind == Value::Kind::variable) usages.push_back({&value, type, has_default});
    const TypeRef nullable = type ? type.nullable() : type;
    for (const auto& item : value.items) add(item, nullable && nullable.list() ? nullable.inner() : TypeRef(), false);
    for (const auto& member : value.members)
      add(member.value, type ? type.named->input_field(member.name.text) : nullptr);
  }
};

class VariableCheck {
 public:
  explicit VariableCheck(ValidationContext& context) : context_(context) {}

  void operation(const OperationDefinition& node) {
    definitions(node);
    std::set<std::string_view> used;
    for (const auto* usage : all_usages(node)) {
      used.insert(usage->variable->text);
      const auto* found = last_definition(node, usage->variable->text);
      if (!found) {
        context_.report(
            fmt::format("Variable \"${}\" is not defined{}.", usage->variable->text, by_operation(" by", node)),
            {usage->variable->at, node.at});
      } else if (found->resolved && usage->type && !allowed(*found, *usage)) {
        context_.report(fmt::format("Variable \"${}\" of type \"{}\" used in position expecting type \"{}\".",
                                    found->name.text, found->resolved.to_string(), usage->type.to_string()),
                        {found->at, usage->variable->at});
      }
    }
    for (const auto& variable : node.variables) {
      if (used.contains(variable.name.text)) continue;
      context_.report(fmt::format("Variable \"${}\" is never used{}.", variable.name.text, by_operation(" in", node)),
                      {variable.at});
    }
  }

 private:
  static std::string by_operation(std::string_view preposition, const OperationDefinition& node) {
    return node.name.text.empty() ? std::string() : fmt::format("{} operation \"{}\"", preposition, node.name.text);
  }

  static const VariableDefinition* last_definition(const OperationDefinition& node, std::string_view name) {
    const VariableDefinition* out = nullptr;
    for (const auto& variable : node.variables) {
      if (variable.name.text == name) out = &variable;
    }
    return out;
  }

  void definitions(const OperationDefinition& node) {
    std::unordered_map<std::string_view, Location> seen;
    for (const auto& variable : node.variables) {
      if (variable.resolved && !variable.resolved.named->input()) {
        context_.report(
            fmt::format("Variable \"${}\" cannot be non-input type \"{}\".", variable.name.text, print(variable.type)),
            {variable.type.at});
      }
      const auto [first, fresh] = seen.emplace(variable.name.text, variable.name.at);
      if (fresh) continue;
      context_.report(fmt::format("There can be only one variable named \"${}\".", variable.name.text),
                      {first->second, variable.name.at});
    }
  }

  static bool allowed(const VariableDefinition& variable, const Usage& usage) {
    if (!usage.type.non_null() || variable.resolved.non_null()) return is_subtype(variable.resolved, usage.type);
    const bool defaulted = variable.default_value && variable.default_value->kind != Value::Kind::null;
    return (defaulted || usage.has_default) && is_subtype(variable.resolved, usage.type.inner());
  }

  /// Of the operation and every fragment that it reaches.
  std::vector<const Usage*> all_usages(const OperationDefinition& node) {
    std::vector<const Usage*> out;
    std::set<const FragmentDefinition*> visited;
    std::vector<const FragmentDefinition*> todo;
    const auto take = [&](const auto& definition) {
      for (const auto& usage : usages_of(definition)) out.push_back(&usage);
      add_spreads(definition.selections, visited, todo);
    };
    take(node);
    while (!todo.empty()) {
      const auto* fragment = todo.back();
      todo.pop_back();
      take(*fragment);
    }
    return out;
  }

  template <class Definition>
  const std::vector<Usage>& usages_of(const Definition& definition) {
    const auto [entry, fresh] = usages_.try_emplace(&definition.selections);
    if (fresh) {
      UsageSearch search;
      each_argument(context_.schema, definition.directives, search);
      each_argument(context_.schema, definition.selections, search);
      entry->second = std::move(search.usages);
    }
    return entry->second;
  }

  static void add_spreads(const SelectionSet& selections, std::set<const FragmentDefinition*>& visited,
                          std::vector<const FragmentDefinition*>& todo) {
    for (const auto& node : selections) {
      if (node.fragment && visited.insert(node.fragment).second) todo.push_back(node.fragment);
      add_spreads(node.selections, visited, todo);
    }
  }

  ValidationContext& context_;
  std::unordered_map<const SelectionSet*, std::vector<Usage>> usages_;
};

}  // namespace

void check_variables(ValidationContext& context) {
  VariableCheck check(context);
  for (const auto* operation : context.operations) check.operation(*operation);
}

}  // namespace slipway::graphql
