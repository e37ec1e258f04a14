#include <algorithm>
#include <array>

#include "graphql/parser_core.h"

namespace slipway::graphql {
namespace {

using Kind = TypeSystemNode::Kind;

struct Keyword {
  std::string_view word;
  Kind kind;
};

constexpr std::array kKeywords = {
    Keyword{"schema", Kind::schema},       Keyword{"scalar", Kind::scalar},       Keyword{"type", Kind::object},
    Keyword{"interface", Kind::interface}, Keyword{"union", Kind::union_},        Keyword{"enum", Kind::enumeration},
    Keyword{"input", Kind::input_object},  Keyword{"directive", Kind::directive},
};

constexpr std::array<std::string_view, 19> kDirectiveLocations = {
    "QUERY",
    "MUTATION",
    "SUBSCRIPTION",
    "FIELD",
    "FRAGMENT_DEFINITION",
    "FRAGMENT_SPREAD",
    "INLINE_FRAGMENT",
    "VARIABLE_DEFINITION",
    "SCHEMA",
    "SCALAR",
    "OBJECT",
    "FIELD_DEFINITION",
    "ARGUMENT_DEFINITION",
    "INTERFACE",
    "UNION",
    "ENUM",
    "ENUM_VALUE",
    "INPUT_OBJECT",
    "INPUT_FIELD_DEFINITION",
};

}  // namespace

std::optional<Description> Parser::description() {
  if (!peek_description()) return std::nullopt;
  const Description out{token_.text, peek(TokenKind::block_string)};
  advance();
  return out;
}

TypeSystemNode Parser::type_system() {
  TypeSystemNode out;
  out.at = token_.at;
  out.description = description();
  type_system_body(out);
  return out;
}

TypeSystemNode Parser::type_system_extension() {
  TypeSystemNode out;
  out.at = token_.at;
  out.extension = true;
  advance();
  if (!peek(TokenKind::name) || token_.text == "directive") {
    unexpected();
    return out;
  }
  type_system_body(out);
  require_content(out);
  return out;
}

void Parser::require_content(const TypeSystemNode& node) {
  const bool empty = node.directives.empty() && node.interfaces.empty() && node.fields.empty() && node.inputs.empty() &&
                     node.values.empty() && node.members.empty() && node.roots.empty();
  if (empty) unexpected();
}

void Parser::type_system_body(TypeSystemNode& out) {
  const auto* keyword = std::ranges::find(kKeywords, token_.text, &Keyword::word);
  if (keyword == kKeywords.end()) return unexpected();
  out.kind = keyword->kind;
  advance();
  if (out.kind == Kind::schema) return schema_body(out);
  if (out.kind == Kind::directive) return directive_body(out);
  out.name = name();
  if (out.kind == Kind::object || out.kind == Kind::interface) interfaces(out);
  out.directives = directives(Constant::yes);
  const auto braces = [&](auto item) { optional_many(TokenKind::left_brace, TokenKind::right_brace, item); };
  switch (out.kind) {
    case Kind::object:
    case Kind::interface:
      braces([&] { out.fields.push_back(field_node()); });
      break;
    case Kind::input_object:
      braces([&] { out.inputs.push_back(input_value()); });
      break;
    case Kind::enumeration:
      braces([&] { out.values.push_back(enum_value()); });
      break;
    case Kind::union_:
      member_types(out);
      break;
    default:
      break;
  }
}

void Parser::schema_body(TypeSystemNode& out) {
  out.directives = directives(Constant::yes);
  const auto root = [&] {
    RootTypeNode& node = out.roots.emplace_back();
    node.at = token_.at;
    const Token token = token_;
    const Name keyword = name();
    if (keyword.text == "mutation") {
      node.kind = OperationKind::mutation;
    } else if (keyword.text == "subscription") {
      node.kind = OperationKind::subscription;
    } else if (keyword.text != "query") {
      return unexpected(token);
    }
    expect(TokenKind::colon);
    node.type = name();
  };
  if (out.extension) {
    optional_many(TokenKind::left_brace, TokenKind::right_brace, root);
  } else {
    many(TokenKind::left_brace, TokenKind::right_brace, root);
  }
}

void Parser::directive_body(TypeSystemNode& out) {
  expect(TokenKind::at);
  out.name = name();
  optional_many(TokenKind::left_paren, TokenKind::right_paren, [&] { out.inputs.push_back(input_value()); });
  out.repeatable = take_keyword("repeatable");
  expect_keyword("on");
  delimited(TokenKind::pipe, [&] {
    const Token token = token_;
    out.locations.push_back(name());
    if (std::ranges::find(kDirectiveLocations, token.text) == kDirectiveLocations.end()) unexpected(token);
  });
}

void Parser::interfaces(TypeSystemNode& out) {
  if (take_keyword("implements")) delimited(TokenKind::ampersand, [&] { out.interfaces.push_back(name()); });
}

FieldNode Parser::field_node() {
  FieldNode out;
  out.at = token_.at;
  out.description = description();
  out.name = name();
  optional_many(TokenKind::left_paren, TokenKind::right_paren, [&] { out.arguments.push_back(input_value()); });
  expect(TokenKind::colon);
  out.type = type();
  out.directives = directives(Constant::yes);
  return out;
}

InputValueNode Parser::input_value() {
  InputValueNode out;
  out.at = token_.at;
  out.description = description();
  out.name = name();
  expect(TokenKind::colon);
  out.type = type();
  if (take(TokenKind::equals)) out.default_value = value(Constant::yes);
  out.directives = directives(Constant::yes);
  return out;
}

EnumValueNode Parser::enum_value() {
  EnumValueNode out;
  out.at = token_.at;
  out.description = description();
  if (token_.text == "true" || token_.text == "false" || token_.text == "null") {
    if (peek(TokenKind::name)) {
      fail(token_.at, fmt::format("Name \"{}\" is reserved and cannot be used for an enum value.", token_.text));
    }
  }
  out.name = name();
  out.directives = directives(Constant::yes);
  return out;
}

void Parser::member_types(TypeSystemNode& out) {
  if (take(TokenKind::equals)) delimited(TokenKind::pipe, [&] { out.members.push_back(name()); });
}

}  // namespace slipway::graphql
