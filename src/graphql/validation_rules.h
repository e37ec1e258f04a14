// What the rules of validation share. Each function reports what it finds and relies on no other rule having
// passed.
#pragma once
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "graphql/document.h"
#include "graphql/graph_error.h"
#include "graphql/schema.h"

namespace slipway::graphql {

struct ValidationContext {
  const Schema& schema;
  std::vector<const OperationDefinition*> operations;
  std::vector<const FragmentDefinition*> fragments;
  std::vector<GraphError> errors;
  std::set<const FragmentDefinition*> reached;  ///< Fragments that an operation spreads; filled by check_fragments().

  void report(std::string message, std::vector<Location> locations) {
    errors.push_back(invalid(std::move(message), std::move(locations)));
  }
};

/// Names of operations and fragments, definitions that cannot be executed.
void check_definitions(ValidationContext& context, const Document& document);
/// Fragments: known, used, without cycles. False when cycles make it unsafe to follow spreads.
bool check_fragments(ValidationContext& context);
/// Fields, their arguments and directives, types of fragments.
void check_selections(ValidationContext& context);
/// Literals fit the types of their places; no input field is given twice.
void check_values(ValidationContext& context);
/// Variables are declared, used, and fit the places where they are used.
void check_variables(ValidationContext& context);
/// Fields with one response name can be merged. Only when check_fragments() gave true.
void check_merging(ValidationContext& context);

}  // namespace slipway::graphql
