#include "server/tracking/blob_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "base/ids.h"
#include "base/log.h"
#include "base/strings.h"
#include "server/tracking/disk.h"

namespace slipway::server {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kBlobsARound = 5'000;
constexpr std::size_t kPiece = 1u << 20;

Result<> check_space(const fs::path& folder, std::uint64_t needed, std::uint64_t keep_free) {
  struct statvfs space{};
  if (::statvfs(folder.c_str(), &space) != 0) return Result<>();
  const std::uint64_t free = static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize;
  if (free >= needed + keep_free) return Result<>();
  return Error(Code::resource_exhausted,
               fmt::format("the server's disk has {} left, too little for this upload", human_bytes(free)))
      .hint("Free some space on the disk of the server's data directory, then try again.");
}

Error too_large(const BlobLimits& limits) {
  return Error(Code::resource_exhausted,
               fmt::format("the file has more than {}, the limit of this server", human_bytes(limits.max_bytes)));
}

}  // namespace

// ---- Upload -----------------------------------------------------------------------------------------------------------------

struct Upload::Digests {
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  using Context = std::unique_ptr<EVP_MD_CTX, Free>;
  Context md5{EVP_MD_CTX_new()};
  Context sha256{EVP_MD_CTX_new()};

  Digests() {
    EVP_DigestInit_ex(md5.get(), EVP_md5(), nullptr);
    EVP_DigestInit_ex(sha256.get(), EVP_sha256(), nullptr);
  }
  void update(std::string_view piece) {
    EVP_DigestUpdate(md5.get(), piece.data(), piece.size());
    EVP_DigestUpdate(sha256.get(), piece.data(), piece.size());
  }
  static std::string hex(const Context& context) {
    std::string bytes(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(bytes.data()), &size);
    return to_hex(std::string_view(bytes).substr(0, size));
  }
};

Upload::Upload(fs::path file, asio::thread_pool& blocking, BlobLimits limits)
    : file_(std::move(file)), blocking_(blocking), limits_(limits), digests_(std::make_unique<Digests>()) {}

Upload::~Upload() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!file_.empty()) ::unlink(file_.c_str());
}

Result<> Upload::open() {
  descriptor_ = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor_ < 0) return disk_error("starting an upload in " + file_.parent_path().string(), errno);
  return Result<>();
}

