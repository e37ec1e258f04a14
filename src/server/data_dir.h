// DataDir: the folder in which a server keeps everything. One server at a time.
#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "base/error.h"
#include "base/secret.h"

namespace slipway::server {

/// Made with mode 0700; holds the lock until it is destroyed.
class DataDir {
 public:
  /// failed_precondition when another server has it, with that one's pid; resource_exhausted when the disk is full.
  static Result<std::unique_ptr<DataDir>> open(std::filesystem::path folder);
  ~DataDir();
  DataDir(const DataDir&) = delete;
  DataDir& operator=(const DataDir&) = delete;

  const std::filesystem::path& path() const { return folder_; }
  /// Of server.json: made once, part of the labels of everything that is submitted.
  const std::string& server_id() const { return server_id_; }
  std::filesystem::path admin_key_file() const { return folder_ / "admin.key"; }
  /// Mode 0600, complete or not at all.
  Result<> write_admin_key(const Secret& key) const;

 private:
  explicit DataDir(std::filesystem::path folder) : folder_(std::move(folder)) {}
  Result<> lock();
  Result<> load_identity();

  std::filesystem::path folder_;
  std::string server_id_;
  int lock_ = -1;
};

}  // namespace slipway::server
