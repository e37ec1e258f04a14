// Discovery: which path a kind has. Plurals are asked for, never guessed.
#pragma once
#include <map>
#include <memory>
#include <string>

#include "kube/api.h"

namespace slipway::kube {

/// Answers are kept; a kind that is not among them is asked for again, so that a custom resource that was installed
/// later is found. All calls on one executor's thread.
class Discovery {
 public:
  explicit Discovery(std::shared_ptr<Api> api) : api_(std::move(api)) {}
  /// not_found: the cluster does not offer it; the text says what to install or what the group has.
  Task<Resource> resource(std::string api_version, std::string kind);

 private:
  std::shared_ptr<Api> api_;
  std::map<std::pair<std::string, std::string>, Resource> known_;
};

}  // namespace slipway::kube
