// The recursive descent parser behind parser.h. parser.cc holds executable definitions, sdl_parser.cc the
// type system.
#pragma once
#include <memory>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "graphql/document.h"
#include "graphql/lexer.h"
#include "graphql/parser.h"

namespace slipway::graphql {

/// After the first failure the current token is TokenKind::end for ever, so every loop ends by itself.
class Parser {
 public:
  Parser(Document& document, ParseLimits limits);

  void parse_document();
  std::optional<Error> failure;

 private:
  enum class Constant : bool { no, yes };

  void advance();
  bool failed() const { return failure.has_value(); }
  void fail(Location at, std::string_view what);
  void unexpected(const Token& token) { fail(token.at, fmt::format("Unexpected {}.", describe(token))); }
  void unexpected() { unexpected(token_); }
  bool peek(TokenKind kind) const { return token_.kind == kind; }
  bool peek_keyword(std::string_view word) const { return peek(TokenKind::name) && token_.text == word; }
  bool take(TokenKind kind);
  bool take_keyword(std::string_view word);
  void expect(TokenKind kind);
  void expect_keyword(std::string_view word);
  Token lookahead();

  /// `open item+ close`.
  template <class Item>
  void many(TokenKind open, TokenKind close, Item item) {
    expect(open);
    while (!failed()) {
      item();
      if (take(close)) return;
    }
  }
  template <class Item>
  void optional_many(TokenKind open, TokenKind close, Item item) {
    if (peek(open)) many(open, close, item);
  }
  /// `separator? item (separator item)*`.
  template <class Item>
  void delimited(TokenKind separator, Item item) {
    take(separator);
    do item();
    while (!failed() && take(separator));
  }
  /// Runs `body` one level deeper, or fails when that is too deep.
  template <class Body>
  void nested(Body body) {
    if (nesting_ >= limits_.max_nesting) return too_deep();
    ++nesting_;
    body();
    --nesting_;
  }
  void too_deep();

  Name name();
  Definition definition();
  OperationDefinition operation();
  FragmentDefinition fragment();
  VariableDefinition variable_definition();
  void selection_set(SelectionSet& out);
  Selection selection();
  Selection field();
  Selection fragment_selection();
  std::vector<Argument> arguments(Constant constant);
  std::vector<Directive> directives(Constant constant);
  Value value(Constant constant);
  void list(Value& out, Constant constant);
  void object(Value& out, Constant constant);
  Value variable(Constant constant);
  TypeNode type();
  Name fragment_name();

  bool peek_description() const { return peek(TokenKind::string) || peek(TokenKind::block_string); }
  std::optional<Description> description();
  TypeSystemNode type_system();
  TypeSystemNode type_system_extension();
  void type_system_body(TypeSystemNode& out);
  void require_content(const TypeSystemNode& node);
  void schema_body(TypeSystemNode& out);
  void directive_body(TypeSystemNode& out);
  void interfaces(TypeSystemNode& out);
  FieldNode field_node();
  InputValueNode input_value();
  EnumValueNode enum_value();
  void member_types(TypeSystemNode& out);

  Document& document_;
  ParseLimits limits_;
  Lexer lexer_;
  Token token_;
  std::optional<Token> ahead_;
  std::size_t nesting_ = 0;
};

}  // namespace slipway::graphql
