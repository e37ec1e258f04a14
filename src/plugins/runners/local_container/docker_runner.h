// Runner of `local-container`: jobs are containers of the Docker engine that the agent's docker CLI speaks
// to.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "plugins/runners/api.h"
#include "plugins/runners/local_container/container_watch.h"
#include "plugins/runners/local_container/docker_command.h"
#include "plugins/runners/local_container/engine_api.h"

namespace slipway::plugins::runners::local_container {

RunnerPlugin plugin();

/// Containers are created by the docker CLI, because queue configurations are its options, and everything
/// else goes through the engine's API. A container is created, then filled with the job's source where it has
/// no image of its own, then started: whoever finds one that was only created finishes that.
class DockerRunner final : public Runner {
 public:
  explicit DockerRunner(const Context& context);
  ~DockerRunner() override;

  Task<> verify() override;
  std::string scope() const override;
  Result<Json> render(const SubmitRequest& request) const override;
  Task<std::optional<RunHandle>> find(Identity identity) override;
  Task<> prepare(SubmitRequest request) override;
  Task<RunHandle> submit(SubmitRequest request) override;
  Task<JobStatus> next_status(RunHandle handle, std::optional<JobStatus> known) override;
  Task<> follow_logs(RunHandle handle, std::uint64_t from, LogSink sink) override;
  Task<> stop(RunHandle handle, Millis grace) override;
  Task<> clean_up(RunHandle handle) override;

 private:
  struct Found {
    std::string id;
    ContainerState state;
    bool needs_source = false;
  };

  /// Finds CLI and engine, once.
  Task<> connect();
  Task<std::optional<Found>> inspect(Identity identity);
  Task<Found> create(const SubmitRequest& request, const DockerCommand& command);
  Task<> run_create(DockerCommand command, std::string name);
  Task<> copy_source(std::string id, SubmitRequest request, bool with_start_script);
  Task<> put(std::string id, std::filesystem::path folder, std::string below);
  /// A program that cannot be executed is no error: the container then says so. On other errors the container
  /// is removed.
  Task<> start(std::string id);
  /// Goes on where `container` stands; nothing: creates it.
  Task<RunHandle> begin(SubmitRequest request, std::optional<Found> container);
  Task<JobStatus> wait_for_change(RunHandle handle, std::optional<JobStatus> known);
  Task<> copy_lines(RunHandle handle, std::uint64_t from, LogSink sink);
  /// One connection's worth of output. True: it is complete.
  Task<bool> copy_some(RunHandle handle, std::shared_ptr<std::uint64_t> next, LogSink sink);
  RunHandle handle_of(const std::string& name, const std::string& id) const;
  std::filesystem::path stop_mark(const RunHandle& handle) const;
  JobStatus status_of(const RunHandle& handle, const TrackedContainer& container) const;

  asio::any_io_executor executor_;
  asio::thread_pool* blocking_;
  const Clock* clock_;
  std::filesystem::path state_dir_;
  std::map<std::string, std::string> env_;
  std::string cli_;
  std::string engine_id_;
  /// Of its own: every followed log is a connection, and they must not take those of other work.
  std::shared_ptr<net::HttpClient> http_;
  std::shared_ptr<EngineApi> engine_;
  std::unique_ptr<ContainerWatch> watch_;
  std::map<std::string, std::unique_ptr<Background>> stops_;  ///< Stop requests last as long as their grace.
};

}  // namespace slipway::plugins::runners::local_container
