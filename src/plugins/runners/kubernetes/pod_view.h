// PodView: what of a pod says how its job is. Small, because one is kept for every pod of every job.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"

namespace slipway::plugins::runners::kubernetes {

struct ContainerView {
  std::string name;
  bool before = false;  ///< An init container.
  enum class State { unknown, waiting, running, terminated } state = State::unknown;
  std::string reason;  ///< "ImagePullBackOff", "OOMKilled", …
  std::string message;
  int exit_code = 0;  ///< When terminated.
  int restarts = 0;
  std::string last_reason;  ///< Why it ended before its last restart.
  std::optional<int> last_exit_code;
  friend bool operator==(const ContainerView&, const ContainerView&) = default;
};

struct PodView {
  std::string name;
  std::string uid;
  std::string phase;  ///< "Pending", "Running", "Succeeded", "Failed", "Unknown".
  std::string reason;
  std::string message;
  std::string created;                ///< As written: sorts by time.
  std::string index;                  ///< Of an indexed job.
  std::optional<UnixMillis> gone_by;  ///< It was asked to go, and should have by then.
  std::string unschedulable;          ///< The scheduler's words; "" when it has a node.
  std::string disruption;             ///< Reason of the condition DisruptionTarget.
  std::string disruption_message;
  std::vector<ContainerView> containers;  ///< Those before the job first.

  bool ended() const { return phase == "Succeeded" || phase == "Failed"; }
  bool running() const;
  /// Every container has ended, so that exit codes and output are final. Also when it never started one.
  bool settled() const;
  friend bool operator==(const PodView&, const PodView&) = default;
};

PodView pod_view(const Json& pod);

}  // namespace slipway::plugins::runners::kubernetes
