// The one subprocess helper. Arguments are a vector: no shell, ever.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "async/task.h"
#include "base/clock.h"

namespace slipway::proc {

struct ProcessSpec {
  std::vector<std::string> argv;  ///< argv[0] without '/' is looked up in the PATH of `env`.
  /// The whole environment. Start from inherited_environment() where the parent's is wanted. Secrets go here,
  /// never into argv.
  std::map<std::string, std::string> env;
  std::filesystem::path cwd;  ///< Empty: the parent's.
  std::string input;          ///< Written to standard input, then closed. Empty: /dev/null.
  /// Called with pieces of standard output and standard error, merged in the order read, on the awaiting
  /// coroutine's executor.
  std::function<void(std::string_view)> on_output;
  /// Of each stream; more is dropped from the front and `truncated` set.
  std::size_t max_captured = 1 << 20;
  std::optional<Millis> timeout;  ///< Then as if cancelled, with Code::deadline_exceeded.
  Millis grace{5'000};            ///< Between SIGTERM and SIGKILL of the whole process group.
};

struct ProcessResult {
  int exit_code = 0;  ///< 128 + signal when killed by one.
  int signal = 0;     ///< 0: it exited by itself.
  std::string out;    ///< Standard output.
  std::string err;    ///< Standard error.
  bool truncated = false;
  bool ok() const { return exit_code == 0; }
  /// The last `lines` lines of standard error (of standard output when that is empty): for error texts.
  std::string tail(int lines = 20) const;
};

std::map<std::string, std::string> inherited_environment();
/// Full path of a program in PATH (`path` overrides the environment's), nothing when there is none.
std::optional<std::filesystem::path> find_program(std::string_view name, std::optional<std::string> path = {});

/// Runs a program to its end, in a process group of its own, waiting on a pidfd. A non-zero exit is a success
/// of run(). Codes: not_found (no such program), failed_precondition (not executable, bad cwd),
/// deadline_exceeded, cancelled. Cancelling the awaiting coroutine ends the process group (SIGTERM, grace,
/// SIGKILL).
Task<ProcessResult> run(ProcessSpec spec);
/// run(), and a non-zero exit becomes an Error: "<doing>: git fetch exited with 128: <tail>". Arguments are
/// not repeated in it.
Task<ProcessResult> run_checked(ProcessSpec spec, std::string doing);

/// Starts a program that outlives us: new session, standard streams as given files, not waited for. Returns
/// its pid.
struct DetachedSpec {
  std::vector<std::string> argv;
  std::map<std::string, std::string> env;
  std::filesystem::path cwd;
  std::filesystem::path output;  ///< Appended, both streams. Empty: /dev/null.
};
Result<pid_t> start_detached(const DetachedSpec& spec);

/// A process is the same one only if its start time is: pids are reused. Read from /proc.
struct ProcessIdentity {
  pid_t pid = 0;
  std::uint64_t start_ticks = 0;  ///< Field 22 of /proc/PID/stat.
  std::string boot_id;            ///< /proc/sys/kernel/random/boot_id.
  friend bool operator==(const ProcessIdentity&, const ProcessIdentity&) = default;
};
std::optional<ProcessIdentity> identify(pid_t pid);
bool alive(const ProcessIdentity& identity);
/// Suspends until that process (ours or not) has ended. A process that is gone already: returns at once.
Task<> wait_for_exit(ProcessIdentity identity);
/// Signals the process group that `identity` leads. False: it is gone.
bool signal_group(const ProcessIdentity& identity, int signal);

}  // namespace slipway::proc
