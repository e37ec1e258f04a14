// The limits on what a document may ask for, checked before any other work is done on it.
#pragma once
#include "graphql/document.h"
#include "graphql/engine.h"

namespace slipway::graphql {

/// Depth of selections and number of fields with all fragments spread, in time linear in the size of the
/// document. The document must have been through annotate(). Errors: resource_exhausted. Spreads that form a
/// cycle are not followed: validation refuses them.
Result<> check_limits(const Document& document, const Limits& limits);

}  // namespace slipway::graphql
