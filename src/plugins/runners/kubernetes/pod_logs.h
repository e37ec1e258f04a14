// The output of a job as one sequence of numbered lines, whatever pods it comes from.
#pragma once
#include <memory>

#include "plugins/runners/kubernetes/cluster.h"

namespace slipway::plugins::runners::kubernetes {

/// One pod after the other in the order of their creation (an indexed job's: of their indexes), of each the containers
/// one after the other, a container's run before its restart first; a line names the pod where another one came before.
/// Live as long as it is the turn of a pod that runs. Returns when the job has ended and everything was read.
/// The first `from` lines are left out. not_found: there is no output any more.
Task<> copy_pod_logs(std::shared_ptr<Cluster> cluster, std::shared_ptr<TrackedJob> job, std::uint64_t from,
                     Runner::LogSink sink);

}  // namespace slipway::plugins::runners::kubernetes
