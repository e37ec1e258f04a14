// Supervisor: one running child, its pipes and its end. Private to proc. All calls on its strand; it keeps
// itself alive until the child has ended.
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "proc/process.h"
#include "proc/spawn.h"

namespace slipway::proc {

class Supervisor : public std::enable_shared_from_this<Supervisor> {
 public:
  Supervisor(asio::any_io_executor strand, ProcessSpec spec);
  /// Starts the program. After an error nothing runs.
  Result<> start();
  /// Reads, writes and waits from now on; calls `done` once, when the program and its output have ended.
  void supervise(std::function<void()> done);
  /// SIGTERM to the group, after the grace SIGKILL. The first reason stays.
  void end(Code reason);
  /// After `done`.
  Result<ProcessResult> outcome();

 private:
  using Descriptor = asio::posix::stream_descriptor;
  struct Output {
    explicit Output(asio::any_io_executor strand) : pipe(std::move(strand)) {}
    Descriptor pipe;
    std::string kept;
    bool truncated = false;
    bool open = false;
    std::array<char, 16384> buffer;
  };
  enum class Stage { running, terminating, killed };

  Result<> open_pidfd();
  void read(Output& output);
  void keep(Output& output, std::string_view data);
  void write_input();
  void wait();
  void on_ready();
  void check_followers();
  void reap();
  void set_timer(Millis after, void (Supervisor::*action)());
  void on_timeout() { end(Code::deadline_exceeded); }
  void kill_group();
  void stop_reading();
  void conclude();

  asio::any_io_executor strand_;
  ProcessSpec spec_;
  pid_t pid_ = -1;
  Descriptor pidfd_;
  Descriptor input_;
  std::size_t written_ = 0;
  Output out_;
  Output err_;
  asio::steady_timer timer_;
  std::chrono::steady_clock::time_point kill_at_;
  Stage stage_ = Stage::running;
  std::optional<Code> reason_;
  std::optional<int> status_;  ///< As of waitpid.
  std::function<void()> done_;
};

}  // namespace slipway::proc
