#include "plugins/runners/kubernetes/job_verdict.h"

#include <algorithm>

#include <fmt/format.h>

#include "launch/item_state.h"
#include "plugins/runners/kubernetes/manifest.h"

namespace slipway::plugins::runners::kubernetes {
namespace {

constexpr int kCannotExecute = 126;
constexpr int kNotFound = 127;
constexpr int kKilled = 137;

bool disrupted(const PodView& pod) {
  return !pod.disruption.empty() || (pod.phase == "Failed" && pod.reason == "Evicted");
}

JobStatus failed(std::string_view failure_class, std::string message, std::optional<int> exit_code = {}) {
  return {.phase = JobPhase::failed,
          .exit_code = exit_code,
          .failure_class = std::string(failure_class),
          .message = std::move(message)};
}

/// The runtime could not start the program: shells give such an end a number, Kubernetes 128.
JobStatus start_failure(const ContainerView& container) {
  const auto says = [&](std::string_view word) { return container.message.find(word) != std::string::npos; };
  int code = container.exit_code;
  if (says("not found") || says("no such file")) code = kNotFound;
  if (says("permission denied")) code = kCannotExecute;
  return failed(launch::failure::exit_code,
                fmt::format("container {} could not be started: {}", container.name, container.message), code);
}

JobStatus container_failure(const PodView& pod, const ContainerView& container) {
  if (container.reason == "OOMKilled") {
    return failed(launch::failure::out_of_memory,
                  fmt::format("{}: container {} used more memory than its limit. Raise resources.limits.memory in the "
                              "queue's configuration, or make the job smaller",
                              trouble::out_of_memory, container.name),
                  container.exit_code);
  }
  if (container.reason == "StartError" || container.reason == "ContainerCannotRun") return start_failure(container);
  if (container.before) {
    const bool ours = container.name == kSourceContainer;
    return failed(
        ours ? launch::failure::source : launch::failure::exit_code,
        fmt::format("{}: {} of pod {} ended with exit code {}{}", trouble::init_container,
                    ours ? "unpacking the job's source in the init container " + container.name
                         : "init container " + container.name,
                    pod.name, container.exit_code,
                    ours ? ". The image needs sh, cat and tar; build an image with the source in it otherwise" : ""),
        container.exit_code);
  }
  std::string text = fmt::format("container {} ended with exit code {}", container.name, container.exit_code);
  if (container.exit_code == kKilled)
    text = fmt::format("exit code 137: container {} was killed (SIGKILL), by itself or by somebody", container.name);
  if (container.exit_code == kNotFound) text += ": the entry point, or a program that it runs, was not found";
  if (container.exit_code == kCannotExecute) text += ": the entry point cannot be executed";
  return failed(launch::failure::exit_code, std::move(text), container.exit_code);
}

JobStatus preempted(const PodView& pod) {
  const std::string why = pod.disruption.empty() ? pod.reason : pod.disruption;
  const std::string more = pod.disruption_message.empty() ? pod.message : pod.disruption_message;
  return {.phase = JobPhase::preempted,
          .failure_class = std::string(launch::failure::preemption),
          .message = fmt::format("{}: pod {} was taken away by the cluster ({}{})", trouble::evicted, pod.name, why,
                                 more.empty() ? "" : ": " + more)};
}

JobStatus failure(const JobFacts& facts) {
  const ObjectState& object = *facts.object;
  const PodView* pod = telling_pod(facts.pods);
  if (object.reason == "DeadlineExceeded") {
    return failed(launch::failure::run_timeout,
                  "the job ran longer than its activeDeadlineSeconds allows. Raise it in the queue's configuration");
  }
  if (pod != nullptr && disrupted(*pod)) return preempted(*pod);
  if (pod != nullptr && pod->reason == "DeadlineExceeded")
    return failed(launch::failure::run_timeout, "the pod ran longer than its activeDeadlineSeconds allows");
  const ContainerView* container = pod == nullptr ? nullptr : telling_container(*pod);
  const bool ended_badly = container != nullptr && container->state == ContainerView::State::terminated &&
                           (container->exit_code != 0 || container->reason == "OOMKilled");
  if (ended_badly) return container_failure(*pod, *container);
  if (pod != nullptr && !pod->message.empty())
    return failed(launch::failure::backend, fmt::format("pod {} failed: {} {}", pod->name, pod->reason, pod->message));
  return failed(launch::failure::backend,
                fmt::format("the job failed: {}{}", object.reason.empty() ? "no reason given" : object.reason,
                            object.message.empty() ? "" : ": " + object.message));
}

std::optional<int> exit_code_of(const std::vector<PodView>& pods) {
  const PodView* pod = telling_pod(pods);
  const ContainerView* container = pod == nullptr ? nullptr : telling_container(*pod);
  if (container == nullptr || container->state != ContainerView::State::terminated) return std::nullopt;
  return container->exit_code;
}

JobStatus ended(const JobFacts& facts) {
  const bool stop_asked = facts.stop_asked || facts.object->stop_asked;
  if (stop_asked)
    return {.phase = JobPhase::stopped, .exit_code = exit_code_of(facts.pods), .message = "stopped on request"};
  if (*facts.object->phase == JobPhase::finished) return {.phase = JobPhase::finished, .exit_code = 0};
  if (*facts.object->phase == JobPhase::failed) return failure(facts);
  return {.phase = *facts.object->phase,
          .failure_class = std::string(*facts.object->phase == JobPhase::preempted ? launch::failure::preemption
                                                                                   : std::string_view()),
          .message = facts.object->message};
}

JobStatus gone(const JobFacts& facts) {
  if (facts.object && facts.object->terminal()) return ended(facts);
  if (facts.stop_asked || (facts.object && facts.object->stop_asked))
    return {.phase = JobPhase::stopped,
            .exit_code = exit_code_of(facts.pods),
            .message = "stopped on request; it was removed from the cluster"};
  // Whoever evicts pods may also take the whole object.
  const PodView* pod = telling_pod(facts.pods);
  if (pod != nullptr && disrupted(*pod)) return preempted(*pod);
  return {.phase = JobPhase::lost,
          .failure_class = std::string(launch::failure::lost),
          .message = "the job was removed from the cluster by somebody; how it ended is not known"};
}

JobStatus alive(const JobFacts& facts) {
  JobStatus status{.phase = facts.object->phase.value_or(JobPhase::starting)};
  const bool any_runs = std::ranges::any_of(facts.pods, &PodView::running);
  if (any_runs) status.phase = JobPhase::running;
  std::optional<PodTrouble> trouble;
  for (const auto& pod : facts.pods) {
    if (!trouble) trouble = trouble_of(pod, facts.pod_warnings);
  }
  if (facts.pods.empty()) trouble = trouble_without_pods(facts.warnings);
  if (!trouble && facts.object->suspended)
    trouble = PodTrouble{std::string(trouble::suspended),
                         "the cluster holds the job back (a queue of Kueue, or spec.suspend)"};
  if (trouble) status.message = trouble->text();
  return status;
}

}  // namespace

const PodView* telling_pod(const std::vector<PodView>& pods) {
  const PodView* best = nullptr;
  const auto rank = [](const PodView& pod) { return std::pair(pod.phase == "Failed", pod.created); };
  for (const auto& pod : pods) {
    if (best == nullptr || rank(*best) < rank(pod)) best = &pod;
  }
  return best;
}

const ContainerView* telling_container(const PodView& pod) {
  const ContainerView* first = nullptr;
  for (const auto& container : pod.containers) {
    const bool ended = container.state == ContainerView::State::terminated;
    if (container.before && !(ended && container.exit_code != 0)) continue;
    if (first == nullptr) first = &container;
    if (ended && container.exit_code != 0) return &container;
  }
  return first;
}

Verdict job_verdict(const JobFacts& facts, UnixMillis now, const VerdictTiming& timing) {
  Verdict out;
  if (facts.gone) {
    out.status = gone(facts);
    return out;
  }
  if (!facts.object) return out;
  if (facts.object->terminal()) {
    out.pods_matter = *facts.object->phase != JobPhase::finished || facts.stop_asked || facts.object->stop_asked;
    out.status = ended(facts);
    return out;
  }
  for (const auto& pod : facts.pods) {
    if (!pod.gone_by || pod.ended()) continue;
    const UnixMillis lost_at = *pod.gone_by + timing.lost_after.count();
    if (now >= lost_at) {
      out.status = {.phase = JobPhase::lost,
                    .failure_class = std::string(launch::failure::node_lost),
                    .message = fmt::format("pod {} was asked to go and its node does not answer any more", pod.name)};
      if (facts.stop_asked || facts.object->stop_asked)
        out.status = {.phase = JobPhase::stopped, .message = "stopped on request; its node does not answer any more"};
      return out;
    }
    out.look_again = std::min(lost_at, out.look_again.value_or(lost_at));
  }
  out.status = alive(facts);
  return out;
}

}  // namespace slipway::plugins::runners::kubernetes
