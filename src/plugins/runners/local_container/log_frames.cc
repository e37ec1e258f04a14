#include "plugins/runners/local_container/log_frames.h"

#include <algorithm>

namespace slipway::plugins::runners::local_container {
namespace {

constexpr std::size_t kHeader = 8;
constexpr char kStandardError = 2;

std::size_t frame_size(std::string_view header) {
  std::size_t size = 0;
  for (std::size_t i = 4; i < kHeader; ++i) size = size << 8 | static_cast<unsigned char>(header[i]);
  return size;
}

}  // namespace

void LogFrames::feed(std::string_view bytes, std::vector<std::string>& lines) {
  const std::size_t before = lines.size();
  if (format_ == Format::raw) streams_[0].feed(bytes, lines);
  while (format_ == Format::frames && !bytes.empty()) {
    if (left_ == 0) {
      const std::size_t missing = std::min(kHeader - header_.size(), bytes.size());
      header_.append(bytes.substr(0, missing));
      bytes.remove_prefix(missing);
      if (header_.size() < kHeader) break;
      current_ = header_[0] == kStandardError ? 1 : 0;
      left_ = frame_size(header_);
      header_.clear();
    }
    const std::string_view piece = bytes.substr(0, left_);
    streams_[current_].feed(piece, lines);
    left_ -= piece.size();
    bytes.remove_prefix(piece.size());
  }
  drop_skipped(lines, before);
}

void LogFrames::finish(std::vector<std::string>& lines) {
  const std::size_t before = lines.size();
  for (auto& stream : streams_) stream.finish(lines);
  drop_skipped(lines, before);
}

void LogFrames::drop_skipped(std::vector<std::string>& lines, std::size_t before) {
  const auto dropped = static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(skip_, lines.size() - before));
  const auto first = lines.begin() + static_cast<std::ptrdiff_t>(before);
  lines.erase(first, first + dropped);
  skip_ -= static_cast<std::uint64_t>(dropped);
}

}  // namespace slipway::plugins::runners::local_container
