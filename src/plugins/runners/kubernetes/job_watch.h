// JobWatch: all jobs of one cluster, seen through one list-and-watch a kind and namespace, one for their pods and one
// for warnings about them.
#pragma once
#include <map>
#include <memory>
#include <string>

#include "async/event.h"
#include "kube/object_watch.h"
#include "plugins/runners/kubernetes/job_verdict.h"

namespace slipway::plugins::runners::kubernetes {

/// What finds a job, and its pods, in a cluster.
struct JobPlace {
  kube::Resource resource;
  std::string space;
  std::string name;
  std::string uid;
  std::string item;  ///< Values of the labels slipway.dev/item and slipway.dev/attempt, which its pods carry too.
  std::string attempt;
  Json mapping;  ///< The queue's status_mapping.
  bool plain_job() const { return resource == kube::resources::jobs; }
};

/// One job, as last seen. Look first, then wait.
struct TrackedJob {
  TrackedJob(const asio::any_io_executor& executor, JobPlace where) : place(std::move(where)), changed(executor) {}
  const JobPlace place;
  JobFacts facts;
  bool reachable = true;
  bool dirty = true;              ///< To be asked for by name.
  bool looked_after_end = false;  ///< Its pods were listed after its end was seen: exit codes are complete.
  Event changed;
};

/// Level-triggered, and nothing that is missing from a list is believed gone before it was asked for by name. A cluster
/// that is away makes its jobs unreachable and fails none. All calls on the executor's thread.
class JobWatch {
 public:
  JobWatch(asio::any_io_executor executor, std::shared_ptr<kube::Api> api, kube::WatchTiming timing);
  ~JobWatch();
  /// Equal uids share one object.
  std::shared_ptr<TrackedJob> track(const JobPlace& place);
  void forget(const std::string& uid);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace slipway::plugins::runners::kubernetes
