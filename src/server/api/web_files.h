// The files of the web app (web/), built into the program by scripts/build-web.
#pragma once
#include <span>
#include <string_view>

namespace slipway::server {

struct WebFile {
  std::string_view
      name;  ///< "index.html", "index-4f3a.js": no folders; a name with a hash in it never changes its content.
  std::string_view bytes;
  std::string_view gzip;  ///< The same, compressed.
  std::string_view hash;  ///< Of `bytes`, hex.
};

std::span<const WebFile> web_files();

}  // namespace slipway::server
