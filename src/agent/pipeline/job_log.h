// JobLog: what people see as a job's log. First the agent's own lines (fetch, build, submit), then the job's
// output, numbered without gaps on the server.
#pragma once
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "agent/control/control.h"
#include "async/event.h"

namespace slipway::agent {

/// Bounded: own lines wait in at most 4 MiB (more are dropped and counted in a line that says so); output is
/// not taken from the backend while the server is away, and the backend keeps it. All calls on one executor.
class JobLog {
 public:
  JobLog(Control& control, Lease lease, asio::any_io_executor executor);

  /// Asks the server where the log ends. For takeovers and later attempts; a first attempt begins at 0.
  Task<> open();
  /// A line of the agent's own. Never waits; run_flusher() sends it. Once the job's output has begun such a
  /// line only goes to the agent's own log: the numbers of the output's lines must not shift.
  void line(std::string_view text);
  /// Sends own lines as they come, until cancelled.
  asio::awaitable<void> run_flusher();
  /// Sends what is buffered. Returns when the server has it.
  Task<> flush();
  /// Lines of the job's output, as follow_logs() hands them over: `first` is the number of the first one in
  /// the job's own output. Lines that the server has already are left out. Tries until the server has the
  /// rest; stale and not_found end it.
  Task<> output(std::uint64_t first, std::vector<std::string> lines);
  /// Tells the server that the output has ended.
  Task<> finish();
  /// Number of the log line that the job's first line of output has or will have. Fixed when the job is
  /// submitted, kept in the intent.
  std::uint64_t output_start() const { return output_start_; }
  /// After flush(), before submission: the job's output begins here.
  void begin_output() { begin_output_at(next_); }
  void begin_output_at(std::uint64_t line);
  /// Number of the next line of the job's own output that the server lacks.
  std::uint64_t next_output() const { return next_ > output_start_ ? next_ - output_start_ : 0; }

 private:
  Task<> append(std::vector<std::string> lines);

  Control& control_;
  Lease lease_;
  Event wake_;
  std::deque<std::string> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::uint64_t dropped_ = 0;
  std::uint64_t next_ = 0;  ///< Number of the next line on the server.
  std::uint64_t output_start_ = 0;
  bool output_begun_ = false;
  bool closed_ = false;  ///< The server takes no more lines of this run.
  bool flushing_ = false;
  Event flushed_;
};

}  // namespace slipway::agent
