// Lexer: GraphQL source text to tokens (specification of October 2021, section 2.1).
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace slipway::graphql {

/// Where something stands in the source. Both 1-based; columns count UTF-16 units, as JavaScript clients do.
struct Location {
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  auto operator<=>(const Location&) const = default;
};

enum class TokenKind : std::uint8_t {
  end,
  bang,
  dollar,
  ampersand,
  left_paren,
  right_paren,
  spread,
  colon,
  equals,
  at,
  left_bracket,
  right_bracket,
  left_brace,
  pipe,
  right_brace,
  name,
  integer,
  floating,
  string,
  block_string,
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;  ///< Names and numbers as written; strings with their escapes resolved.
  Location at;
};

/// The kind as error messages write it: `"{"`, `Name`, `<EOF>`.
std::string_view describe(TokenKind kind);
/// `Name "query"`, `"{"`.
std::string describe(const Token& token);
/// A syntax error: message "Syntax Error: …", one problem with the position.
Error syntax_error(Location at, std::string_view what);

/// Reads one token after the other. `source` and `decoded` must outlive the tokens: string tokens that need
/// decoding are kept in `decoded`.
class Lexer {
 public:
  Lexer(std::string_view source, std::deque<std::string>& decoded, std::size_t max_tokens);

  /// The next token. After a failure, and at the end, always TokenKind::end.
  Token next();
  const std::optional<Error>& failure() const { return failure_; }

 private:
  Location here() const;
  char peek(std::size_t ahead = 0) const { return pos_ + ahead < source_.size() ? source_[pos_ + ahead] : '\0'; }
  bool at_end() const { return pos_ >= source_.size(); }
  void skip_ignored();
  void skip_comment();
  void newline(std::size_t bytes);
  /// Steps over one character of free text; false when the bytes are not UTF-8.
  bool skip_character();
  Token fail(std::string_view what);
  std::string printed_character() const;

  /// Bytes of the UTF-8 character that starts the text, 0 when it is malformed.
  static std::size_t character_length(std::string_view text);

  Token punctuator(TokenKind kind, std::size_t bytes);
  Token name();
  Token number();
  bool digits();

  // lexer_strings.cc
  Token string();
  bool escape(std::string& out);
  std::optional<std::uint32_t> hex(std::size_t digits);
  bool unicode_escape(std::string& out);
  Token block_string();

  std::string_view source_;
  std::deque<std::string>& decoded_;
  std::size_t tokens_left_;
  std::size_t max_tokens_;
  std::size_t pos_ = 0;
  std::size_t line_start_ = 0;
  std::uint32_t line_ = 1;
  std::size_t column_excess_ = 0;  ///< Bytes of this line that do not count as columns.
  std::optional<Error> failure_;
};

/// The value of a block string from its raw lines: common indentation and blank border lines removed
/// (section 2.9.4).
std::string dedent_block(std::string_view raw);

}  // namespace slipway::graphql
