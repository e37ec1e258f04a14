#include "graphql/lexer.h"

#include <fmt/format.h>

namespace slipway::graphql {
namespace {

bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_part(char c) { return is_name_start(c) || is_digit(c); }

std::uint32_t code_point(std::string_view text, std::size_t length) {
  if (length == 1) return static_cast<unsigned char>(text[0]);
  std::uint32_t value = static_cast<unsigned char>(text[0]) & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) value = (value << 6) | (static_cast<unsigned char>(text[i]) & 0x3Fu);
  return value;
}

}  // namespace

std::size_t Lexer::character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool surrogate = lead == 0xED && byte(1) > 0x9F;
  const bool too_large = lead == 0xF4 && byte(1) > 0x8F;
  return overlong || surrogate || too_large ? 0 : length;
}

std::string_view describe(TokenKind kind) {
  switch (kind) {
    case TokenKind::end:
      return "<EOF>";
    case TokenKind::bang:
      return "\"!\"";
    case TokenKind::dollar:
      return "\"$\"";
    case TokenKind::ampersand:
      return "\"&\"";
    case TokenKind::left_paren:
      return "\"(\"";
    case TokenKind::right_paren:
      return "\")\"";
    case TokenKind::spread:
      return "\"...\"";
    case TokenKind::colon:
      return "\":\"";
    case TokenKind::equals:
      return "\"=\"";
    case TokenKind::at:
      return "\"@\"";
    case TokenKind::left_bracket:
      return "\"[\"";
    case TokenKind::right_bracket:
      return "\"]\"";
    case TokenKind::left_brace:
      return "\"{\"";
    case TokenKind::pipe:
      return "\"|\"";
    case TokenKind::right_brace:
      return "\"}\"";
    case TokenKind::name:
      return "Name";
    case TokenKind::integer:
      return "Int";
    case TokenKind::floating:
      return "Float";
    case TokenKind::string:
      return "String";
    case TokenKind::block_string:
      return "BlockString";
  }
  return "token";
}

std::string describe(const Token& token) {
  if (token.kind < TokenKind::name) return std::string(describe(token.kind));
  return fmt::format("{} \"{}\"", describe(token.kind), token.text);
}

Error syntax_error(Location at, std::string_view what) {
  Problem where{"", std::string(what), "", static_cast<int>(at.line), static_cast<int>(at.column)};
  return Error(Code::invalid_argument, fmt::format("Syntax Error: {}", what), {std::move(where)});
}

Lexer::Lexer(std::string_view source, std::deque<std::string>& decoded, std::size_t max_tokens)
    : source_(source), decoded_(decoded), tokens_left_(max_tokens), max_tokens_(max_tokens) {}

Location Lexer::here() const { return {line_, static_cast<std::uint32_t>(pos_ - line_start_ - column_excess_ + 1)}; }

Token Lexer::fail(std::string_view what) {
  if (!failure_) failure_ = syntax_error(here(), what);
  return Token{TokenKind::end, {}, here()};
}

std::string Lexer::printed_character() const {
  if (at_end()) return "<EOF>";
  const char c = source_[pos_];
  if (c == '"') return "'\"'";
  if (c >= 0x20 && c <= 0x7E) return fmt::format("\"{}\"", c);
  const std::size_t length = character_length(source_.substr(pos_));
  if (length == 0) return "a byte that is not UTF-8";
  return fmt::format("U+{:04X}", code_point(source_.substr(pos_), length));
}

void Lexer::newline(std::size_t bytes) {
  pos_ += bytes;
  ++line_;
  line_start_ = pos_;
  column_excess_ = 0;
}

bool Lexer::skip_character() {
  if (static_cast<signed char>(source_[pos_]) >= 0) {
    ++pos_;
    return true;
  }
  const std::size_t length = character_length(source_.substr(pos_));
  if (length == 0) return false;
  pos_ += length;
  column_excess_ += length == 4 ? 2 : length - 1;
  return true;
}

void Lexer::skip_comment() {
  while (!at_end() && peek() != '\n' && peek() != '\r') {
    if (!skip_character()) {
      fail(fmt::format("Invalid character: {}.", printed_character()));
      return;
    }
  }
}

