// Blobs: which bytes the server has, and who may know of them. The bytes are files (server/tracking/blob_files.h); this is their index.
// Content is known by SHA-256 to the server and by MD5 to each entity (the wire protocol's digest): no entity sees or guesses another's.
#pragma once
#include "server/store/store.h"

namespace slipway::server {

struct Blob {
  std::string sha256;  ///< Hex.
  std::string md5;     ///< Hex.
  std::int64_t size = 0;
};

class BlobIndex {
 public:
  virtual ~BlobIndex() = default;
  /// The entity has sent these bytes. Idempotent; the first bytes of an MD5 stay.
  virtual Task<Blob> add_blob(std::string entity, Blob blob) = 0;
  /// Which of these MD5s the entity has, in the given order. Finding one keeps it from being collected for the grace time.
  virtual Task<std::vector<std::optional<Blob>>> find_blobs(std::string entity, std::vector<std::string> md5s) = 0;
  virtual Task<bool> has_bytes(std::string sha256) = 0;

  /// One round of collection. What nothing refers to and nobody has touched for `grace` is marked; what was marked in an earlier round, at least `grace` ago, and is still
  /// unreferenced is forgotten. The value lists the SHA-256 of bytes that no entity has any more: delete their files. At most `limit` a round.
  virtual Task<std::vector<std::string>> collect(Millis grace, std::size_t limit) = 0;
};

}  // namespace slipway::server
