// Printer: a syntax tree back to GraphQL text. parse(print(document)) gives the same tree.
#pragma once
#include <string>

#include "graphql/document.h"

namespace slipway::graphql {

std::string print(const Document& document);
/// `[1, {a: $b}]`: one line, as error messages and default values show it.
std::string print(const Value& value);
std::string print(const TypeNode& type);
/// A GraphQL string literal with its quotes.
std::string quote(std::string_view text);

}  // namespace slipway::graphql
