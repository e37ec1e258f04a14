#include "plugins/runners/local_process/supervision.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>

#include "archive/archive.h"
#include "base/strings.h"
#include "plugins/runners/local_process/job_start.h"

namespace slipway::plugins::runners::local_process {
namespace {

constexpr Millis kDefaultGrace{10'000};
constexpr int kLastRounds = 50;  ///< Of 100 ms: how long killed processes may take to go.

std::int64_t monotonic_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1'000'000;
}

sigset_t handled_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGCHLD}) ::sigaddset(&set, signal);
  return set;
}

}  // namespace

OutputLog::~OutputLog() {
  if (fd_ >= 0) ::close(fd_);
}

Result<> OutputLog::open(const JobFolder& folder, std::uint64_t max_bytes) {
  max_bytes_ = max_bytes;
  fd_ = ::open(folder.output().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd_ >= 0) return {};
  return Error(Code::failed_precondition,
               fmt::format("opening {}: {}", folder.output().string(), std::strerror(errno)));
}

bool OutputLog::put(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::write(fd_, bytes.data(), bytes.size());
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) {
      lost_ += bytes.size();
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(sent));
    written_ += static_cast<std::uint64_t>(sent);
  }
  return true;
}

void OutputLog::write(std::string_view bytes) {
  if (full_) return;
  if (lost_ > 0) {
    const std::string mark =
        fmt::format("\n[slipway: {} of output were lost here: the disk was full]\n", human_bytes(lost_));
    const auto before = lost_;
    if (!put(mark)) {
      lost_ = before + bytes.size();
      return;
    }
    lost_ = 0;
  }
  if (written_ + bytes.size() <= max_bytes_) {
    put(bytes);
    return;
  }
  put(bytes.substr(0, max_bytes_ - std::min(max_bytes_, written_)));
  put(fmt::format("\n[slipway: the limit of {} for a job's output is reached; the rest is not kept]\n",
                  human_bytes(max_bytes_)));
  full_ = true;
}

Supervision::Supervision(JobFolder folder, JobDocument document)
    : folder_(std::move(folder)), document_(std::move(document)) {}

Result<> Supervision::start() {
  // Blocked before anybody can know our pid: a stop that comes early waits in the signalfd.
  const sigset_t set = handled_signals();
  ::sigprocmask(SIG_SETMASK, &set, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  signals_ = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  const auto self = proc::identify(::getpid());
  if (signals_ < 0 || !self)
    return Error(Code::failed_precondition, fmt::format("reading /proc: {}", std::strerror(errno)));
  status_.supervisor = *self;
  status_.started_at = system_clock().now();
  TRY_VOID(log_.open(folder_, document_.max_log_bytes));
  if (read_stop(folder_)) {
    status_.stopped = true;
    cannot_start(128 + SIGTERM, "stopped before it was started");
  } else {
    TRY_VOID(launch_job());
  }
  document_ = {};
  return archive::write_file_atomically(folder_.status(), slipway::to_text(to_json(status_)), 0600);
}

Result<> Supervision::launch_job() {
  auto started = start_job(document_);
  if (!started) {
    cannot_start(started.error().code() == Code::not_found ? 127 : 126, started.error().message());
    return {};
  }
  output_ = started->output;
  status_.job = started->identity;
  return {};
}

void Supervision::cannot_start(int exit_code, std::string message) {
  log_.write("[slipway: " + message + "]\n");
  status_.message = std::move(message);
  status_.exit_code = exit_code;
  status_.ended_at = system_clock().now();
  status_.ended = true;
  job_ended_ = true;
}

void Supervision::run() {
  if (status_.ended) return;
  // A stop that was asked for between the look at stop.json and the first status found no process to signal.
  if (read_stop(folder_)) ask_to_stop();
  while (!job_ended_) wait_for_events();
  end_the_rest();
  status_.ended_at = system_clock().now();
  status_.ended = true;
  write_status();
}

void Supervision::wait_for_events() {
  pollfd watched[2] = {{.fd = signals_, .events = POLLIN, .revents = 0},
                       {.fd = output_, .events = POLLIN, .revents = 0}};
  const int ready = ::poll(watched, output_ >= 0 ? 2 : 1, poll_timeout());
  if (kill_at_ && monotonic_ms() >= *kill_at_) {
    signal_job(SIGKILL);
    kill_at_.reset();
  }
  if (ready <= 0) return;
  if (output_ >= 0 && watched[1].revents != 0) read_output();
  if (watched[0].revents != 0) read_signals();
}

int Supervision::poll_timeout() const {
  if (!kill_at_) return -1;
  return static_cast<int>(std::clamp<std::int64_t>(*kill_at_ - monotonic_ms(), 0, 60'000));
}

void Supervision::read_output() {
  char buffer[64 * 1024];
  const ssize_t got = ::read(output_, buffer, sizeof buffer);
  if (got > 0) {
    log_.write({buffer, static_cast<std::size_t>(got)});
  } else if (got == 0) {
    ::close(output_);
    output_ = -1;
  }
}

void Supervision::read_signals() {
  signalfd_siginfo info{};
  while (::read(signals_, &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
    if (info.ssi_signo == SIGCHLD) {
      reap();
    } else {
      ask_to_stop();
    }
  }
}

void Supervision::reap() {
  int how = 0;
  for (pid_t pid = ::waitpid(-1, &how, WNOHANG); pid > 0; pid = ::waitpid(-1, &how, WNOHANG)) {
    if (pid != status_.job.pid) continue;
    job_ended_ = true;
    status_.signal = WIFSIGNALED(how) ? WTERMSIG(how) : 0;
    status_.exit_code = WIFSIGNALED(how) ? 128 + WTERMSIG(how) : WEXITSTATUS(how);
  }
}

void Supervision::ask_to_stop() {
  if (job_ended_) return;
  const std::int64_t deadline = monotonic_ms() + read_stop(folder_).value_or(kDefaultGrace).count();
  kill_at_ = kill_at_ ? std::min(*kill_at_, deadline) : deadline;
  if (!status_.stopped) signal_job(SIGTERM);
  status_.stopped = true;
}

void Supervision::signal_job(int signal) const { ::kill(-status_.job.pid, signal); }

// As the end of a container: what is left of the group and what left the group (adopted by us as a
// sub-reaper) is killed, then the last output is read.
void Supervision::end_the_rest() {
  signal_job(SIGKILL);
  for (int round = 0; round < kLastRounds; ++round) {
    for (const pid_t child : children()) ::kill(child, SIGKILL);
    reap();
    if (::waitpid(-1, nullptr, WNOHANG) < 0 && errno == ECHILD) break;
    pollfd woken{.fd = signals_, .events = POLLIN, .revents = 0};
    ::poll(&woken, 1, 100);
    signalfd_siginfo info{};
    while (::read(signals_, &info, sizeof info) > 0) {
    }
  }
  if (output_ < 0) return;
  ::fcntl(output_, F_SETFL, O_NONBLOCK);
  for (pollfd rest{.fd = output_, .events = POLLIN, .revents = 0}; output_ >= 0 && ::poll(&rest, 1, 0) > 0;)
    read_output();
}

void Supervision::write_status() {
  const std::string text = slipway::to_text(to_json(status_));
  // On a full disk the verdict waits for space: it is the one thing that nobody else knows.
  while (!archive::write_file_atomically(folder_.status(), text, 0600)) ::poll(nullptr, 0, 1'000);
}

}  // namespace slipway::plugins::runners::local_process
