#include "plugins/runners/local_container/container_status.h"

#include <cstdio>
#include <ctime>

#include <fmt/format.h>

#include "launch/item_state.h"

namespace slipway::plugins::runners::local_container {
namespace {

constexpr UnixMillis kClockSlack = 2'000;  ///< The engine may run on another machine.
constexpr int kKilled = 137;
constexpr int kTerminated = 143;
constexpr int kUnknownExit = 255;  ///< What the engine writes down for a container that ended while it was away.

bool looks_killed(int exit_code) {
  return exit_code == kKilled || exit_code == kTerminated || exit_code == kUnknownExit;
}

bool ended_in_outage(const ContainerState& state, const Circumstances& around) {
  return around.outage_from != 0 && state.finished_at >= around.outage_from - kClockSlack &&
         state.finished_at <= around.outage_until + kClockSlack;
}

std::string exit_text(const ContainerState& state) {
  if (!state.error.empty()) return state.error;
  const int code = state.exit_code;
  if (code == 126) return "exit code 126: the entry point was found and cannot be executed";
  if (code == 127) return "exit code 127: the entry point, or a program that it runs, was not found";
  if (code == kKilled && state.memory_limited) {
    return "exit code 137: the job was killed (SIGKILL), most likely because it used more memory than its container "
           "may have. Raise 'memory' in the queue's configuration, or make the job smaller";
  }
  if (code == kKilled) return "exit code 137: the job was killed (SIGKILL), by somebody or because memory ran out";
  if (code == kTerminated) return "exit code 143: the job was asked to end (SIGTERM) by somebody else";
  return fmt::format("the job ended with exit code {}", code);
}

JobStatus ended_status(const ContainerState& state, const Circumstances& around) {
  JobStatus out{.phase = JobPhase::failed,
                .exit_code = state.exit_code,
                .failure_class = std::string(launch::failure::exit_code)};
  if (around.stop_asked)
    return {.phase = JobPhase::stopped, .exit_code = state.exit_code, .message = "stopped on request"};
  if (state.exit_code == 0) return {.phase = JobPhase::finished, .exit_code = 0};
  if (state.out_of_memory) {
    out.failure_class = launch::failure::out_of_memory;
    out.message =
        "the job used more memory than its container may have. Raise 'memory' in the queue's configuration, "
        "or make the job smaller";
  } else if (looks_killed(state.exit_code) && around.another_boot) {
    return {.phase = JobPhase::lost,
            .exit_code = state.exit_code,
            .failure_class = std::string(launch::failure::node_lost),
            .message = "the machine was restarted while the job ran"};
  } else if (looks_killed(state.exit_code) && ended_in_outage(state, around)) {
    return {.phase = JobPhase::lost,
            .exit_code = state.exit_code,
            .failure_class = std::string(launch::failure::node_lost),
            .message = "the Docker engine went down and took the job with it"};
  } else {
    out.message = exit_text(state);
  }
  return out;
}

}  // namespace

ContainerState container_state(const Json& inspected) {
  const Json* state = slipway::find(inspected, "State");
  if (state == nullptr) return {};
  const Json* limit = find_path(inspected, "HostConfig.Memory");
  return {.status = text_or(*state, "Status"),
          .exit_code = static_cast<int>(int_or(*state, "ExitCode", 0)),
          .out_of_memory = bool_or(*state, "OOMKilled", false),
          .memory_limited = limit != nullptr && as_integer(*limit).value_or(0) > 0,
          .error = text_or(*state, "Error"),
          .finished_at = parse_engine_time(text_or(*state, "FinishedAt"))};
}

JobStatus job_status(const ContainerState& state, const Circumstances& around) {
  if (state.ended()) return ended_status(state, around);
  if (state.status != "created") return {.phase = JobPhase::running};
  if (around.stop_asked) return {.phase = JobPhase::stopped, .message = "stopped before it was started"};
  return {.phase = JobPhase::starting};
}

JobStatus gone_status(const Circumstances& around) {
  if (around.stop_asked)
    return {.phase = JobPhase::stopped, .message = "stopped on request; the container was removed"};
  return {.phase = JobPhase::lost,
          .failure_class = std::string(launch::failure::lost),
          .message = "the container was removed by somebody; how the job ended is not known"};
}

UnixMillis parse_engine_time(std::string_view text) {
  std::tm when{};
  const std::string copy(text);
  int read = 0;
  if (std::sscanf(copy.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%n", &when.tm_year, &when.tm_mon, &when.tm_mday, &when.tm_hour,
                  &when.tm_min, &when.tm_sec, &read) != 6)
    return 0;
  if (when.tm_year < 1970) return 0;
  when.tm_year -= 1900;
  when.tm_mon -= 1;
  int millis = 0;
  if (copy[static_cast<std::size_t>(read)] == '.') {
    for (int digit = 1; digit <= 3; ++digit) {
      const std::size_t at = static_cast<std::size_t>(read + digit);
      const bool there = at < copy.size() && copy[at] >= '0' && copy[at] <= '9';
      millis = millis * 10 + (there ? copy[at] - '0' : 0);
      if (!there)
        for (++digit; digit <= 3; ++digit) millis *= 10;
    }
  }
  return static_cast<UnixMillis>(::timegm(&when)) * 1000 + millis;
}

}  // namespace slipway::plugins::runners::local_container
