#include "plugins/runners/local_process/process_status.h"

#include <unistd.h>

#include <csignal>
#include <cstring>

#include "base/log.h"
#include "launch/item_state.h"
#include "plugins/runners/local_process/leftovers.h"

namespace slipway::plugins::runners::local_process {
namespace {

JobStatus gone(std::string_view failure_class, std::string message) {
  return {.phase = JobPhase::lost, .failure_class = std::string(failure_class), .message = std::move(message)};
}

JobStatus unreadable(const Error& error) {
  return {.phase = JobPhase::starting, .message = error.message(), .reachable = false};
}

bool of_another_boot(const SupervisorStatus& status) {
  const auto self = proc::identify(::getpid());
  return self && self->boot_id != status.supervisor.boot_id;
}

JobStatus status_without_supervisor(const JobFolder& folder) {
  // The supervisor may have written its last words between our two looks.
  const auto again = read_status(folder);
  if (again && *again && (**again).ended) return ended_status(**again);
  if (again && *again) {
    const int killed = kill_leftovers(**again);
    log::warn("a job's supervisor was killed", {{"folder", folder.path().string()}, {"processes_killed", killed}});
  }
  return gone(launch::failure::lost, "the process that supervises the job was killed; how the job ended is not known");
}

std::string exit_text(const SupervisorStatus& status) {
  if (!status.message.empty()) return status.message;
  if (status.signal == SIGKILL)
    return "the job was killed by signal 9 (SIGKILL): by somebody, or by the system because memory ran out";
  if (status.signal != 0)
    return fmt::format("the job was killed by signal {} ({})", status.signal, ::strsignal(status.signal));
  return fmt::format("the job ended with exit code {}", status.exit_code);
}

}  // namespace

JobStatus ended_status(const SupervisorStatus& status) {
  JobStatus out{.phase = JobPhase::finished, .exit_code = status.exit_code};
  if (status.stopped) {
    out.phase = JobPhase::stopped;
    out.message = status.message.empty() ? "stopped on request" : status.message;
  } else if (status.exit_code != 0) {
    out.phase = JobPhase::failed;
    out.failure_class = launch::failure::exit_code;
    out.message = exit_text(status);
  }
  return out;
}

JobStatus current_status(const JobFolder& folder, const std::string& uid) {
  const auto record = read_job(folder);
  if (!record) return unreadable(record.error());
  if (!*record || (**record).uid != uid)
    return gone(launch::failure::lost, "the job's folder was removed: " + folder.path().string());
  const auto status = read_status(folder);
  if (!status) return unreadable(status.error());
  if (!*status) {
    if (folder.supervised()) return {.phase = JobPhase::starting};
    return gone(launch::failure::lost, "the job was never started");
  }
  const SupervisorStatus& now = **status;
  if (now.ended) return ended_status(now);
  if (of_another_boot(now)) return gone(launch::failure::node_lost, "the machine was restarted while the job ran");
  if (proc::alive(now.supervisor)) return {.phase = JobPhase::running};
  return status_without_supervisor(folder);
}

}  // namespace slipway::plugins::runners::local_process
