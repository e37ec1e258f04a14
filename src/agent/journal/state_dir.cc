#include "agent/journal/state_dir.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "archive/archive.h"
#include "base/ids.h"
#include "base/strings.h"

namespace slipway::agent {
namespace fs = std::filesystem;

Result<StateDir> StateDir::open(const fs::path& path) {
  std::error_code ec;
  fs::create_directories(path, ec);
  if (!ec) fs::permissions(path, fs::perms::owner_all, ec);
  if (ec)
    return Error(Code::failed_precondition,
                 fmt::format("creating the state folder {}: {}", path.string(), ec.message()));

  const fs::path lock_file = path / "lock";
  const int fd = ::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    return Error(Code::failed_precondition, fmt::format("opening {}: {}", lock_file.string(), std::strerror(errno)));
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    ::close(fd);
    const auto holder = archive::read_file(lock_file);
    return Error(Code::failed_precondition, fmt::format("another agent (process {}) uses the state folder {}",
                                                        holder ? trim(*holder) : std::string_view("?"), path.string()))
        .hint("Stop it, or give this one a folder of its own with SLIPWAY_STATE_DIR.");
  }
  const std::string pid = fmt::format("{}\n", ::getpid());
  if (::ftruncate(fd, 0) != 0 || ::write(fd, pid.data(), pid.size()) < 0) {
    ::close(fd);
    return Error(Code::failed_precondition, fmt::format("writing {}: {}", lock_file.string(), std::strerror(errno)));
  }

  const fs::path id_file = path / "agent-id";
  auto known = archive::read_file(id_file);
  std::string id = known ? std::string(trim(*known)) : random_id(20);
  if (!known) {
    if (auto written = archive::write_file_atomically(id_file, id + "\n", 0600); !written) {
      ::close(fd);
      return std::move(written).error();
    }
  }
  return StateDir(path, fd, std::move(id));
}

StateDir::StateDir(fs::path path, int lock_fd, std::string stable_id)
    : path_(std::move(path)), lock_fd_(lock_fd), stable_id_(std::move(stable_id)) {}

StateDir::StateDir(StateDir&& other) noexcept
    : path_(std::move(other.path_)),
      lock_fd_(std::exchange(other.lock_fd_, -1)),
      stable_id_(std::move(other.stable_id_)) {}

StateDir::~StateDir() {
  if (lock_fd_ >= 0) ::close(lock_fd_);
}

}  // namespace slipway::agent
