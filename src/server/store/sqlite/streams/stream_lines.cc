#include "server/store/sqlite/streams/stream_lines.h"

namespace slipway::server::sqlite::streams {

void pack_line(std::string& chunk, std::string_view line) {
  const auto size = static_cast<std::uint32_t>(line.size());
  for (int shift = 0; shift < 32; shift += 8) chunk.push_back(static_cast<char>(size >> shift & 0xFF));
  chunk.append(line);
}

std::optional<std::string_view> unpack_line(std::string_view& chunk) {
  if (chunk.size() < 4) return std::nullopt;
  std::uint32_t size = 0;
  for (int i = 3; i >= 0; --i) size = size << 8 | static_cast<unsigned char>(chunk[static_cast<std::size_t>(i)]);
  if (chunk.size() - 4 < size) return std::nullopt;
  const std::string_view line = chunk.substr(4, size);
  chunk.remove_prefix(4 + size);
  return line;
}

}  // namespace slipway::server::sqlite::streams
