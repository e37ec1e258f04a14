#include "plugins/runners/local_process/supervise.h"

#include <fcntl.h>
#include <malloc.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

#include "plugins/runners/local_process/job_folder.h"
#include "plugins/runners/local_process/supervision.h"

namespace slipway::plugins::runners::local_process {
namespace {

constexpr int kUsage = 2;
constexpr int kFailed = 70;
constexpr std::string_view kReady = "ready";

std::string read_all(int fd) {
  std::string out;
  char buffer[16 * 1024];
  for (;;) {
    const ssize_t got = ::read(fd, buffer, sizeof buffer);
    if (got > 0) out.append(buffer, static_cast<std::size_t>(got));
    if (got == 0 || (got < 0 && errno != EINTR)) return out;
  }
}

void tell(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = ::write(fd, text.data(), text.size());
    if (sent < 0 && errno != EINTR) return;
    if (sent > 0) text.remove_prefix(static_cast<std::size_t>(sent));
  }
}

/// The starter waits for our end of its pipes: only files of our own stay open.
void leave_the_starter() {
  ::setsid();
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int fd = 0; fd <= 2; ++fd) ::dup2(null, fd);
  ::prctl(PR_SET_NAME, "slipway-job");
  ::malloc_trim(0);
}

/// True: this process is the only supervisor that this folder ever has.
Result<bool> take(const JobFolder& folder) {
  const int lock = ::open(folder.lock().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) {
    return Error(Code::failed_precondition,
                 fmt::format("opening {}: {}", folder.lock().string(), std::strerror(errno)));
  }
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) return false;
  TRY(const auto status, read_status(folder));
  return !status.has_value();
}

/// The supervisor's whole life. `ready` is told once the status file says what became of the start.
int supervise(const JobFolder& folder, const JobDocument& document, int ready) {
  leave_the_starter();
  auto mine = take(folder);
  if (!mine) {
    tell(ready, mine.error().message());
    return kFailed;
  }
  if (!*mine) {
    tell(ready, kReady);
    return 0;
  }
  Supervision supervision(folder, document);
  if (auto started = supervision.start(); !started) {
    tell(ready, started.error().message());
    return kFailed;
  }
  tell(ready, kReady);
  ::close(ready);
  supervision.run();
  return 0;
}

}  // namespace

int supervise_main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: slipway supervise FOLDER (started by the agent, not by people)\n", stderr);
    return kUsage;
  }
  const JobFolder folder{std::filesystem::path(argv[1])};
  const auto document = parse_job_document(read_all(STDIN_FILENO));
  int ready[2];
  if (!document || ::pipe2(ready, O_CLOEXEC) != 0) {
    std::fprintf(stderr, "%s\n", document ? std::strerror(errno) : document.error().message().c_str());
    return kFailed;
  }
  const pid_t supervisor = ::fork();
  if (supervisor == 0) {
    ::close(ready[0]);
    ::_exit(supervise(folder, *document, ready[1]));
  }
  ::close(ready[1]);
  const std::string answer = supervisor < 0 ? std::strerror(errno) : read_all(ready[0]);
  if (answer == kReady) return 0;
  std::fprintf(stderr, "%s\n", answer.empty() ? "the supervisor ended before it started the job" : answer.c_str());
  return kFailed;
}

}  // namespace slipway::plugins::runners::local_process
