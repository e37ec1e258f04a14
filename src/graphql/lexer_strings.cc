#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "graphql/lexer.h"

namespace slipway::graphql {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

void append_utf8(std::string& out, std::uint32_t value) {
  if (value < 0x80) {
    out += static_cast<char>(value);
  } else if (value < 0x800) {
    out += static_cast<char>(0xC0 | (value >> 6));
    out += static_cast<char>(0x80 | (value & 0x3F));
  } else if (value < 0x10000) {
    out += static_cast<char>(0xE0 | (value >> 12));
    out += static_cast<char>(0x80 | ((value >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (value & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (value >> 18));
    out += static_cast<char>(0x80 | ((value >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((value >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (value & 0x3F));
  }
}

bool is_surrogate(std::uint32_t value) { return value >= 0xD800 && value <= 0xDFFF; }

/// Splits at line ends (LF, CR, CR LF).
std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (true) {
    const auto end = text.find_first_of("\r\n");
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + (text.substr(end, 2) == "\r\n" ? 2 : 1));
  }
}

}  // namespace

Token Lexer::string() {
  Token token{TokenKind::string, {}, here()};
  const std::size_t start = ++pos_;
  std::size_t copied = start;
  std::string value;
  while (!at_end() && peek() != '"' && peek() != '\n' && peek() != '\r') {
    if (peek() == '\\') {
      value.append(source_, copied, pos_ - copied);
      if (!escape(value)) return fail({});
      copied = pos_;
    } else if (!skip_character()) {
      return fail(fmt::format("Invalid character within String: {}.", printed_character()));
    }
  }
  if (peek() != '"' || at_end()) return fail("Unterminated string.");
  if (copied == start) {
    token.text = source_.substr(start, pos_ - start);
  } else {
    value.append(source_, copied, pos_ - copied);
    token.text = decoded_.emplace_back(std::move(value));
  }
  ++pos_;
  return token;
}

bool Lexer::escape(std::string& out) {
  const char c = peek(1);
  if (c == 'u') return unicode_escape(out);
  static constexpr std::string_view kEscapes = "\"\\/bfnrt";
  static constexpr std::string_view kValues = "\"\\/\b\f\n\r\t";
  const auto at = pos_ + 1 < source_.size() ? kEscapes.find(c) : std::string_view::npos;
  if (at == std::string_view::npos) {
    const std::string_view rest = source_.substr(pos_ + 1);
    const std::size_t length = rest.empty() ? 0 : character_length(rest);
    fail(fmt::format("Invalid character escape sequence: \"\\{}\".", rest.substr(0, length)));
    return false;
  }
  out += kValues[at];
  pos_ += 2;
  return true;
}

std::optional<std::uint32_t> Lexer::hex(std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const char c = peek(i);
    const char lower = static_cast<char>(c | 0x20);
    if (!is_digit(c) && (lower < 'a' || lower > 'f')) return std::nullopt;
    value = value * 16 + static_cast<std::uint32_t>(is_digit(c) ? c - '0' : lower - 'a' + 10);
  }
  pos_ += count;
  return value;
}

bool Lexer::unicode_escape(std::string& out) {
  const std::size_t start = pos_;
  std::optional<std::uint32_t> value;
  if (peek(2) == '{') {
    pos_ += 3;
    const std::size_t close = source_.substr(pos_, 9).find('}');
    if (close != std::string_view::npos && close > 0) value = hex(close);
    if (value) ++pos_;
  } else {
    pos_ += 2;
    value = hex(4);
    const bool leading = value && *value >= 0xD800 && *value <= 0xDBFF;
    if (leading && peek() == '\\' && peek(1) == 'u') {
      pos_ += 2;
      const auto trailing = hex(4);
      const bool pair = trailing && *trailing >= 0xDC00 && *trailing <= 0xDFFF;
      value = pair ? std::optional(0x10000 + ((*value - 0xD800) << 10) + (*trailing - 0xDC00)) : std::nullopt;
    }
  }
  if (!value || is_surrogate(*value) || *value > 0x10FFFF) {
    std::size_t end = start + 2;
    while (end < source_.size() && end < start + 12 &&
           (is_letter(source_[end]) || is_digit(source_[end]) || source_[end] == '{'))
      ++end;
    pos_ = start;
    fail(fmt::format("Invalid Unicode escape sequence: \"{}\".", source_.substr(start, end - start)));
    return false;
  }
  append_utf8(out, *value);
  return true;
}

Token Lexer::block_string() {
  Token token{TokenKind::block_string, {}, here()};
  pos_ += 3;
  std::size_t copied = pos_;
  std::string raw;
  while (source_.substr(pos_, 3) != "\"\"\"") {
    if (at_end()) return fail("Unterminated string.");
    if (source_.substr(pos_, 4) == "\\\"\"\"") {
      raw.append(source_, copied, pos_ - copied);
      raw += "\"\"\"";
      pos_ += 4;
      copied = pos_;
    } else if (peek() == '\n' || peek() == '\r') {
      newline(source_.substr(pos_, 2) == "\r\n" ? 2 : 1);
    } else if (!skip_character()) {
      return fail(fmt::format("Invalid character within String: {}.", printed_character()));
    }
  }
  raw.append(source_, copied, pos_ - copied);
  pos_ += 3;
  token.text = decoded_.emplace_back(dedent_block(raw));
  return token;
}

std::string dedent_block(std::string_view raw) {
  const auto lines = split_lines(raw);
  std::size_t common = std::string_view::npos;
  std::size_t first = lines.size();
  std::size_t last = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto indent = lines[i].find_first_not_of(" \t");
    if (indent == std::string_view::npos) continue;
    first = std::min(first, i);
    last = i;
    if (i != 0) common = std::min(common, indent);
  }
  std::string out;
  for (std::size_t i = first; i < lines.size() && i <= last; ++i) {
    if (i > first) out += '\n';
    out += i == 0 ? lines[i] : lines[i].substr(std::min(common, lines[i].size()));
  }
  return out;
}

}  // namespace slipway::graphql
