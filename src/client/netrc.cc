#include "client/netrc.h"

#include <vector>

#include "base/strings.h"

namespace slipway::client {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

class Tokens {
 public:
  explicit Tokens(std::string_view text) : rest_(text) {}

  /// Nothing at the end of the file. Quotes keep blanks together, a backslash within them keeps the next
  /// character.
  std::optional<std::string> next() {
    skip();
    if (rest_.empty()) return std::nullopt;
    std::string token;
    const bool quoted = rest_.front() == '"';
    if (quoted) rest_.remove_prefix(1);
    while (!rest_.empty() && (quoted ? rest_.front() != '"' : !is_blank(rest_.front()))) {
      if (rest_.front() == '\\' && rest_.size() > 1) rest_.remove_prefix(1);
      token += rest_.front();
      rest_.remove_prefix(1);
    }
    if (quoted && !rest_.empty()) rest_.remove_prefix(1);
    return token;
  }

  /// A macro ends at the first empty line.
  void skip_macro() {
    const auto end = rest_.find("\n\n");
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end);
  }

 private:
  void skip() {
    while (!rest_.empty() && (is_blank(rest_.front()) || rest_.front() == '#')) {
      rest_.remove_prefix(rest_.front() == '#' ? std::min(rest_.find('\n'), rest_.size()) : 1);
    }
  }

  std::string_view rest_;
};

}  // namespace

std::optional<std::string> netrc_password(std::string_view text, std::string_view host) {
  Tokens tokens(text);
  bool matches = false;
  while (const auto token = tokens.next()) {
    if (*token == "machine") {
      matches = lower(tokens.next().value_or("")) == lower(host);
    } else if (*token == "default") {
      matches = true;
    } else if (*token == "macdef") {
      tokens.skip_macro();
    } else if (*token == "login" || *token == "account") {
      tokens.next();
    } else if (*token == "password") {
      auto password = tokens.next();
      if (matches && password && !password->empty()) return password;
    }
  }
  return std::nullopt;
}

}  // namespace slipway::client
