// How lines are packed into a chunk: for each its length (4 bytes, little endian) and its bytes. Any byte may be in a line.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace slipway::server::sqlite::streams {

void pack_line(std::string& chunk, std::string_view line);
/// Takes the first line off; nothing at the end, or when the bytes are damaged.
std::optional<std::string_view> unpack_line(std::string_view& chunk);

}  // namespace slipway::server::sqlite::streams