void Lexer::skip_ignored() {
  while (!at_end() && !failure_) {
    const char c = source_[pos_];
    if (c == ' ' || c == '\t' || c == ',') {
      ++pos_;
    } else if (c == '\n') {
      newline(1);
    } else if (c == '\r') {
      newline(peek(1) == '\n' ? 2 : 1);
    } else if (c == '#') {
      skip_comment();
    } else if (source_.substr(pos_, 3) == "\xEF\xBB\xBF") {
      skip_character();
    } else {
      return;
    }
  }
}

Token Lexer::punctuator(TokenKind kind, std::size_t bytes) {
  Token token{kind, source_.substr(pos_, bytes), here()};
  pos_ += bytes;
  return token;
}

Token Lexer::next() {
  skip_ignored();
  if (failure_ || at_end()) return Token{TokenKind::end, {}, here()};
  if (tokens_left_ == 0) {
    failure_ =
        Error(Code::resource_exhausted,
              fmt::format("Syntax Error: the document has more than {} tokens, which is the limit", max_tokens_),
              {Problem{"", "too many tokens", "", static_cast<int>(here().line), static_cast<int>(here().column)}});
    return Token{TokenKind::end, {}, here()};
  }
  --tokens_left_;
  const char c = source_[pos_];
  switch (c) {
    case '!':
      return punctuator(TokenKind::bang, 1);
    case '$':
      return punctuator(TokenKind::dollar, 1);
    case '&':
      return punctuator(TokenKind::ampersand, 1);
    case '(':
      return punctuator(TokenKind::left_paren, 1);
    case ')':
      return punctuator(TokenKind::right_paren, 1);
    case ':':
      return punctuator(TokenKind::colon, 1);
    case '=':
      return punctuator(TokenKind::equals, 1);
    case '@':
      return punctuator(TokenKind::at, 1);
    case '[':
      return punctuator(TokenKind::left_bracket, 1);
    case ']':
      return punctuator(TokenKind::right_bracket, 1);
    case '{':
      return punctuator(TokenKind::left_brace, 1);
    case '|':
      return punctuator(TokenKind::pipe, 1);
    case '}':
      return punctuator(TokenKind::right_brace, 1);
    case '.':
      if (peek(1) == '.' && peek(2) == '.') return punctuator(TokenKind::spread, 3);
      return fail(fmt::format("Unexpected character: {}.", printed_character()));
    case '"':
      return source_.substr(pos_, 3) == "\"\"\"" ? block_string() : string();
    default:
      break;
  }
  if (is_name_start(c)) return name();
  if (is_digit(c) || c == '-') return number();
  if (c == '\'') return fail("Unexpected single quote character ('), did you mean to use a double quote (\")?");
  if (character_length(source_.substr(pos_)) == 0)
    return fail(fmt::format("Invalid character: {}.", printed_character()));
  return fail(fmt::format("Unexpected character: {}.", printed_character()));
}

Token Lexer::name() {
  std::size_t end = pos_ + 1;
  while (end < source_.size() && is_name_part(source_[end])) ++end;
  Token token{TokenKind::name, source_.substr(pos_, end - pos_), here()};
  pos_ = end;
  return token;
}

bool Lexer::digits() {
  if (!is_digit(peek())) {
    fail(fmt::format("Invalid number, expected digit but got: {}.", printed_character()));
    return false;
  }
  while (is_digit(peek())) ++pos_;
  return true;
}

Token Lexer::number() {
  const std::size_t start = pos_;
  Token token{TokenKind::integer, {}, here()};
  if (peek() == '-') ++pos_;
  if (peek() == '0') {
    ++pos_;
    if (is_digit(peek())) {
      return fail(fmt::format("Invalid number, unexpected digit after 0: {}.", printed_character()));
    }
  } else if (!digits()) {
    return fail({});
  }
  if (peek() == '.') {
    token.kind = TokenKind::floating;
    ++pos_;
    if (!digits()) return fail({});
  }
  if (peek() == 'e' || peek() == 'E') {
    token.kind = TokenKind::floating;
    ++pos_;
    if (peek() == '+' || peek() == '-') ++pos_;
    if (!digits()) return fail({});
  }
  if (peek() == '.' || is_name_start(peek())) {
    return fail(fmt::format("Invalid number, expected digit but got: {}.", printed_character()));
  }
  token.text = source_.substr(start, pos_ - start);
  return token;
}

}  // namespace slipway::graphql
