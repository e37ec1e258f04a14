#include "proc/supervisor.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <boost/asio/buffer.hpp>
#include <fmt/format.h>

#include "base/broken_pipe.h"
#include "base/strings.h"
#include "proc/identity.h"

namespace slipway::proc {
namespace {

using boost::system::error_code;

/// How long a grandchild that kept the pipes open may hold the result after the program itself has ended.
constexpr Millis kDrain{500};
constexpr Millis kFollowerPoll{10};
/// A process in uninterruptible sleep dies when its disk answers; nobody waits for that for ever.
constexpr Millis kStuck{10'000};

/// Blocking writes would stop the whole executor when the program does not read.
void make_non_blocking(asio::posix::stream_descriptor& descriptor) {
  error_code ignored;
  descriptor.non_blocking(true, ignored);
}

}  // namespace

Supervisor::Supervisor(asio::any_io_executor strand, ProcessSpec spec)
    : strand_(strand),
      spec_(std::move(spec)),
      pidfd_(strand),
      input_(strand),
      out_(strand),
      err_(strand),
      timer_(strand) {}

Result<> Supervisor::start() {
  ignore_broken_pipes();
  TRY(auto out, make_pipe());
  TRY(auto err, make_pipe());
  Pipe in;
  if (spec_.input.empty()) {
    in.read = Fd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  } else {
    TRY(in, make_pipe());
  }
  TRY(pid_, spawn({spec_.argv, spec_.env, spec_.cwd, in.read.get(), out.write.get(), err.write.get(),
                   Leadership::process_group}));
  TRY_VOID(open_pidfd());
  out_.pipe.assign(out.read.release());
  err_.pipe.assign(err.read.release());
  make_non_blocking(out_.pipe);
  make_non_blocking(err_.pipe);
  if (in.write.get() >= 0) {
    input_.assign(in.write.release());
    make_non_blocking(input_);
  }
  return {};
}

Result<> Supervisor::open_pidfd() {
  const auto fd = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  if (fd >= 0) {
    pidfd_.assign(fd);
    return {};
  }
  const int reason = errno;
  ::kill(-pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  return Error(Code::resource_exhausted, fmt::format("cannot watch the process: {}", std::strerror(reason)));
}

void Supervisor::supervise(std::function<void()> done) {
  done_ = std::move(done);
  out_.open = err_.open = true;
  read(out_);
  read(err_);
  if (input_.is_open()) write_input();
  if (spec_.timeout) set_timer(*spec_.timeout, &Supervisor::on_timeout);
  wait();
}

void Supervisor::read(Output& output) {
  output.pipe.async_read_some(asio::buffer(output.buffer),
                              [self = shared_from_this(), &output](error_code ec, std::size_t got) {
                                if (got > 0) self->keep(output, std::string_view(output.buffer.data(), got));
                                if (!ec) return self->read(output);
                                output.open = false;
                                self->conclude();
                              });
}

void Supervisor::keep(Output& output, std::string_view data) {
  output.kept.append(data);
  if (output.kept.size() > 2 * spec_.max_captured) {
    output.truncated = true;
    output.kept.erase(0, output.kept.size() - spec_.max_captured);
  }
  if (spec_.on_output) spec_.on_output(data);
}

void Supervisor::write_input() {
  const auto rest = asio::buffer(spec_.input) + written_;
  input_.async_write_some(rest, [self = shared_from_this()](error_code ec, std::size_t sent) {
    self->written_ += sent;
    if (!ec && self->written_ < self->spec_.input.size()) return self->write_input();
    // A program that does not read its input to the end is not wrong; its exit code tells.
    error_code ignored;
    self->input_.close(ignored);
  });
}

void Supervisor::wait() {
  pidfd_.async_wait(Descriptor::wait_read, [self = shared_from_this()](error_code ec) {
    if (!ec) self->on_ready();
  });
}

void Supervisor::on_ready() {
  siginfo_t info{};
  // WNOWAIT: while the zombie is there its id, which is the group's too, cannot be given to anybody else.
  const int waited = ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT);
  if (waited == 0 && info.si_pid == 0) return wait();  // A pidfd wakes without reason now and then.
  if (stage_ != Stage::running) return check_followers();
  reap();
}

/// The program has ended on our wish: its children get the rest of the grace, and nothing is over before they
/// are gone.
void Supervisor::check_followers() {
  const auto now = std::chrono::steady_clock::now();
  if (!group_has_followers(pid_) || now >= kill_at_ + kStuck) return reap();
  if (now >= kill_at_) kill_group();
  set_timer(kFollowerPoll, &Supervisor::check_followers);
}

void Supervisor::reap() {
  constexpr int kUnknown = 255 << 8;
  int status = 0;
  pid_t reaped = -1;
  do {
    reaped = ::waitpid(pid_, &status, 0);
  } while (reaped < 0 && errno == EINTR);
  status_ = reaped == pid_ ? status : kUnknown;
  timer_.cancel();
  if (out_.open || err_.open) set_timer(kDrain, &Supervisor::stop_reading);
  conclude();
}

void Supervisor::set_timer(Millis after, void (Supervisor::*action)()) {
  timer_.expires_after(after);
  timer_.async_wait([self = shared_from_this(), action](error_code ec) {
    if (!ec) (*self.*action)();
  });
}

void Supervisor::end(Code reason) {
  if (status_ || reason_) return;
  reason_ = reason;
  stage_ = Stage::terminating;
  kill_at_ = std::chrono::steady_clock::now() + spec_.grace;
  ::kill(-pid_, SIGTERM);
  set_timer(spec_.grace, &Supervisor::kill_group);
}

void Supervisor::kill_group() {
  if (status_) return;
  stage_ = Stage::killed;
  ::kill(-pid_, SIGKILL);
}

void Supervisor::stop_reading() {
  error_code ignored;
  out_.pipe.close(ignored);
  err_.pipe.close(ignored);
}

void Supervisor::conclude() {
  if (!status_ || out_.open || err_.open || !done_) return;
  timer_.cancel();
  error_code ignored;
  input_.close(ignored);
  std::exchange(done_, nullptr)();
}

Result<ProcessResult> Supervisor::outcome() {
  const auto program = std::filesystem::path(spec_.argv.front()).filename().string();
  if (reason_ == Code::deadline_exceeded) {
    return Error(Code::deadline_exceeded,
                 fmt::format("{} was stopped after {}", program, human_duration(spec_.timeout->count())));
  }
  if (reason_) return Error(*reason_, fmt::format("{} was stopped", program));
  ProcessResult result;
  result.signal = WIFSIGNALED(*status_) ? WTERMSIG(*status_) : 0;
  result.exit_code = result.signal != 0 ? 128 + result.signal : WEXITSTATUS(*status_);
  for (Output* output : {&out_, &err_}) {
    if (output->kept.size() <= spec_.max_captured) continue;
    output->truncated = true;
    output->kept.erase(0, output->kept.size() - spec_.max_captured);
  }
  result.truncated = out_.truncated || err_.truncated;
  result.out = std::move(out_.kept);
  result.err = std::move(err_.kept);
  return result;
}

}  // namespace slipway::proc
