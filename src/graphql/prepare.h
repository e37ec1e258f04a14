// prepare: from the text of a request to a document that can be executed, once for each text.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "graphql/document.h"
#include "graphql/engine.h"
#include "graphql/graph_error.h"
#include "graphql/schema.h"

namespace slipway::graphql {

/// Parses, checks the limits, validates. The outcome is never changed again and points into the schema.
tl::expected<std::shared_ptr<const Document>, std::vector<GraphError>> prepare(const Schema& schema,
                                                                               const Limits& limits, std::string query);

}  // namespace slipway::graphql
