// Supervision: runs one job to its end. Plain system calls and one thread, so that it costs next to nothing
// for as long as the job runs.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "plugins/runners/local_process/job_folder.h"

namespace slipway::plugins::runners::local_process {

/// output.log of one job. Beyond the limit one line says so and the rest is dropped; what a full disk does
/// not take is counted and said as soon as there is space.
class OutputLog {
 public:
  ~OutputLog();
  Result<> open(const JobFolder& folder, std::uint64_t max_bytes);
  void write(std::string_view bytes);

 private:
  bool put(std::string_view bytes);

  int fd_ = -1;
  std::uint64_t written_ = 0;
  std::uint64_t max_bytes_ = 0;
  std::uint64_t lost_ = 0;
  bool full_ = false;
};

class Supervision {
 public:
  Supervision(JobFolder folder, JobDocument document);
  /// Starts the job and writes the first status. A job that cannot be executed is a status (126, 127), not an
  /// error.
  Result<> start();
  /// Returns when the job has ended, everything that it left is dead, and the last status is written.
  void run();

 private:
  Result<> launch_job();
  void wait_for_events();
  void read_output();
  void read_signals();
  void reap();
  void ask_to_stop();
  void signal_job(int signal) const;
  void end_the_rest();
  void cannot_start(int exit_code, std::string message);
  void write_status();
  int poll_timeout() const;

  JobFolder folder_;
  JobDocument document_;
  SupervisorStatus status_;
  OutputLog log_;
  int signals_ = -1;  ///< signalfd.
  int output_ = -1;   ///< Our end of the job's standard output and error.
  bool job_ended_ = false;
  std::optional<std::int64_t> kill_at_;  ///< Milliseconds of CLOCK_MONOTONIC.
};

}  // namespace slipway::plugins::runners::local_process
