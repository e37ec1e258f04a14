// What the rules of validation share. Each function reports what it finds and relies on no other rule having passed.
#pragma once
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

  void report(std::string message, std::vector<Location> locations) {
    errors.push_back(invalid(std::move(message), std::move(locations)));
  }
};

/// Names of operations and fragments, definitions that cannot be executed.
void check_definitions(ValidationContext& context, const Document& document);
/// Fragments: known, used, without cycles. False when cycles or unknown fragments make it unsafe to follow spreads.
bool check_fragments(ValidationContext& context);
/// Fields, their arguments and directives, types of fragments.
void check_selections(ValidationContext& context);

}  // namespace slipway::graphql
