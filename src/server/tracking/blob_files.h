// BlobFiles: the bytes of files and artifacts, each content once. Uploads grow in DIR/uploads and go to the blob store when they are complete.
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
#include "server/tracking/blob_store.h"

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
  Result<> append_file(const std::filesystem::path& file);

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
                                                 asio::thread_pool& blocking, BlobIndex& index,
                                                 std::unique_ptr<BlobStore> store, BlobLimits limits = {});

  /// `length`: what the client announced, for an early refusal.
  Task<std::unique_ptr<Upload>> begin(std::optional<std::uint64_t> length);
  /// Puts finished bytes into place and into the index of the entity. Bytes that are there already are stored once. The value is what the entity has under that MD5.
  Task<Blob> keep(std::unique_ptr<Upload> upload, std::string entity);
  /// A part of a large upload, to be joined with the others later. `upload` is a name that is safe in a path.
  Task<> keep_part(std::unique_ptr<Upload> part, std::string upload, std::int64_t number);
  /// Parts 1 to `count` as one content, which must have this MD5; then like keep(). failed_precondition: a part is missing.
  Task<Blob> join(std::string upload, std::int64_t count, std::string md5, std::string entity);
  BlobStore& store() { return *store_; }

  /// A round of collection: unreferenced blobs go after two sightings `grace` apart, then contents that no index row names (a 256th of all in a round). The value counts removed files.
  Task<std::size_t> collect(Millis grace);

 private:
  BlobFiles(std::filesystem::path data_dir, asio::any_io_executor executor, asio::thread_pool& blocking,
            BlobIndex& index, std::unique_ptr<BlobStore> store, BlobLimits limits);
  Task<> remove_old_parts(Millis grace);
  Task<bool> remove_if_nobodys(std::string sha256);

  std::unique_ptr<BlobStore> store_;
  std::filesystem::path uploads_, parts_;
  asio::thread_pool& blocking_;
  BlobIndex& index_;
  BlobLimits limits_;
  std::multiset<std::string> placing_;  ///< keep() is between rename and index.
  std::set<std::string> removing_;      ///< collect() is between index and unlink.
  Event removed_;
};

}  // namespace slipway::server
