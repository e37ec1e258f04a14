// The pipeline: a job's way from its lease to its end, one file a stage.
//   resolve → fetch → image → ready → submit → watch → settle
#pragma once
#include <memory>

#include "agent/pipeline/job.h"

namespace slipway::agent {

/// Spec, resource, runner, name: everything that can be refused before anything is fetched.
Task<> resolve(Job& job);
/// The parts of resolve() that need no backend.
Result<> read_spec(Job& job);
void use_target(Job& job, const Services::Target& target);
/// Job artifact and code onto this machine.
Task<> fetch(Job& job);
/// An image that exists, or none where none is needed.
Task<> choose_image(Job& job);
/// What the backend needs first and may take long (an image pull). Bounded by the start time-out.
Task<> ready_backend(Job& job);
/// The request that submit() would send: macros filled, environment complete. After choose_image().
Result<plugins::SubmitRequest> make_request(const Job& job);
/// Macros, environment, the backend call. Records the intent before it and the reference after it.
Task<> submit(Job& job);
/// Finds what an earlier holder submitted. False: nothing was, submit it now.
Task<bool> adopt(Job& job);
/// Until the job has ended: status, output, stop. Reports the outcome.
Task<> watch(Job& job);

/// How a job left this agent.
enum class JobEnd {
  settled,   ///< Its outcome is on the server.
  released,  ///< Given back before anything was submitted.
  left,      ///< Submitted and alive: whoever leases it next adopts it.
  lost,      ///< The lease has moved on.
};

/// Runs all stages of one item. Cancelling it (shut-down, lost lease) leaves a submitted job alone and gives
/// an unsubmitted one back.
asio::awaitable<JobEnd> run_job(std::shared_ptr<Job> job);

}  // namespace slipway::agent
