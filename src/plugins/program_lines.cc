#include "plugins/program_lines.h"

#include "base/strings.h"

namespace slipway::plugins {
namespace {

constexpr std::size_t kMaxLine = 16 << 10;

/// "\x1b[…m" and the like.
std::string without_control_sequences(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\x1b') {
      out += text[i];
      continue;
    }
    if (i + 1 < text.size() && text[i + 1] == '[') {
      i += 2;
      while (i < text.size() && (text[i] < '@' || text[i] > '~')) ++i;
    }
  }
  return out;
}

}  // namespace

void ProgramLines::feed(std::string_view piece) {
  for (const char c : piece) {
    if (c == '\n' || line_.size() >= kMaxLine) end_line();
    if (c != '\n') line_ += c;
  }
}

void ProgramLines::finish() {
  if (!line_.empty()) end_line();
}

void ProgramLines::end_line() {
  std::string_view text = line_;
  while (text.ends_with('\r')) text.remove_suffix(1);
  if (const auto back = text.rfind('\r'); back != std::string_view::npos) text.remove_prefix(back + 1);
  const auto plain = without_control_sequences(text);
  if (sink_) sink_(to_utf8_lossy(plain));
  line_.clear();
}

}  // namespace slipway::plugins
