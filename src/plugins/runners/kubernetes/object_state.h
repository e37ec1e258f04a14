// ObjectState: what a Job, or a custom resource of any kind, says about itself.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "kube/api.h"
#include "plugins/runners/api.h"

namespace slipway::plugins::runners::kubernetes {

struct ObjectState {
  std::string uid;
  bool stop_asked = false;  ///< The annotation is there.
  bool going = false;       ///< It is being deleted.
  bool ending = false;      ///< It will fail or succeed as soon as its last pods have ended.
  bool suspended = false;
  std::optional<JobPhase> phase;  ///< Nothing: it does not say; its pods do.
  std::string reason;             ///< "BackoffLimitExceeded", "DeadlineExceeded", a word of the resource's own.
  std::string message;
  bool terminal() const { return phase && *phase >= JobPhase::finished; }
  friend bool operator==(const ObjectState&, const ObjectState&) = default;
};

/// From the conditions of a batch/v1 Job; counters are never asked, because a Job may run several pods and try again.
ObjectState job_state(const Json& job);
/// From, in this order: the queue's mapping {"path", "finished", "failed", "running", "starting", "preempted", "stopped"};
/// status.state.phase, status.jobStatus, status.phase, status.state as words; status.conditions by their types.
ObjectState custom_state(const Json& object, const Json& mapping);
/// Problems of a mapping in a queue's configuration.
std::vector<Problem> check_status_mapping(const Json& mapping);

}  // namespace slipway::plugins::runners::kubernetes
