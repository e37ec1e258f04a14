#include "plugins/runners/local_process/job_start.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>

#include "base/strings.h"

namespace slipway::plugins::runners::local_process {
namespace {

constexpr std::string_view kDefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

bool is_program(const std::filesystem::path& file) {
  struct stat about{};
  return ::stat(file.c_str(), &about) == 0 && S_ISREG(about.st_mode);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (auto& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

struct Pipe {
  int ends[2] = {-1, -1};
  Pipe() { static_cast<void>(::pipe2(ends, O_CLOEXEC)); }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  void close_end(int end) {
    if (ends[end] >= 0) ::close(std::exchange(ends[end], -1));
  }
};

struct Prepared {
  std::string program;
  std::vector<char*> argv;
  std::vector<char*> env;
  const char* cwd;
};

/// Between fork and exec: system calls only. Writes errno to `failure` when it does not get there.
[[noreturn]] void become_job(const Prepared& job, int output, int failure) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (int signal = 1; signal < 32; ++signal) ::signal(signal, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  if (::chdir(job.cwd) == 0) ::execve(job.program.c_str(), job.argv.data(), job.env.data());
  const int error = errno;
  static_cast<void>(!::write(failure, &error, sizeof error));
  ::_exit(127);
}

Error exec_error(const std::string& program, int error) {
  const Code code = error == ENOENT ? Code::not_found : Code::failed_precondition;
  std::string why = std::strerror(error);
  if (error == ENOEXEC) why = "it is no program for this machine and has no #! line";
  if (error == EACCES) why = "it is not executable. Set its executable bit, or name the interpreter in the entry point";
  return Error(code, fmt::format("cannot execute {}: {}", program, why));
}

}  // namespace

std::optional<std::filesystem::path> find_in_path(const std::string& program, const std::string& path,
                                                  const std::filesystem::path& cwd) {
  if (program.find('/') != std::string::npos) {
    const auto file = cwd / program;
    return is_program(file) ? std::optional(file) : std::nullopt;
  }
  for (const std::string& folder : split(path.empty() ? kDefaultPath : std::string_view(path), ':')) {
    const auto file = cwd / folder / program;
    if (is_program(file) && ::access(file.c_str(), X_OK) == 0) return file;
  }
  return {};
}

Result<StartedJob> start_job(const JobDocument& document) {
  const auto path = document.env.find("PATH");
  const auto program = find_in_path(document.argv[0], path == document.env.end() ? "" : path->second, document.cwd);
  if (!program) {
    return Error(Code::not_found,
                 fmt::format("cannot execute {}: there is no such program in {}", document.argv[0],
                             document.argv[0].find('/') == std::string::npos ? "PATH" : document.cwd.string()));
  }
  std::vector<std::string> argv = document.argv;
  std::vector<std::string> env;
  for (const auto& [name, value] : document.env) env.push_back(name + "=" + value);
  const Prepared job{.program = *program, .argv = pointers(argv), .env = pointers(env), .cwd = document.cwd.c_str()};
  Pipe output;
  Pipe failure;
  const pid_t pid = output.ends[0] < 0 || failure.ends[0] < 0 ? -1 : ::fork();
  if (pid < 0) return Error(Code::failed_precondition, fmt::format("starting the job: {}", std::strerror(errno)));
  if (pid == 0) become_job(job, output.ends[1], failure.ends[1]);
  ::setpgid(pid, pid);
  output.close_end(1);
  failure.close_end(1);
  int error = 0;
  if (::read(failure.ends[0], &error, sizeof error) == static_cast<ssize_t>(sizeof error))
    return exec_error(*program, error);
  StartedJob started{.identity = proc::identify(pid).value_or(proc::ProcessIdentity{.pid = pid}), .output = -1};
  started.output = std::exchange(output.ends[0], -1);
  return started;
}

std::vector<pid_t> children() {
  const std::string self = std::to_string(::getpid());
  std::ifstream list("/proc/" + self + "/task/" + self + "/children");
  std::vector<pid_t> out;
  for (pid_t pid = 0; list >> pid;) out.push_back(pid);
  return out;
}

}  // namespace slipway::plugins::runners::local_process
