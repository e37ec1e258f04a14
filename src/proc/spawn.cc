#include "proc/spawn.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "proc/process.h"

namespace slipway::proc {
namespace {

/// The argument and environment vectors in the shape that posix_spawn takes.
class CStrings {
 public:
  void add(std::string text) { texts_.push_back(std::move(text)); }
  char** get() {
    pointers_.clear();
    for (auto& text : texts_) pointers_.push_back(text.data());
    pointers_.push_back(nullptr);
    return pointers_.data();
  }

 private:
  std::vector<std::string> texts_;
  std::vector<char*> pointers_;
};

class Actions {
 public:
  explicit Actions(const SpawnRequest& request) {
    posix_spawn_file_actions_init(&actions_);
    // The sources are all above 2, so none is overwritten before it was used.
    const int sources[] = {request.in, request.out, request.err};
    for (int target = 0; target < 3; ++target) posix_spawn_file_actions_adddup2(&actions_, sources[target], target);
    posix_spawn_file_actions_addclosefrom_np(&actions_, 3);
    if (!request.cwd.empty()) posix_spawn_file_actions_addchdir_np(&actions_, request.cwd.c_str());
  }
  ~Actions() { posix_spawn_file_actions_destroy(&actions_); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

class Attributes {
 public:
  explicit Attributes(Leadership leads) {
    posix_spawnattr_init(&attributes_);
    sigset_t all;
    sigset_t none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setpgroup(&attributes_, 0);
    const int leader = leads == Leadership::session ? POSIX_SPAWN_SETSID : POSIX_SPAWN_SETPGROUP;
    posix_spawnattr_setflags(&attributes_, static_cast<short>(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | leader));
  }
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

Error no_program(const std::string& name) {
  return Error(Code::not_found, fmt::format("there is no program '{}'", name))
      .hint("Install it, or put its folder into PATH.");
}

/// The file to execute. `cwd` because a relative path with a slash is looked up there.
Result<std::filesystem::path> locate(const SpawnRequest& request) {
  const auto& name = request.argv.front();
  if (name.find('/') == std::string::npos) {
    const auto path = request.env.find("PATH");
    const auto found =
        find_program(name, path == request.env.end() ? std::string("/usr/local/bin:/usr/bin:/bin") : path->second);
    if (!found) return no_program(name);
    return *found;
  }
  const std::filesystem::path file(name);
  const auto seen_from_here = file.is_relative() && !request.cwd.empty() ? request.cwd / file : file;
  std::error_code ec;
  if (!std::filesystem::exists(seen_from_here, ec)) return no_program(name);
  if (std::filesystem::is_directory(seen_from_here, ec) || ::access(seen_from_here.c_str(), X_OK) != 0) {
    return Error(Code::failed_precondition, fmt::format("'{}' is not executable", name))
        .hint("Set its executable bit: chmod +x.");
  }
  return file;
}

Result<> check(const SpawnRequest& request) {
  if (request.argv.empty() || request.argv.front().empty())
    return Error(Code::invalid_argument, "there is no program to run");
  for (const auto& argument : request.argv) {
    if (argument.find('\0') != std::string::npos)
      return Error(Code::invalid_argument, "an argument holds a NUL character");
  }
  for (const auto& [name, value] : request.env) {
    const bool broken = name.empty() || name.find_first_of(std::string_view("=\0", 2)) != std::string::npos;
    if (broken || value.find('\0') != std::string::npos) {
      return Error(Code::invalid_argument,
                   fmt::format("environment variable '{}': bad name or a NUL character", name.c_str()));
    }
  }
  std::error_code ec;
  if (!request.cwd.empty() && !std::filesystem::is_directory(request.cwd, ec)) {
    return Error(Code::failed_precondition, fmt::format("'{}' is not a folder to run in", request.cwd.string()));
  }
  return {};
}

}  // namespace

Fd::~Fd() { reset(); }

void Fd::reset() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

Result<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    return Error(Code::resource_exhausted, fmt::format("no pipe: {}", std::strerror(errno)));
  // Ends below 3 would collide with the streams of the program.
  Pipe pipe{Fd(::fcntl(ends[0], F_DUPFD_CLOEXEC, 3)), Fd(::fcntl(ends[1], F_DUPFD_CLOEXEC, 3))};
  ::close(ends[0]);
  ::close(ends[1]);
  if (pipe.read.get() < 0 || pipe.write.get() < 0)
    return Error(Code::resource_exhausted, "no pipe: too many open files");
  return pipe;
}

Result<pid_t> spawn(const SpawnRequest& request) {
  TRY_VOID(check(request));
  TRY(const auto program, locate(request));
  CStrings argv;
  for (const auto& argument : request.argv) argv.add(argument);
  CStrings env;
  for (const auto& [name, value] : request.env) env.add(name + "=" + value);
  const Actions actions(request);
  const Attributes attributes(request.leads);
  pid_t pid = 0;
  const int failed = ::posix_spawn(&pid, program.c_str(), actions.get(), attributes.get(), argv.get(), env.get());
  if (failed == 0) return pid;
  const auto text = fmt::format("cannot start '{}': {}", request.argv.front(), std::strerror(failed));
  if (failed == EAGAIN || failed == ENOMEM || failed == E2BIG) return Error(Code::resource_exhausted, text);
  return Error(Code::failed_precondition, text);
}

}  // namespace slipway::proc
