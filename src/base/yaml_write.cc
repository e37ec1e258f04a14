#include <algorithm>

#include <fmt/format.h>

#include "base/strings.h"
#include "base/yaml.h"

namespace slipway {
namespace {

/// Text that reads back as the same text without quotes. Narrow on purpose: everything else is quoted.
bool is_safe_plain(std::string_view text) {
  static constexpr std::string_view kSafe =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./@+-$():= ";
  if (text.empty() || text.find_first_not_of(kSafe) != std::string_view::npos) return false;
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/' || c == '_'; };
  if (!letter(text.front()) || text.back() == ' ' || text.back() == ':') return false;
  if (text.find(": ") != std::string_view::npos) return false;
  static constexpr std::string_view kWords[] = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"};
  return std::ranges::find(kWords, lower(text)) == std::end(kWords);
}

std::string scalar_text(const Json& value) {
  if (!value.is_string()) return to_text(value);
  const std::string_view text = value.get_string();
  return is_safe_plain(text) ? std::string(text) : boost::json::serialize(value);
}

std::string key_text(std::string_view key) { return scalar_text(text_value(key)); }

bool is_block(const Json& value) {
  return (value.is_object() && !value.get_object().empty()) || (value.is_array() && !value.get_array().empty());
}

void write_block(const Json& value, std::size_t indent, std::string& out);

/// `value` after "key:" or "-": on the same line when it is a scalar or empty, below it otherwise.
void write_value(const Json& value, std::size_t indent, std::string& out) {
  if (!is_block(value)) {
    out += " " + scalar_text(value) + "\n";
    return;
  }
  out += "\n";
  write_block(value, indent, out);
}

void write_block(const Json& value, std::size_t indent, std::string& out) {
  const std::string pad(indent, ' ');
  if (const auto* object = value.if_object()) {
    for (const auto& member : *object) {
      // A long key cannot be an implicit one, so it is written with the explicit indicator.
      const std::string key = key_text(member.key());
      out += key.size() > 1000 ? pad + "? " + key + "\n" + pad + ":" : pad + key + ":";
      write_value(member.value(), indent + 2, out);
    }
    return;
  }
  for (const auto& item : value.get_array()) {
    out += pad + "-";
    write_value(item, indent + 2, out);
  }
}

}  // namespace

std::string to_yaml(const Json& value) {
  if (!is_block(value)) return scalar_text(value) + "\n";
  std::string out;
  write_block(value, 0, out);
  return out;
}

}  // namespace slipway
