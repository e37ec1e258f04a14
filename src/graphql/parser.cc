#include "graphql/parser.h"

#include "graphql/parser_core.h"

namespace slipway::graphql {

std::string_view operation_keyword(OperationKind kind) {
  switch (kind) {
    case OperationKind::query:
      return "query";
    case OperationKind::mutation:
      return "mutation";
    case OperationKind::subscription:
      return "subscription";
  }
  return "operation";
}

const FragmentDefinition* Document::fragment(std::string_view name) const {
  for (const auto& each : definitions) {
    const auto* found = std::get_if<FragmentDefinition>(&each);
    if (found && found->name.text == name) return found;
  }
  return nullptr;
}

std::string wrapped_name(std::string_view name, Wrappers wrappers) {
  if (wrappers.empty()) return std::string(name);
  const std::string inner = wrapped_name(name, wrappers.inner());
  return wrappers.non_null() ? inner + "!" : "[" + inner + "]";
}

Result<std::unique_ptr<Document>> parse(std::string source, ParseLimits limits) {
  auto document = std::make_unique<Document>();
  document->source = std::move(source);
  Parser parser(*document, limits);
  parser.parse_document();
  if (parser.failure) return *std::move(parser.failure);
  return document;
}

Parser::Parser(Document& document, ParseLimits limits)
    : document_(document), limits_(limits), lexer_(document.source, document.decoded, limits.max_tokens) {
  advance();
}

void Parser::advance() {
  if (failed()) return;
  token_ = ahead_ ? *ahead_ : lexer_.next();
  ahead_.reset();
  if (lexer_.failure() && peek(TokenKind::end)) failure = lexer_.failure();
}

Token Parser::lookahead() {
  if (!ahead_) ahead_ = lexer_.next();
  return *ahead_;
}

void Parser::fail(Location at, std::string_view what) {
  if (failed()) return;
  failure = syntax_error(at, what);
  token_ = Token{TokenKind::end, {}, at};
}

void Parser::too_deep() {
  if (failed()) return;
  Problem where{"", "nested too deep", "", static_cast<int>(token_.at.line), static_cast<int>(token_.at.column)};
  failure = Error(Code::resource_exhausted,
                  fmt::format("Syntax Error: the document is nested deeper than {} levels, which is the limit",
                              limits_.max_nesting),
                  {std::move(where)});
  token_ = Token{TokenKind::end, {}, token_.at};
}

bool Parser::take(TokenKind kind) {
  if (failed() || !peek(kind)) return false;
  advance();
  return true;
}

bool Parser::take_keyword(std::string_view word) {
  if (failed() || !peek_keyword(word)) return false;
  advance();
  return true;
}

void Parser::expect(TokenKind kind) {
  if (!take(kind)) fail(token_.at, fmt::format("Expected {}, found {}.", describe(kind), describe(token_)));
}

void Parser::expect_keyword(std::string_view word) {
  if (!take_keyword(word)) fail(token_.at, fmt::format("Expected \"{}\", found {}.", word, describe(token_)));
}

Name Parser::name() {
  const Name out{token_.text, token_.at};
  expect(TokenKind::name);
  return out;
}

void Parser::parse_document() {
  do document_.definitions.push_back(definition());
  while (!failed() && !peek(TokenKind::end));
}

Definition Parser::definition() {
  if (peek(TokenKind::left_brace)) return operation();
  const bool described = peek_description();
  const Token keyword = described ? lookahead() : token_;
  if (keyword.kind == TokenKind::name) {
    static constexpr std::string_view kTypeSystem[] = {"schema", "scalar", "type",  "interface",
                                                       "union",  "enum",   "input", "directive"};
    for (const auto word : kTypeSystem) {
      if (keyword.text == word) return type_system();
    }
    if (described) {
      fail(token_.at, "Unexpected description, descriptions are supported only on type definitions.");
      return OperationDefinition{};
    }
    if (keyword.text == "query" || keyword.text == "mutation" || keyword.text == "subscription") return operation();
    if (keyword.text == "fragment") return fragment();
    if (keyword.text == "extend") return type_system_extension();
  }
  unexpected(keyword);
  return OperationDefinition{};
}

OperationDefinition Parser::operation() {
  OperationDefinition out;
  out.at = token_.at;
  if (peek(TokenKind::left_brace)) {
    out.shorthand = true;
    selection_set(out.selections);
    return out;
  }
  if (token_.text == "mutation") out.kind = OperationKind::mutation;
  if (token_.text == "subscription") out.kind = OperationKind::subscription;
  advance();
  if (peek(TokenKind::name)) out.name = name();
  optional_many(TokenKind::left_paren, TokenKind::right_paren, [&] { out.variables.push_back(variable_definition()); });
  out.directives = directives(Constant::no);
  selection_set(out.selections);
  return out;
}

VariableDefinition Parser::variable_definition() {
  VariableDefinition out;
  out.at = token_.at;
  expect(TokenKind::dollar);
  out.name = name();
  expect(TokenKind::colon);
  out.type = type();
  if (take(TokenKind::equals)) out.default_value = value(Constant::yes);
  out.directives = directives(Constant::yes);
  return out;
}

FragmentDefinition Parser::fragment() {
  FragmentDefinition out;
  out.at = token_.at;
  advance();
  out.name = fragment_name();
  expect_keyword("on");
  out.condition = name();
  out.directives = directives(Constant::no);
  selection_set(out.selections);
  return out;
}

Name Parser::fragment_name() {
  if (token_.text == "on" && peek(TokenKind::name)) unexpected();
  return name();
}

void Parser::selection_set(SelectionSet& out) {
  nested([&] { many(TokenKind::left_brace, TokenKind::right_brace, [&] { out.push_back(selection()); }); });
}

Selection Parser::selection() { return peek(TokenKind::spread) ? fragment_selection() : field(); }

Selection Parser::field() {
  Selection out;
  out.at = token_.at;
  out.name = name();
  if (take(TokenKind::colon)) {
    out.alias = out.name;
    out.name = name();
  }
  out.arguments = arguments(Constant::no);
  out.directives = directives(Constant::no);
  if (peek(TokenKind::left_brace)) {
    out.has_selections = true;
    selection_set(out.selections);
  }
  return out;
}

Selection Parser::fragment_selection() {
  Selection out;
  out.at = token_.at;
  expect(TokenKind::spread);
  const bool conditional = take_keyword("on");
  if (!conditional && peek(TokenKind::name)) {
    out.kind = Selection::Kind::spread;
    out.name = fragment_name();
    out.directives = directives(Constant::no);
    return out;
  }
  out.kind = Selection::Kind::inline_fragment;
  out.has_selections = true;
  if (conditional) out.name = name();
  out.directives = directives(Constant::no);
  selection_set(out.selections);
  return out;
}

std::vector<Argument> Parser::arguments(Constant constant) {
  std::vector<Argument> out;
  optional_many(TokenKind::left_paren, TokenKind::right_paren, [&] {
    Argument& argument = out.emplace_back();
    argument.name = name();
    expect(TokenKind::colon);
    argument.value = value(constant);
  });
  return out;
}

std::vector<Directive> Parser::directives(Constant constant) {
  std::vector<Directive> out;
  while (!failed() && peek(TokenKind::at)) {
    Directive& directive = out.emplace_back();
    directive.at = token_.at;
    advance();
    directive.name = name();
    directive.arguments = arguments(constant);
  }
  return out;
}

Value Parser::value(Constant constant) {
  Value out;
  out.at = token_.at;
  out.text = token_.text;
  switch (token_.kind) {
    case TokenKind::left_bracket:
      nested([&] { list(out, constant); });
      return out;
    case TokenKind::left_brace:
      nested([&] { object(out, constant); });
      return out;
    case TokenKind::dollar:
      return variable(constant);
    case TokenKind::integer:
      out.kind = Value::Kind::integer;
      break;
    case TokenKind::floating:
      out.kind = Value::Kind::floating;
      break;
    case TokenKind::block_string:
      out.block = true;
      [[fallthrough]];
    case TokenKind::string:
      out.kind = Value::Kind::string;
      break;
    case TokenKind::name:
      out.kind = token_.text == "true" || token_.text == "false" ? Value::Kind::boolean
                 : token_.text == "null"                         ? Value::Kind::null
                                                                 : Value::Kind::enumeration;
      break;
    default:
      unexpected();
      return out;
  }
  advance();
  return out;
}

void Parser::list(Value& out, Constant constant) {
  out.kind = Value::Kind::list;
  out.text = {};
  expect(TokenKind::left_bracket);
  while (!failed() && !take(TokenKind::right_bracket)) out.items.push_back(value(constant));
}

void Parser::object(Value& out, Constant constant) {
  out.kind = Value::Kind::object;
  out.text = {};
  expect(TokenKind::left_brace);
  while (!failed() && !take(TokenKind::right_brace)) {
    ObjectMember& member = out.members.emplace_back();
    member.name = name();
    expect(TokenKind::colon);
    member.value = value(constant);
  }
}

Value Parser::variable(Constant constant) {
  Value out;
  out.kind = Value::Kind::variable;
  out.at = token_.at;
  if (constant == Constant::yes) {
    const Token dollar = token_;
    advance();
    if (!peek(TokenKind::name)) {
      unexpected(dollar);
    } else {
      fail(dollar.at, fmt::format("Unexpected variable \"${}\" in constant value.", token_.text));
    }
    return out;
  }
  expect(TokenKind::dollar);
  out.text = name().text;
  return out;
}

TypeNode Parser::type() {
  TypeNode out;
  out.at = token_.at;
  std::size_t lists = 0;
  while (take(TokenKind::left_bracket)) ++lists;
  out.name = name();
  const auto bang = [&] {
    if (!out.wrappers.full() && take(TokenKind::bang)) out.wrappers.wrap_non_null();
  };
  bang();
  for (; lists > 0 && !failed(); --lists) {
    expect(TokenKind::right_bracket);
    if (out.wrappers.full()) return too_deep(), out;
    out.wrappers.wrap_list();
    bang();
  }
  return out;
}

}  // namespace slipway::graphql
