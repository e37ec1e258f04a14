// Runner of `kubernetes`: jobs are Jobs, or custom resources of any kind, in a cluster.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "plugins/runners/api.h"
#include "plugins/runners/background.h"
#include "plugins/runners/kubernetes/cluster.h"
#include "plugins/runners/kubernetes/manifest.h"

namespace slipway::plugins::runners::kubernetes {

RunnerPlugin plugin();

struct RunnerTiming {
  kube::WatchTiming watch;
  VerdictTiming verdict;
  Millis settle{15'000};  ///< How long exit codes are waited for after a job's end was seen.
  Millis service_poll{1'000};
};

/// A job is one object of a deterministic name with our labels. Beside it stand a Secret with the run's secret
/// environment, Secrets with its packed source and its additional services; all of them belong to the object and go with
/// it. An object that cannot be found by that name alone (another kind, name, namespace or cluster) is announced in a
/// ConfigMap of that name in the connection's own namespace before it is made.
class KubernetesRunner final : public Runner {
 public:
  explicit KubernetesRunner(const Context& context, RunnerTiming timing = {});
  ~KubernetesRunner() override;

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
  Result<std::shared_ptr<Cluster>> cluster(const std::string& config_file, const std::string& context);
  Result<std::shared_ptr<Cluster>> cluster_of(const RunHandle& handle);
  Task<RunHandle> create(SubmitRequest request);
  Task<JobStatus> wait_for_change(RunHandle handle, std::optional<JobStatus> known);
  Task<> ask_to_stop(RunHandle handle, Millis grace);
  Task<> remove_job(RunHandle handle);
  void end_after(const RunHandle& handle, std::shared_ptr<kube::Api> api, JobPlace place, Millis grace);

  Context context_;
  RunnerTiming timing_;
  std::string scope_;
  /// Of its own: watches and followed logs are connections, and must not take those of other work.
  std::shared_ptr<net::HttpClient> http_;
  std::map<std::pair<std::string, std::string>, std::shared_ptr<Cluster>> clusters_;
  std::map<std::string, std::unique_ptr<Background>> stops_;  ///< By uid: the end of a stop's grace.
};

/// What a handle says about where its job is.
JobPlace place_of(const RunHandle& handle, const std::string& default_space);

}  // namespace slipway::plugins::runners::kubernetes
