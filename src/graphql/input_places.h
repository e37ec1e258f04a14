// Where values stand in a document: every argument of fields and directives, with the definition that it
// answers to.
#pragma once
#include <algorithm>
#include <vector>

#include "graphql/document.h"
#include "graphql/schema.h"

namespace slipway::graphql {

inline const InputDef* find_input(const std::deque<InputDef>* defs, std::string_view name) {
  if (!defs) return nullptr;
  const auto found = std::ranges::find(*defs, name, &InputDef::name);
  return found == defs->end() ? nullptr : &*found;
}

/// Calls visit(const Argument&, const InputDef*) for each; the definition is null when it is unknown.
template <class Visit>
void each_argument(const std::vector<Argument>& arguments, const std::deque<InputDef>* defs, Visit& visit) {
  for (const auto& argument : arguments) visit(argument, find_input(defs, argument.name.text));
}

template <class Visit>
void each_argument(const Schema& schema, const std::vector<Directive>& directives, Visit& visit) {
  for (const auto& directive : directives) {
    const auto* def = schema.directive(directive.name.text);
    each_argument(directive.arguments, def ? &def->args : nullptr, visit);
  }
}

/// Of all fields and directives in the selections; spreads are not followed.
template <class Visit>
void each_argument(const Schema& schema, const SelectionSet& selections, Visit& visit) {
  for (const auto& node : selections) {
    each_argument(schema, node.directives, visit);
    each_argument(node.arguments, node.definition ? &node.definition->args : nullptr, visit);
    each_argument(schema, node.selections, visit);
  }
}

/// Of an operation or a fragment, the directives of its variables apart.
template <class Definition, class Visit>
void each_argument_of(const Schema& schema, const Definition& definition, Visit visit) {
  each_argument(schema, definition.directives, visit);
  each_argument(schema, definition.selections, visit);
}

}  // namespace slipway::graphql
