// BlobStore: where the bytes of complete files are kept, each content once, by its SHA-256. BlobFiles decides what is kept; a store only keeps.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "async/task.h"
#include "base/clock.h"
#include "net/http_server.h"
#include "server/store/tracking_blobs.h"

namespace slipway::server {

class BlobStore {
 public:
  virtual ~BlobStore() = default;
  /// Durable when it returns; `file` is then the store's. The same content again is no error.
  virtual Task<> put(std::filesystem::path file, Blob blob) = 0;
  /// As an answer, with Range support. Its ETag is the SHA-256.
  virtual Task<> send(net::Exchange* exchange, std::string sha256, std::string content_type) = 0;
  /// The whole content, for manifests.
  virtual Task<std::string> read(std::string sha256, std::uint64_t max_bytes) = 0;
  /// False: it was not there.
  virtual Task<bool> remove(std::string sha256) = 0;
  /// Contents older than `grace`, a 256th of all at a time, the next with the next call: to find what no index row names.
  virtual Task<std::vector<std::string>> old_blobs(Millis grace) = 0;
};

/// DIR/ab/cdef…
Result<std::unique_ptr<BlobStore>> open_local_blobs(const std::filesystem::path& folder, asio::thread_pool& blocking);

}  // namespace slipway::server
