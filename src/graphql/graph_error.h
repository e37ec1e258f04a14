// GraphError: an Error with the places in the document and in the answer that it belongs to.
#pragma once
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "graphql/lexer.h"

namespace slipway::graphql {

struct GraphError {
  Error error;
  std::vector<Location> locations;
  JsonArray path;  ///< Empty: the error belongs to no field.
};

/// An entry of "errors": message, locations, path, extensions {code, hint, problems}.
Json error_to_json(const GraphError& error);
/// A failure of the parser: its position becomes the location.
GraphError from_syntax_error(Error error);
GraphError invalid(std::string message, std::vector<Location> locations);

}  // namespace slipway::graphql
