// job_verdict: the status of a job, out of its object, its pods and what was seen to go wrong. Pure.
#pragma once
#include <vector>

#include "plugins/runners/api.h"
#include "plugins/runners/kubernetes/object_state.h"
#include "plugins/runners/kubernetes/pod_trouble.h"

namespace slipway::plugins::runners::kubernetes {

struct JobFacts {
  std::optional<ObjectState> object;  ///< Last seen. Nothing: not yet.
  bool gone = false;                  ///< The cluster answers and does not have it (any more).
  bool stop_asked = false;            ///< By this agent, whatever the object says.
  std::vector<PodView> pods;
  std::vector<Warning> warnings;  ///< About the job itself; the newest first.
  std::vector<Warning> pod_warnings;
};

struct VerdictTiming {
  /// A pod that was asked to go and is still there that long after it should be: its node is lost.
  Millis lost_after{300'000};
};

struct Verdict {
  JobStatus status;
  /// The status may change by time alone, then.
  std::optional<UnixMillis> look_again;
  /// Exit codes are still to come: pods have to be looked at before this is said.
  bool pods_matter = false;
};

Verdict job_verdict(const JobFacts& facts, UnixMillis now, const VerdictTiming& timing);
/// The pod that says how a job ended or is: the newest that failed, else the newest.
const PodView* telling_pod(const std::vector<PodView>& pods);
/// The container whose exit code is the job's.
const ContainerView* telling_container(const PodView& pod);

}  // namespace slipway::plugins::runners::kubernetes
