// RunnerHarness: one agent's worth of plugin objects around a runner, with an agent "restart", and a short
// way to write jobs.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "async/testing.h"
#include "plugins/plugins.h"

namespace slipway::conformance {

class RunnerHarness {
 public:
  /// Instead of the plugin's own `create`: another configuration of its runner.
  using Make = std::function<std::unique_ptr<plugins::Runner>(plugins::Context&)>;
  explicit RunnerHarness(const std::string& plugin, Make make = {});
  ~RunnerHarness();

  plugins::Runner& runner() { return *runner_; }
  const plugins::RunnerPlugin& plugin() const { return *plugin_; }
  const std::filesystem::path& folder() const { return folder_; }
  /// Takes effect with the next runner object.
  plugins::Context& context() { return context_; }
  /// Drops the runner object without a word, as a crash does, and makes a new one.
  void restart_agent();
  /// A second agent on the same machine.
  std::unique_ptr<plugins::Runner> another_runner();

  /// A job that runs `script` with /bin/sh. A name of its own for every request.
  plugins::SubmitRequest request(const std::string& script);
  plugins::RunHandle submit(const plugins::SubmitRequest& request);
  /// Until the status is final.
  plugins::JobStatus wait(const plugins::RunHandle& handle);
  /// Until the output is complete.
  std::vector<std::string> logs(const plugins::RunHandle& handle, std::uint64_t from = 0);
  /// Until that line was seen.
  void wait_for_line(const plugins::RunHandle& handle, const std::string& line);
  /// Runs it and gives back how it ended; removed afterwards.
  plugins::JobStatus run(const plugins::SubmitRequest& request, std::vector<std::string>* lines = nullptr);

  template <class F>
  auto task(F make) {
    return run_task(io_, std::move(make));
  }

 private:
  std::filesystem::path folder_;
  asio::io_context io_;
  asio::thread_pool pool_{1};
  plugins::Context context_;
  const plugins::RunnerPlugin* plugin_;
  Make make_;
  std::unique_ptr<plugins::Runner> runner_;
  std::vector<plugins::RunHandle> started_;
  int requests_ = 0;
};

/// What must never be seen outside the job.
inline constexpr const char* kSecret = "0123456789abcdef-secret-0123456789abcdef";

/// The image that tests/support/dockerd makes.
inline constexpr const char* kImage = "slipway-test/busybox:1";

/// Command lines of all processes of this machine.
std::string all_command_lines();

}  // namespace slipway::conformance
