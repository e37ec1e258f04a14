// What an agent keeps on its disk: who it is, and that it is the only one there. What runs is known to the server and to the backend, and found again there.
#pragma once
#include <filesystem>
#include <string>

#include "base/error.h"

namespace slipway::agent {

/// Holds the folder's lock as long as it lives.
class StateDir {
 public:
  /// Creates the folder (0700) and takes its lock; failed_precondition names the process that has it.
  static Result<StateDir> open(const std::filesystem::path& path);
  StateDir(StateDir&& other) noexcept;
  StateDir& operator=(StateDir&&) = delete;
  ~StateDir();

  const std::filesystem::path& path() const { return path_; }
  /// Made at first use, the same ever after: the same agent to the server.
  const std::string& stable_id() const { return stable_id_; }

 private:
  StateDir(std::filesystem::path path, int lock_fd, std::string stable_id);
  std::filesystem::path path_;
  int lock_fd_ = -1;
  std::string stable_id_;
};

}  // namespace slipway::agent
