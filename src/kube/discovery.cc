#include "kube/discovery.h"

#include <fmt/format.h>

#include "base/strings.h"

namespace slipway::kube {

Task<Resource> Discovery::resource(std::string api_version, std::string kind) {
  const auto key = std::make_pair(api_version, kind);
  if (const auto kept = known_.find(key); kept != known_.end()) co_return kept->second;
  const bool core = api_version.find('/') == std::string::npos;
  const auto listed = co_await api_->get((core ? "/api/" : "/apis/") + api_version);
  if (!listed && listed.error().code() == Code::not_found) {
    co_return Error(Code::not_found,
                    fmt::format("the cluster does not know the API {} of the kind {}", api_version, kind))
        .hint("Install the operator that brings it, or correct apiVersion in the queue's configuration.");
  }
  if (!listed) co_return listed.error();
  std::vector<std::string> kinds;
  const Json* all = slipway::find(*listed, "resources");
  for (const auto& entry : all != nullptr && all->is_array() ? all->get_array() : JsonArray()) {
    const std::string name = text_or(entry, "name");
    if (name.find('/') != std::string::npos) continue;  // A sub-resource: "jobs/status".
    kinds.push_back(text_or(entry, "kind"));
    known_[{api_version, kinds.back()}] = Resource{.group_version = api_version,
                                                   .plural = name,
                                                   .kind = kinds.back(),
                                                   .namespaced = bool_or(entry, "namespaced", true)};
  }
  if (const auto found = known_.find(key); found != known_.end()) co_return found->second;
  co_return Error(Code::not_found,
                  fmt::format("the API {} has no kind '{}'.{}", api_version, kind, did_you_mean(kind, kinds)))
      .hint(fmt::format("It has: {}.", join(kinds, ", ")));
}

}  // namespace slipway::kube
