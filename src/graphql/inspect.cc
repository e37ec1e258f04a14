#include "graphql/inspect.h"

#include <fmt/format.h>

#include "base/strings.h"

namespace slipway::graphql {
namespace {

constexpr int kMaxDepth = 2;
constexpr std::size_t kMaxItems = 10;
constexpr std::size_t kMaxText = 200;

std::string inspect_text(std::string_view text) {
  if (text.size() <= kMaxText) return boost::json::serialize(boost::json::string(text));
  std::size_t end = kMaxText;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return fmt::format("{}… ({} bytes)", boost::json::serialize(boost::json::string(text.substr(0, end))), text.size());
}

std::string inspect_at(const Json& value, int depth) {
  if (const auto* text = value.if_string()) return inspect_text(*text);
  if (const auto* array = value.if_array()) {
    if (array->empty()) return "[]";
    if (depth >= kMaxDepth) return "[Array]";
    std::string out = "[";
    for (std::size_t i = 0; i < std::min(array->size(), kMaxItems); ++i) {
      out.append(i > 0 ? ", " : "").append(inspect_at((*array)[i], depth + 1));
    }
    const std::size_t rest = array->size() - std::min(array->size(), kMaxItems);
    if (rest > 0) out += fmt::format(", ... {} more item{}", rest, rest > 1 ? "s" : "");
    return out + "]";
  }
  if (const auto* object = value.if_object()) {
    if (object->empty()) return "{}";
    if (depth >= kMaxDepth) return "[Object]";
    std::string out = "{ ";
    std::size_t shown = 0;
    for (const auto& member : *object) {
      if (shown == kMaxItems) return out + ", ... }";
      out.append(shown++ > 0 ? ", " : "")
          .append(member.key())
          .append(": ")
          .append(inspect_at(member.value(), depth + 1));
    }
    return out + " }";
  }
  if (value.is_double()) {
    const double number = value.get_double();
    return fmt::format("{}", number);
  }
  return to_text(value);
}

}  // namespace

std::string inspect(const Json& value) { return inspect_at(value, 0); }

}  // namespace slipway::graphql
