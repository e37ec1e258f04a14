// A text file that was built into the program (cmake/SlipwayEmbed.cmake).
#pragma once
#include <string_view>

namespace slipway {

struct EmbeddedFile {
  std::string_view name;
  std::string_view text;
  std::string_view sha256;  ///< Hex.
};

}  // namespace slipway
