#include "proc/process.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <fmt/format.h>

#include "base/strings.h"
#include "proc/identity.h"
#include "proc/spawn.h"
#include "proc/supervisor.h"

extern char** environ;

namespace slipway::proc {
namespace {

/// Suspends until the program has ended; cancellation ends it and goes on waiting.
asio::awaitable<void> wait_until_done(asio::any_io_executor strand, std::shared_ptr<Supervisor> supervisor) {
  auto initiate = [&](auto handler) {
    using Handler = decltype(handler);
    auto executor = asio::get_associated_executor(handler);
    auto slot = asio::get_associated_cancellation_slot(handler);
    if (slot.is_connected()) {
      slot.assign([strand, supervisor](asio::cancellation_type type) {
        if (type == asio::cancellation_type::none) return;
        asio::dispatch(strand, [supervisor] { supervisor->end(Code::cancelled); });
      });
    }
    auto kept = std::make_shared<Handler>(std::move(handler));
    auto resume = [kept, slot]() mutable {
      if (slot.is_connected()) slot.clear();
      auto ready = std::move(*kept);
      std::move(ready)();
    };
    auto done = [executor, resume]() mutable { asio::post(executor, std::move(resume)); };
    asio::dispatch(strand, [supervisor, done] { supervisor->supervise(done); });
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>&, void()>(initiate, asio::use_awaitable);
}

}  // namespace

Task<ProcessResult> run(ProcessSpec spec) {
  const auto executor = co_await asio::this_coro::executor;
  const asio::any_io_executor strand = asio::make_strand(executor);
  auto supervisor = std::make_shared<Supervisor>(strand, std::move(spec));
  CO_TRY_VOID(supervisor->start());
  // From here on nothing may leave this coroutine before the program has ended.
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  const auto state = co_await asio::this_coro::cancellation_state;
  const bool cancelled = state.cancelled() != asio::cancellation_type::none;
  if (cancelled) asio::post(strand, [supervisor] { supervisor->end(Code::cancelled); });
  co_await wait_until_done(strand, supervisor);
  co_await asio::this_coro::throw_if_cancelled(throws);
  co_return supervisor->outcome();
}

Task<ProcessResult> run_checked(ProcessSpec spec, std::string doing) {
  const auto program = spec.argv.empty() ? std::string() : std::filesystem::path(spec.argv.front()).filename().string();
  auto outcome = co_await run(std::move(spec));
  if (!outcome) co_return std::move(outcome).error().wrap(doing);
  if (outcome->ok()) co_return outcome;
  const auto how = outcome->signal != 0 ? fmt::format("was killed by signal {}", outcome->signal)
                                        : fmt::format("exited with {}", outcome->exit_code);
  const auto tail = outcome->tail();
  co_return Error(Code::failed_precondition,
                  fmt::format("{}: {} {}{}{}", doing, program, how, tail.empty() ? "" : ": ", tail));
}

std::string ProcessResult::tail(int lines) const {
  const std::string_view text = trim(trim(err).empty() ? out : err);
  auto start = text.size();
  for (int line = 0; line < lines && start != std::string_view::npos && start > 0; ++line)
    start = text.rfind('\n', start - 1);
  const auto cut = start == std::string_view::npos || start == 0 ? text : text.substr(start + 1);
  return to_utf8_lossy(cut);
}

std::map<std::string, std::string> inherited_environment() {
  std::map<std::string, std::string> env;
  for (char** each = environ; *each != nullptr; ++each) {
    const std::string_view pair(*each);
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos && equals > 0) env.emplace(pair.substr(0, equals), pair.substr(equals + 1));
  }
  return env;
}

std::optional<std::filesystem::path> find_program(std::string_view name, std::optional<std::string> path) {
  if (name.empty()) return std::nullopt;
  const char* inherited = std::getenv("PATH");
  if (!path) path = inherited != nullptr ? inherited : "/usr/local/bin:/usr/bin:/bin";
  std::vector<std::string> folders =
      name.find('/') == std::string_view::npos ? split(*path, ':') : std::vector<std::string>{"/"};
  for (const auto& folder : folders) {
    if (folder.empty()) continue;  // An empty entry means the current folder: programs are not taken from there.
    const auto file = std::filesystem::path(folder) / name;
    struct stat status{};
    if (::stat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode) && ::access(file.c_str(), X_OK) == 0) return file;
  }
  return std::nullopt;
}

Result<pid_t> start_detached(const DetachedSpec& spec) {
  const bool silent = spec.output.empty();
  const Fd in(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const Fd out(::open(silent ? "/dev/null" : spec.output.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
  if (in.get() < 0 || out.get() < 0) {
    return Error(Code::failed_precondition,
                 fmt::format("cannot write {}: {}", spec.output.string(), std::strerror(errno)));
  }
  return spawn({spec.argv, spec.env, spec.cwd, in.get(), out.get(), out.get(), Leadership::session});
}

Task<> wait_for_exit(ProcessIdentity identity) {
  asio::posix::stream_descriptor pidfd(co_await asio::this_coro::executor);
  const auto fd = static_cast<int>(::syscall(SYS_pidfd_open, identity.pid, 0));
  if (fd >= 0) pidfd.assign(fd);
  // Opened first, asked then: the descriptor is of this process or the process is gone. It also wakes without
  // reason.
  while (alive(identity)) {
    if (fd < 0) co_return Error(Code::resource_exhausted, fmt::format("cannot watch process {}", identity.pid));
    const auto [ec] =
        co_await pidfd.async_wait(asio::posix::stream_descriptor::wait_read, asio::as_tuple(asio::use_awaitable));
    if (ec) co_return Error(Code::cancelled, "cancelled");
  }
  // When it was our child this ends the zombie. Another child that got the same number must keep its own.
  const auto left = read_stat(identity.pid);
  if (left && left->start_ticks == identity.start_ticks) ::waitpid(identity.pid, nullptr, WNOHANG);
  co_return Result<>();
}

}  // namespace slipway::proc
