#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "archive/archive.h"
#include "server/tracking/blob_store.h"
#include "server/tracking/disk.h"

namespace slipway::server {

namespace fs = std::filesystem;

namespace {

class LocalBlobs final : public BlobStore {
 public:
  LocalBlobs(fs::path folder, asio::thread_pool& blocking) : folder_(std::move(folder)), blocking_(blocking) {}

  Task<> put(fs::path file, Blob blob) override {
    auto work = [from = std::move(file), to = path_of(blob.sha256)] { return put_in_place(from, to); };
    co_return co_await on_pool(blocking_, std::move(work));
  }

  Task<> send(net::Exchange* exchange, std::string sha256, std::string content_type) override {
    co_return co_await exchange->send_file(path_of(sha256), std::move(content_type), "\"" + sha256 + "\"");
  }

  Task<std::string> read(std::string sha256, std::uint64_t max_bytes) override {
    auto work = [file = path_of(sha256), max_bytes] { return archive::read_file(file, max_bytes); };
    co_return co_await on_pool(blocking_, std::move(work));
  }

  Task<bool> remove(std::string sha256) override {
    auto work = [file = path_of(sha256)] { return ::unlink(file.c_str()) == 0; };
    co_return co_await on_pool(blocking_, std::move(work));
  }

  Task<std::vector<std::string>> old_blobs(Millis grace) override {
    const std::string name = fmt::format("{:02x}", next_folder_++ & 0xFF);
    auto work = [path = folder_ / name, name, grace]() -> Result<std::vector<std::string>> {
      std::vector<std::string> names;
      std::error_code failed;
      const auto before = fs::file_time_type::clock::now() - grace;
      for (const auto& entry : fs::directory_iterator(path, failed)) {
        std::error_code gone;
        if (entry.last_write_time(gone) < before && !gone) names.push_back(name + entry.path().filename().string());
      }
      return names;
    };
    co_return co_await on_pool(blocking_, std::move(work));
  }

 private:
  fs::path path_of(const std::string& sha256) const { return folder_ / sha256.substr(0, 2) / sha256.substr(2); }

  const fs::path folder_;
  asio::thread_pool& blocking_;
  unsigned next_folder_ = 0;
};

}  // namespace

Result<std::unique_ptr<BlobStore>> open_local_blobs(const fs::path& folder, asio::thread_pool& blocking) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (!failed) fs::permissions(folder, fs::perms::owner_all, failed);
  if (failed) return disk_error("making " + folder.string(), failed.value());
  return std::unique_ptr<BlobStore>(std::make_unique<LocalBlobs>(folder, blocking));
}

}  // namespace slipway::server
