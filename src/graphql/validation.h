// Validation: whether a document makes sense against a schema (specification, section 5), worded like the
// reference implementation.
#pragma once
#include <vector>

#include "graphql/document.h"
#include "graphql/graph_error.h"
#include "graphql/schema.h"

namespace slipway::graphql {

/// All errors, in the order of the document, at most 100. The document must have been through annotate().
std::vector<GraphError> validate(const Schema& schema, const Document& document);

}  // namespace slipway::graphql
