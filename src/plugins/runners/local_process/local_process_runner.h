// Runner of `local-process`: the job is a process on the agent's machine, kept by a supervisor that outlives
// the agent.
#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "plugins/runners/api.h"
#include "plugins/runners/local_process/folder_watch.h"
#include "plugins/runners/local_process/job_folder.h"
#include "plugins/runners/local_process/job_plan.h"

namespace slipway::plugins::runners::local_process {

RunnerPlugin plugin();

class LocalProcessRunner final : public Runner {
 public:
  explicit LocalProcessRunner(const Context& context);
  ~LocalProcessRunner() override;

  Task<> verify() override;
  std::string scope() const override;
  Result<Json> render(const SubmitRequest& request) const override;
  Task<std::optional<RunHandle>> find(Identity identity) override;
  Task<RunHandle> submit(SubmitRequest request) override;
  Task<JobStatus> next_status(RunHandle handle, std::optional<JobStatus> known) override;
  Task<> follow_logs(RunHandle handle, std::uint64_t from, LogSink sink) override;
  Task<> stop(RunHandle handle, Millis grace) override;
  Task<> clean_up(RunHandle handle) override;

 private:
  struct Watched;

  JobFolder folder_of(const std::string& name) const;
  /// Nothing when there is no folder. Of other labels: a conflict.
  Result<std::optional<JobRecord>> find_record(const Identity& identity) const;
  Task<RunHandle> start(SubmitRequest request, JobFolder folder);
  Task<> run_supervisor(JobFolder folder, std::string document);
  Task<JobStatus> wait_for_change(RunHandle handle, std::optional<JobStatus> known);
  Task<> copy_lines(RunHandle handle, std::uint64_t from, LogSink sink);
  std::shared_ptr<Watched> watched(const RunHandle& handle);
  JobStatus look(const RunHandle& handle, Watched& job) const;

  asio::any_io_executor executor_;
  asio::thread_pool* blocking_;
  std::filesystem::path processes_;
  std::map<std::string, std::string> env_;
  std::vector<std::string> supervisor_;  ///< argv in front of the folder.
  FolderWatch folders_;
  std::map<std::string, std::weak_ptr<Watched>> jobs_;
};

}  // namespace slipway::plugins::runners::local_process
