// annotate: resolves the names of a document against the schema once, so that neither validation nor
// execution looks them up again.
#pragma once
#include "graphql/document.h"
#include "graphql/schema.h"

namespace slipway::graphql {

/// Fills parent, definition, condition, fragment, root and variable types. What is unknown stays null. Any
/// document will do.
void annotate(const Schema& schema, Document& document);
/// Counts the uses of variables and finds the fields that await. Only for documents that validation has
/// accepted.
void annotate_execution(const Schema& schema, Document& document);

}  // namespace slipway::graphql
