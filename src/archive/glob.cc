#include "archive/glob.h"

#include <optional>

namespace slipway::archive {
namespace {

/// A bracket expression that begins at pattern[0] == '['. `length` is that of the expression.
struct Bracket {
  std::size_t length = 0;
  bool matches = false;
};

std::optional<Bracket> match_bracket(std::string_view pattern, char c) {
  std::size_t at = 1;
  const bool negated = at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^');
  if (negated) ++at;
  bool found = false;
  for (bool first = true; at < pattern.size(); first = false) {
    if (pattern[at] == ']' && !first) return Bracket{at + 1, found != negated};
    if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
    const auto low = static_cast<unsigned char>(pattern[at]);
    auto high = low;
    ++at;
    const bool is_range = at + 1 < pattern.size() && pattern[at] == '-' && pattern[at + 1] != ']';
    if (is_range) {
      ++at;
      if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
      high = static_cast<unsigned char>(pattern[at]);
      ++at;
    }
    const auto value = static_cast<unsigned char>(c);
    found = found || (low <= value && value <= high);
  }
  return std::nullopt;  // Not closed: '[' is an ordinary character.
}

/// How many characters of the pattern match `c` as one unit; 0: they do not.
std::size_t match_one(std::string_view pattern, char c) {
  if (pattern.front() == '?') return 1;
  if (pattern.front() == '[') {
    if (const auto bracket = match_bracket(pattern, c)) return bracket->matches ? bracket->length : 0;
  }
  if (pattern.front() == '\\' && pattern.size() > 1) return pattern[1] == c ? 2 : 0;
  return pattern.front() == c ? 1 : 0;
}

}  // namespace

bool segment_matches(std::string_view pattern, std::string_view name) {
  std::size_t p = 0;
  std::size_t n = 0;
  std::optional<std::size_t> star;  // Where to go on in the pattern when a later part does not match.
  std::size_t star_name = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = ++p;
      star_name = n;
      continue;
    }
    const auto step = p < pattern.size() ? match_one(pattern.substr(p), name[n]) : 0;
    if (step > 0) {
      p += step;
      ++n;
    } else if (star) {
      p = *star;
      n = ++star_name;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool path_matches(const std::vector<std::string>& pattern, const std::vector<std::string>& path) {
  // reach[i]: the pattern so far matches the first i segments of the path.
  std::vector<bool> reach(path.size() + 1, false);
  reach[0] = true;
  for (std::size_t part = 0; part < pattern.size(); ++part) {
    std::vector<bool> next(path.size() + 1, false);
    if (pattern[part] == "**") {
      const bool last = part + 1 == pattern.size();
      bool open = false;
      for (std::size_t i = 0; i <= path.size(); ++i) {
        if (last) next[i] = open;
        open = open || reach[i];
        if (!last) next[i] = open;
      }
    } else {
      for (std::size_t i = 0; i < path.size(); ++i) next[i + 1] = reach[i] && segment_matches(pattern[part], path[i]);
    }
    reach = std::move(next);
  }
  return reach[path.size()];
}

}  // namespace slipway::archive
