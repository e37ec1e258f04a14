#include "plugins/runners/kubernetes/cluster.h"

#include "base/ids.h"

namespace slipway::plugins::runners::kubernetes {

Result<std::shared_ptr<Cluster>> Cluster::open(const Context& context, std::weak_ptr<net::HttpClient> http,
                                               const kube::Wanted& wanted, const kube::WatchTiming& timing) {
  TRY(auto access, kube::find_access(wanted, context.env));
  auto api = std::make_shared<kube::Api>(std::move(http), std::move(access), context.env, *context.clock);
  return std::make_shared<Cluster>(std::move(api), context.executor, timing);
}

Cluster::Cluster(std::shared_ptr<kube::Api> server, const asio::any_io_executor& executor,
                 const kube::WatchTiming& timing)
    : api_(std::move(server)), discovery_(api_), watch_(executor, api_, timing) {}

Task<std::string> Cluster::identity() {
  const auto system = co_await api_->get(kube::resources::namespaces.path("", "kube-system"));
  if (system) co_return kube::metadata(*system, "uid");
  if (system.error().code() != Code::permission_denied) co_return system.error();
  const auto& access = api_->access();
  co_return sha256_hex(access.authorities.empty() ? access.server : access.authorities).substr(0, 32);
}

}  // namespace slipway::plugins::runners::kubernetes
