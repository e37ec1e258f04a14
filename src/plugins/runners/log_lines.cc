#include "plugins/runners/log_lines.h"

#include <utility>

#include "base/strings.h"

namespace slipway::plugins {
namespace {

/// Where a piece of at most `limit` bytes may end without cutting a character.
std::size_t character_border(std::string_view text, std::size_t limit) {
  std::size_t end = limit;
  for (int back = 0; back < 3 && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80; ++back) --end;
  return end == 0 ? limit : end;
}

}  // namespace

void LineSplitter::feed(std::string_view bytes, std::vector<std::string>& lines) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find_first_of("\r\n");
    add_text(bytes.substr(0, end), lines);
    if (end == std::string_view::npos) return;
    if (bytes[end] == '\n') {
      end_line(lines);
    } else {
      carriage_return(lines);
    }
    bytes.remove_prefix(end + 1);
  }
}

void LineSplitter::finish(std::vector<std::string>& lines) {
  if (!current_.empty() || !overwritten_.empty()) end_line(lines);
}

void LineSplitter::add_text(std::string_view text, std::vector<std::string>& lines) {
  if (text.empty()) return;
  progress_shown_ = false;
  while (current_.size() + text.size() > kMaxLine) {
    const std::size_t room = kMaxLine - current_.size() + 1;
    const std::size_t taken = std::min(room, text.size());
    current_.append(text.substr(0, taken));
    text.remove_prefix(taken);
    if (current_.size() > kMaxLine) cut(lines);
  }
  current_.append(text);
}

void LineSplitter::cut(std::vector<std::string>& lines) {
  const std::size_t border = character_border(current_, kMaxLine);
  std::string rest = current_.substr(border);
  current_.resize(border);
  current_.append(kCutMark);
  emit(std::exchange(current_, std::move(rest)), lines);
  overwritten_.clear();
}

void LineSplitter::carriage_return(std::vector<std::string>& lines) {
  if (current_.empty()) return;
  updates_ += current_.size();
  overwritten_ = std::exchange(current_, {});
  if (updates_ < kUpdateBytes) return;
  emit(std::exchange(overwritten_, {}), lines);
  updates_ = 0;
  progress_shown_ = true;
}

void LineSplitter::end_line(std::vector<std::string>& lines) {
  std::string text = current_.empty() ? std::exchange(overwritten_, {}) : std::exchange(current_, {});
  overwritten_.clear();
  updates_ = 0;
  if (std::exchange(progress_shown_, false)) return;
  emit(std::move(text), lines);
}

void LineSplitter::emit(std::string text, std::vector<std::string>& lines) {
  if (skip_ > 0) {
    --skip_;
    return;
  }
  lines.push_back(is_utf8(text) ? std::move(text) : to_utf8_lossy(text));
}

}  // namespace slipway::plugins
