#include <algorithm>

#include <fmt/format.h>

#include "graphql/validation_rules.h"

namespace slipway::graphql {
namespace {

std::string_view directive_location(OperationKind kind) {
  switch (kind) {
    case OperationKind::query:
      return "QUERY";
    case OperationKind::mutation:
      return "MUTATION";
    case OperationKind::subscription:
      return "SUBSCRIPTION";
  }
  return "";
}

std::string_view directive_location(Selection::Kind kind) {
  switch (kind) {
    case Selection::Kind::field:
      return "FIELD";
    case Selection::Kind::spread:
      return "FRAGMENT_SPREAD";
    case Selection::Kind::inline_fragment:
      return "INLINE_FRAGMENT";
  }
  return "";
}

/// True when some object type is of both types.
bool overlap(const NamedType& a, const NamedType& b) {
  return std::ranges::any_of(a.possible, [&](const auto* type) { return b.includes(type); });
}

class SelectionCheck {
 public:
  explicit SelectionCheck(ValidationContext& context) : context_(context) {}

  void operation(const OperationDefinition& node) {
    for (const auto& variable : node.variables) {
      if (!variable.resolved) unknown_type(variable.type.name);
      directives(variable.directives, "VARIABLE_DEFINITION");
    }
    directives(node.directives, directive_location(node.kind));
    selections(node.selections);
  }

  void fragment(const FragmentDefinition& node) {
    if (!node.type) {
      unknown_type(node.condition);
    } else if (!node.type->composite()) {
      context_.report(fmt::format("Fragment \"{}\" cannot condition on non composite type \"{}\".", node.name.text,
                                  node.type->name),
                      {node.condition.at});
    }
    directives(node.directives, "FRAGMENT_DEFINITION");
    selections(node.selections);
  }

 private:
  void unknown_type(const Name& name) { context_.report(fmt::format("Unknown type \"{}\".", name.text), {name.at}); }

  void selections(const SelectionSet& set) {
    for (const auto& node : set) {
      directives(node.directives, directive_location(node.kind));
      switch (node.kind) {
        case Selection::Kind::field:
          field(node);
          break;
        case Selection::Kind::spread:
          spread(node);
          break;
        case Selection::Kind::inline_fragment:
          inline_fragment(node);
          break;
      }
      selections(node.selections);
    }
  }

  void field(const Selection& node) {
    if (!node.definition) {
      if (node.parent) {
        context_.report(fmt::format("Cannot query field \"{}\" on type \"{}\".", node.name.text, node.parent->name),
                        {node.at});
      }
      unique_arguments(node.arguments);
      return;
    }
    const FieldDef& def = *node.definition;
    const std::string type = def.type.to_string();
    if (def.type.named->leaf() && node.has_selections) {
      context_.report(
          fmt::format("Field \"{}\" must not have a selection since type \"{}\" has no subfields.", def.name, type),
          {node.at});
    }
    if (!def.type.named->leaf() && !node.has_selections) {
      context_.report(fmt::format("Field \"{0}\" of type \"{1}\" must have a selection of subfields. Did you "
                                  "mean \"{0} {{ ... }}\"?",
                                  def.name, type),
                      {node.at});
    }
    arguments(node.arguments, def.args, fmt::format("field \"{}.{}\"", node.parent->name, def.name),
              fmt::format("Field \"{}\"", def.name), node.at);
  }

  void spread(const Selection& node) {
    if (!node.fragment || !node.parent) return;
    const auto* type = node.fragment->type;
    if (!type || !type->composite() || overlap(*node.parent, *type)) return;
    context_.report(
        fmt::format("Fragment \"{}\" cannot be spread here as objects of type \"{}\" can never be of type \"{}\".",
                    node.name.text, node.parent->name, type->name),
        {node.at});
  }

  void inline_fragment(const Selection& node) {
    if (node.name.text.empty()) return;
    if (!node.condition) return unknown_type(node.name);
    if (!node.condition->composite()) {
      context_.report(fmt::format("Fragment cannot condition on non composite type \"{}\".", node.condition->name),
                      {node.name.at});
    } else if (node.parent && !overlap(*node.parent, *node.condition)) {
      context_.report(
          fmt::format("Fragment cannot be spread here as objects of type \"{}\" can never be of type \"{}\".",
                      node.parent->name, node.condition->name),
          {node.at});
    }
  }

  void directives(const std::vector<Directive>& list, std::string_view location) {
    std::unordered_map<std::string_view, Location> seen;
    for (const auto& node : list) {
      const auto* def = context_.schema.directive(node.name.text);
      if (!def) {
        context_.report(fmt::format("Unknown directive \"@{}\".", node.name.text), {node.at});
        unique_arguments(node.arguments);
        continue;
      }
      if (!def->allowed_at(location)) {
        context_.report(fmt::format("Directive \"@{}\" may not be used on {}.", def->name, location), {node.at});
      }
      const auto [first, fresh] = seen.emplace(node.name.text, node.at);
      if (!fresh && !def->repeatable) {
        context_.report(fmt::format("The directive \"@{}\" can only be used once at this location.", def->name),
                        {first->second, node.at});
      }
      const std::string owner = fmt::format("irective \"@{}\"", def->name);
      arguments(node.arguments, def->args, "d" + owner, "D" + owner, node.at);
    }
  }

  void unique_arguments(const std::vector<Argument>& given) {
    std::unordered_map<std::string_view, Location> seen;
    for (const auto& argument : given) {
      const auto [first, fresh] = seen.emplace(argument.name.text, argument.name.at);
      if (fresh) continue;
      context_.report(fmt::format("There can be only one argument named \"{}\".", argument.name.text),
                      {first->second, argument.name.at});
    }
  }

  void arguments(const std::vector<Argument>& given, const std::deque<InputDef>& defs, std::string_view owner,
                 std::string_view capital_owner, Location at) {
    if (given.size() > 1) unique_arguments(given);
    for (const auto& argument : given) {
      if (std::ranges::find(defs, argument.name.text, &InputDef::name) != defs.end()) continue;
      context_.report(fmt::format("Unknown argument \"{}\" on {}.", argument.name.text, owner), {argument.name.at});
    }
    for (const auto& def : defs) {
      const auto same = [&](const Argument& argument) { return argument.name.text == def.name; };
      if (!def.required() || std::ranges::any_of(given, same)) continue;
      context_.report(fmt::format("{} argument \"{}\" of type \"{}\" is required, but it was not provided.",
                                  capital_owner, def.name, def.type.to_string()),
                      {at});
    }
  }

  ValidationContext& context_;
};

}  // namespace

void check_selections(ValidationContext& context) {
  SelectionCheck check(context);
  for (const auto* operation : context.operations) check.operation(*operation);
  for (const auto* fragment : context.fragments) check.fragment(*fragment);
}

}  // namespace slipway::graphql
