// Parser: GraphQL text to a syntax tree. Accepts what the reference implementation (graphql-js 16) accepts,
// and words its errors alike.
#pragma once
#include <memory>
#include <string>

#include "base/error.h"
#include "graphql/document.h"

namespace slipway::graphql {

struct ParseLimits {
  std::size_t max_tokens = 20'000;
  /// Selection sets and values inside one another. Bounds the use of the stack.
  std::size_t max_nesting = 100;
};

/// Executable and type system definitions. Errors: invalid_argument "Syntax Error: …" with one problem that
/// holds line and column; resource_exhausted when a limit is passed.
Result<std::unique_ptr<Document>> parse(std::string source, ParseLimits limits = {});

}  // namespace slipway::graphql