Result<> Upload::append(std::string_view piece) {
  digests_->update(piece);
  blob_.size += static_cast<std::int64_t>(piece.size());
  while (!piece.empty()) {
    const ssize_t written = ::write(descriptor_, piece.data(), piece.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return disk_error("writing an upload", errno);
    piece.remove_prefix(static_cast<std::size_t>(written));
  }
  return check_space(file_.parent_path(), 0, limits_.keep_free);
}

Task<> Upload::write(std::string piece) {
  if (limits_.max_bytes != 0 && static_cast<std::uint64_t>(blob_.size) + piece.size() > limits_.max_bytes) {
    co_return too_large(limits_);
  }
  auto work = [this, piece = std::move(piece)] { return append(piece); };
  co_return co_await on_pool(blocking_, std::move(work));
}

Result<> Upload::append_file(const fs::path& file) {
  const int source = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (source < 0 && errno == ENOENT)
    return Error(Code::failed_precondition, fmt::format("part {} was not uploaded", file.filename().string()));
  if (source < 0) return disk_error("opening a part of an upload", errno);
  std::string buffer(kPiece, '\0');
  Result<> done;
  while (done) {
    const ssize_t got = ::read(source, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) done = disk_error("reading a part of an upload", errno);
    if (got <= 0) break;
    done = append(std::string_view(buffer).substr(0, static_cast<std::size_t>(got)));
  }
  ::close(source);
  return done;
}

Task<Blob> Upload::finish() {
  auto work = [this]() -> Result<> {
    if (::fsync(descriptor_) != 0) return disk_error("flushing an upload", errno);
    ::close(std::exchange(descriptor_, -1));
    return Result<>();
  };
  CO_TRY_VOID(co_await on_pool(blocking_, std::move(work)));
  blob_.md5 = Digests::hex(digests_->md5);
  blob_.sha256 = Digests::hex(digests_->sha256);
  co_return blob_;
}

// ---- BlobFiles ----------------------------------------------------------------------------------------------------------------

BlobFiles::BlobFiles(fs::path data_dir, asio::any_io_executor executor, asio::thread_pool& blocking, BlobIndex& index,
                     std::unique_ptr<BlobStore> store, BlobLimits limits)
    : store_(std::move(store)),
      uploads_(data_dir / "uploads"),
      parts_(data_dir / "parts"),
      blocking_(blocking),
      index_(index),
      limits_(limits),
      removed_(executor) {}

Result<std::unique_ptr<BlobFiles>> BlobFiles::open(const fs::path& data_dir, asio::any_io_executor executor,
                                                   asio::thread_pool& blocking, BlobIndex& index,
                                                   std::unique_ptr<BlobStore> store, BlobLimits limits) {
  std::unique_ptr<BlobFiles> files(
      new BlobFiles(data_dir, std::move(executor), blocking, index, std::move(store), limits));
  std::error_code failed;
  fs::remove_all(files->uploads_, failed);
  for (const fs::path& folder : {files->uploads_, files->parts_}) {
    fs::create_directories(folder, failed);
    if (!failed) fs::permissions(folder, fs::perms::owner_all, failed);
    if (failed) return disk_error("making " + folder.string(), failed.value());
  }
  return files;
}

Task<std::unique_ptr<Upload>> BlobFiles::begin(std::optional<std::uint64_t> length) {
  if (limits_.max_bytes != 0 && length.value_or(0) > limits_.max_bytes) {
    co_return Error(Code::resource_exhausted, fmt::format("the file has {}, the limit of this server is {}",
                                                          human_bytes(*length), human_bytes(limits_.max_bytes)));
  }
  CO_TRY_VOID(check_space(uploads_, length.value_or(0), limits_.keep_free));
  auto upload = std::make_unique<Upload>(uploads_ / random_id(24), blocking_, limits_);
  CO_TRY_VOID(upload->open());
  co_return upload;
}

Task<Blob> BlobFiles::keep(std::unique_ptr<Upload> upload, std::string entity) {
  const Blob blob = upload->blob_;
  while (removing_.contains(blob.sha256)) {
    if (!co_await removed_.wait()) co_return Error(Code::cancelled, "cancelled");
  }
  struct Placing {
    std::multiset<std::string>& set;
    std::multiset<std::string>::iterator mine;
    ~Placing() { set.erase(mine); }
  };
  const Placing placing{placing_, placing_.insert(blob.sha256)};
  CO_TRY_VOID(co_await store_->put(upload->file_, blob));
  upload->file_.clear();
  co_return co_await index_.add_blob(std::move(entity), blob);
}

Task<> BlobFiles::keep_part(std::unique_ptr<Upload> part, std::string upload, std::int64_t number) {
  auto work = [from = part->file_, to = parts_ / upload / std::to_string(number)] { return put_in_place(from, to); };
  CO_TRY_VOID(co_await on_pool(blocking_, std::move(work)));
  part->file_.clear();
  co_return Result<>();
}

Task<Blob> BlobFiles::join(std::string upload, std::int64_t count, std::string md5, std::string entity) {
  CO_TRY(auto whole, co_await begin(std::nullopt));
  for (std::int64_t number = 1; number <= count; ++number) {
    auto work = [target = whole.get(), file = parts_ / upload / std::to_string(number)] {
      return target->append_file(file);
    };
    CO_TRY_VOID(co_await on_pool(blocking_, std::move(work)));
    if (limits_.max_bytes != 0 && static_cast<std::uint64_t>(whole->blob_.size) > limits_.max_bytes)
      co_return too_large(limits_);
  }
  CO_TRY(const Blob blob, co_await whole->finish());
  if (blob.md5 != md5)
    co_return Error(Code::invalid_argument,
                    fmt::format("the parts together have MD5 {}, announced was {}", blob.md5, md5));
  CO_TRY(Blob kept, co_await keep(std::move(whole), std::move(entity)));
  auto remove = [folder = parts_ / upload]() -> Result<> {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    return Result<>();
  };
  CO_TRY_VOID(co_await on_pool(blocking_, std::move(remove)));
  co_return kept;
}

Task<bool> BlobFiles::remove_if_nobodys(std::string sha256) {
  if (placing_.contains(sha256) || !removing_.insert(sha256).second) co_return false;
  struct Removing {
    BlobFiles& files;
    const std::string& sha256;
    ~Removing() {
      files.removing_.erase(sha256);
      files.removed_.notify_all();
    }
  };
  const Removing removing{*this, sha256};
  CO_TRY(const bool wanted, co_await index_.has_bytes(sha256));
  if (wanted) co_return false;
  co_return co_await store_->remove(sha256);
}

Task<> BlobFiles::remove_old_parts(Millis grace) {
  auto work = [folder = parts_, grace]() -> Result<> {
    std::error_code failed;
    const auto before = fs::file_time_type::clock::now() - grace;
    for (const auto& entry : fs::directory_iterator(folder, failed)) {
      std::error_code gone;
      if (entry.last_write_time(gone) < before && !gone) fs::remove_all(entry.path(), gone);
    }
    return Result<>();
  };
  co_return co_await on_pool(blocking_, std::move(work));
}

Task<std::size_t> BlobFiles::collect(Millis grace) {
  CO_TRY_VOID(co_await remove_old_parts(grace));
  CO_TRY(std::vector<std::string> gone, co_await index_.collect(grace, kBlobsARound));
  CO_TRY(const std::vector<std::string> old, co_await store_->old_blobs(grace));
  gone.insert(gone.end(), old.begin(), old.end());
  std::size_t removed = 0;
  for (const std::string& sha256 : gone) {
    CO_TRY(const bool went, co_await remove_if_nobodys(sha256));
    if (went) ++removed;
  }
  if (removed > 0) log::info("unreferenced files removed", {{"files", removed}});
  co_return removed;
}

}  // namespace slipway::server
