#include "server/tracking/sdk_json.h"

#include <algorithm>
#include <array>

namespace slipway::server {

namespace {

constexpr std::array<std::string_view, 3> kBare = {"NaN", "Infinity", "-Infinity"};

std::string_view bare_at(std::string_view text) {
  for (const std::string_view word : kBare) {
    if (text.starts_with(word)) return word;
  }
  return {};
}

/// Behind the closing quote of the string that begins at `quote`.
std::size_t end_of_string(std::string_view text, std::size_t quote) {
  std::size_t at = quote + 1;
  while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  return std::min(at + 1, text.size());
}

}  // namespace

std::string strict_json(std::string_view text) {
  if (text.find("NaN") == std::string_view::npos && text.find("Infinity") == std::string_view::npos)
    return std::string(text);
  std::string strict;
  strict.reserve(text.size() + 16);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text[at] == '"' ? end_of_string(text, at) : at + 1;
    const std::string_view word = bare_at(text.substr(at));
    if (word.empty()) {
      strict.append(text.substr(at, end - at));
      at = end;
    } else {
      strict.append("\"").append(word).append("\"");
      at += word.size();
    }
  }
  return strict;
}

}  // namespace slipway::server
