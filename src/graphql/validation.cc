#include "graphql/validation.h"

#include <map>

#include "graphql/validation_rules.h"

namespace slipway::graphql {
namespace {

constexpr std::size_t kMaxErrors = 100;

std::vector<GraphError> in_document_order(std::vector<GraphError> errors) {
  std::multimap<Location, GraphError*> sorted;  // Keeps the order of errors at one place.
  for (auto& error : errors) sorted.emplace(error.locations.empty() ? Location() : error.locations.front(), &error);
  std::vector<GraphError> out;
  for (const auto& [at, error] : sorted) {
    if (out.size() == kMaxErrors) {
      out.push_back(invalid("Too many validation errors, error limit reached. Validation aborted.", {}));
      break;
    }
    out.push_back(std::move(*error));
  }
  return out;
}

}  // namespace

std::vector<GraphError> validate(const Schema& schema, const Document& document) {
  ValidationContext context{schema, {}, {}, {}, {}};
  for (const auto& each : document.definitions) {
    if (const auto* operation = std::get_if<OperationDefinition>(&each)) context.operations.push_back(operation);
    if (const auto* fragment = std::get_if<FragmentDefinition>(&each)) context.fragments.push_back(fragment);
  }
  check_definitions(context, document);
  const bool acyclic = check_fragments(context);
  check_selections(context);
  check_values(context);
  check_variables(context);
  if (acyclic) check_merging(context);
  return in_document_order(std::move(context.errors));
}

}  // namespace slipway::graphql
