// Coercion of input: the variables of a request and the arguments of a field (specification, sections 6.1.2
// and 6.4.1).
#pragma once
#include <vector>

#include "base/json.h"
#include "graphql/document.h"
#include "graphql/schema.h"

namespace slipway::graphql {

/// An error of a request before a field runs: what and where.
struct InputError {
  std::string message;
  Location at;
};

/// Takes the declared variables out of `given`, coerced, with defaults filled in. Optional ones that are
/// absent stay absent; undeclared ones are ignored (protocol 1.1 item 12). Big values are moved.
tl::expected<JsonObject, std::vector<InputError>> coerce_variables(const OperationDefinition& operation,
                                                                   JsonObject given);

/// A literal as JSON of that type; nothing when it does not fit (validation has said why). `variables` may be
/// null: constants only.
std::optional<Json> coerce_literal(const Value& value, TypeRef type, const JsonObject* variables);

/// Whether a variable that is used once in the whole operation may be moved into the arguments of a field
/// that runs once.
enum class VariableUse : bool { copy, move_single };

struct ArgumentSource {
  JsonObject& variables;                 ///< Coerced.
  const OperationDefinition& operation;  ///< Knows how often each variable is used.
  VariableUse use = VariableUse::copy;
};

/// The arguments of one field or directive that stands at `at`. An absent optional argument has no member.
tl::expected<JsonObject, InputError> coerce_arguments(const std::deque<InputDef>& defs,
                                                      const std::vector<Argument>& given, Location at,
                                                      ArgumentSource source);

}  // namespace slipway::graphql
