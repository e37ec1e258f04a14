// BlobFiles: the bytes of files and artifacts, each content once: DIR/blobs/ab/cdef… by SHA-256. Uploads grow in DIR/uploads and are renamed into place when complete.
//
//   CO_TRY(auto upload, co_await files.begin(length));
//   CO_TRY_VOID(co_await upload->write(piece)); …
//   CO_TRY(const Blob blob, co_await upload->finish());
//   CO_TRY(const Blob kept, co_await files.keep(std::move(upload), entity));
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "async/event.h"
#include "server/store/tracking_blobs.h"

namespace slipway::server {

struct BlobLimits {
  std::uint64_t max_bytes = 0;            ///< Of one file; 0: as the disk allows.
  std::uint64_t keep_free = 64ull << 20;  ///< Uploads end when the disk has less than that left: the database needs it.
};

/// One upload. Goes without a trace when it is destroyed before keep().
class Upload {
 public:
  Upload(std::filesystem::path file, asio::thread_pool& blocking, BlobLimits limits);
  ~Upload();
  Upload(const Upload&) = delete;
  Upload& operator=(const Upload&) = delete;

  /// resource_exhausted: too large, disk full.
  Task<> write(std::string piece);
  /// Everything is on disk; what the bytes are.
  Task<Blob> finish();

 private:
  friend class BlobFiles;
  struct Digests;
  Result<> open();
  Result<> append(std::string_view piece);

  std::filesystem::path file_;
  asio::thread_pool& blocking_;
  BlobLimits limits_;
  int descriptor_ = -1;
  std::unique_ptr<Digests> digests_;
  Blob blob_;
};

/// All calls on one executor's thread; the disk is used on the pool.
class BlobFiles {
 public:
  /// Makes the folders (0700) and removes what uploads of an earlier process left behind.
  static Result<std::unique_ptr<BlobFiles>> open(const std::filesystem::path& data_dir, asio::any_io_executor executor,
                                                 asio::thread_pool& blocking, BlobIndex& index, BlobLimits limits = {});

  /// `length`: what the client announced, for an early refusal.
  Task<std::unique_ptr<Upload>> begin(std::optional<std::uint64_t> length);
  /// Puts finished bytes into place and into the index of the entity. Bytes that are there already are stored once. The value is what the entity has under that MD5.
  Task<Blob> keep(std::unique_ptr<Upload> upload, std::string entity);
  std::filesystem::path path_of(const std::string& sha256) const;
  /// The whole content, for manifests.
  Task<std::string> read(std::string sha256, std::uint64_t max_bytes) const;

  /// A round of collection: unreferenced blobs go after two sightings `grace` apart, then files that no index row names (one of 256 folders a round). The value counts removed files.
  Task<std::size_t> collect(Millis grace);

 private:
  BlobFiles(std::filesystem::path data_dir, asio::any_io_executor executor, asio::thread_pool& blocking,
            BlobIndex& index, BlobLimits limits);
  Task<bool> remove_if_nobodys(std::string sha256);
  Task<std::vector<std::string>> old_files_of_next_folder(Millis grace);

  std::filesystem::path blobs_, uploads_;
  asio::thread_pool& blocking_;
  BlobIndex& index_;
  BlobLimits limits_;
  std::multiset<std::string> placing_;  ///< keep() is between rename and index.
  std::set<std::string> removing_;      ///< collect() is between index and unlink.
  Event removed_;
  unsigned next_folder_ = 0;
};

}  // namespace slipway::server
