// What an agent must be allowed to do in a cluster, asked of the cluster itself (SelfSubjectAccessReview).
#pragma once
#include <string>
#include <vector>

#include "plugins/context.h"

namespace slipway::plugins::runners::kubernetes {

struct Right {
  std::string verb;
  std::string group;     ///< "" for the core.
  std::string resource;  ///< "pods", "pods/log".
  std::string why;
  std::string name() const;  ///< "create jobs.batch".
};

/// Everything that the runner does in a namespace with Jobs in it.
const std::vector<Right>& needed_rights();

struct RightCheck {
  std::string space;
  std::vector<Right> missing;
  /// Commands that grant what is missing to whoever asked.
  std::string grant;
};

/// `space` "": the connection's own namespace. Errors are those of the connection.
Task<RightCheck> check_rights(Context& context, std::string space);

}  // namespace slipway::plugins::runners::kubernetes
