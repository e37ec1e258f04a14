// The manifest of an artifact (protocol 1.6.4), checked before anything is written.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"

namespace slipway::plugins::sources::artifact {

struct ManifestEntry {
  std::string path;  ///< Relative, no "." or ".." segments.
  std::string md5;   ///< Base64.
  std::uint64_t size = 0;
  std::string birth_artifact;
};

struct Manifest {
  std::vector<ManifestEntry> entries;  ///< In byte order of their paths.
  std::string fingerprint;             ///< SHA-256 hex over paths, digests and sizes.
  std::uint64_t bytes = 0;
};

/// Refused, with the path: paths that leave the tree, entries that are references to somewhere else, digests that are no MD5.
Result<Manifest> parse_manifest(const Json& value);

}  // namespace slipway::plugins::sources::artifact
