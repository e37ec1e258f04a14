// The manifest of an artifact (protocol 1.6.4): which files, with which digests. Pure.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace slipway::server {

struct ManifestEntry {
  std::string path;       ///< Relative, '/'-separated, no "." or ".." segments.
  std::string digest;     ///< As written.
  std::string md5;        ///< Hex; "" for a reference.
  std::string reference;  ///< Address outside of the server, "" for a stored file.
  std::int64_t size = 0;
};

struct Manifest {
  std::vector<ManifestEntry> entries;  ///< In byte order of their paths.

  /// MD5 hex over the header line and a "path:digest" line for each entry.
  std::string digest() const;
};

/// Base64 MD5 to hex; nothing when it is not the base64 of 16 bytes.
std::optional<std::string> md5_from_base64(std::string_view text);
/// Empty when the path may be a file's name: relative, at most 4,096 bytes, no empty, "." or ".." segments, no backslashes and control characters. Otherwise why not.
std::string path_fault(std::string_view path);
/// invalid_argument with all entries that are wrong (at most 20).
Result<Manifest> parse_manifest(std::string_view text);

}  // namespace slipway::server
