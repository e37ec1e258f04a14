// Cluster: one API server as this agent reaches it, with what is shared by all jobs on it.
#pragma once
#include <memory>
#include <string>

#include "kube/discovery.h"
#include "plugins/context.h"
#include "plugins/runners/kubernetes/job_watch.h"

namespace slipway::plugins::runners::kubernetes {

class Cluster {
 public:
  static Result<std::shared_ptr<Cluster>> open(const Context& context, std::weak_ptr<net::HttpClient> http,
                                               const kube::Wanted& wanted, const kube::WatchTiming& timing);
  Cluster(std::shared_ptr<kube::Api> server, const asio::any_io_executor& executor, const kube::WatchTiming& timing);

  kube::Api& api() { return *api_; }
  std::shared_ptr<kube::Api> shared_api() { return api_; }
  kube::Discovery& discovery() { return discovery_; }
  JobWatch& watch() { return watch_; }
  /// Where objects go when nobody names a namespace.
  const std::string& space() const { return api_->space(); }
  /// The same on every agent: the uid of the namespace kube-system, or, where that may not be read, what the agents' own
  /// configuration says of the cluster.
  Task<std::string> identity();

 private:
  std::shared_ptr<kube::Api> api_;
  kube::Discovery discovery_;
  JobWatch watch_;
};

}  // namespace slipway::plugins::runners::kubernetes
