// posix_spawn with what both kinds of start need. Private to proc. Blocks only until the program has been
// executed.
#pragma once
#include <sys/types.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/error.h"

namespace slipway::proc {

/// A file descriptor that is closed with its owner.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(other.release()) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd();
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }
  void reset();

 private:
  int fd_ = -1;
};

struct Pipe {
  Fd read;
  Fd write;
};
/// Close-on-exec at both ends.
Result<Pipe> make_pipe();

enum class Leadership { process_group, session };

struct SpawnRequest {
  const std::vector<std::string>& argv;
  const std::map<std::string, std::string>& env;
  const std::filesystem::path& cwd;
  int in = -1;  ///< Become 0, 1 and 2 of the program.
  int out = -1;
  int err = -1;
  Leadership leads = Leadership::process_group;
};
/// Codes as of run(). All signals have their default action and none is blocked in the program.
Result<pid_t> spawn(const SpawnRequest& request);

}  // namespace slipway::proc
