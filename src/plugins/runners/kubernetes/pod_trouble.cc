#include "plugins/runners/kubernetes/pod_trouble.h"

#include <array>

#include <fmt/format.h>

namespace slipway::plugins::runners::kubernetes {
namespace {

bool holds(std::string_view text, std::string_view word) { return text.find(word) != std::string_view::npos; }

struct Row {
  std::string_view word;  ///< In the cluster's own text.
  std::string_view category;
  std::string_view mend;
};

/// The first row whose word occurs decides.
template <std::size_t N>
std::optional<PodTrouble> classify(const std::array<Row, N>& rows, std::string_view text) {
  for (const auto& row : rows) {
    if (holds(text, row.word)) return PodTrouble{std::string(row.category), fmt::format("{}. {}", text, row.mend)};
  }
  return std::nullopt;
}

constexpr std::array kScheduling = {
    Row{"Insufficient ", trouble::no_resources,
        "Ask for less in resources.requests, wait for other jobs to end, or add nodes."},
    Row{"Too many pods", trouble::no_resources, "Wait for other jobs to end, or add nodes."},
    Row{"untolerated taint", trouble::taint,
        "Add a toleration for it to the queue's pod template, or remove the taint."},
    Row{"node affinity", trouble::node_selection,
        "Correct nodeSelector or affinity in the queue's pod template, or label a node."},
    Row{"node selector", trouble::node_selection, "Correct nodeSelector in the queue's pod template, or label a node."},
    Row{"PersistentVolumeClaim", trouble::no_volume, "Make the claim, or wait until it is bound (kubectl get pvc)."},
    Row{"persistentvolumeclaim", trouble::no_volume, "Make the claim, or wait until it is bound (kubectl get pvc)."},
    Row{"volume", trouble::no_volume, "Look at the claims with kubectl get pvc."},
};

constexpr std::array kCreation = {
    Row{"exceeded quota", trouble::quota, "Wait until others end, ask for less, or raise the ResourceQuota."},
    Row{"must specify limits", trouble::quota,
        "The namespace's ResourceQuota wants limits and requests: add resources to the queue's containers."},
    Row{"must specify requests", trouble::quota,
        "The namespace's ResourceQuota wants limits and requests: add resources to the queue's containers."},
    Row{"violates PodSecurity", trouble::pod_security,
        "Change the securityContext of the queue's pod template to what the namespace asks for."},
    Row{"admission webhook", trouble::webhook,
        "Ask whoever runs that webhook, or change the queue's configuration to what it asks for."},
    Row{"failed calling webhook", trouble::webhook, "The webhook's service is down: ask whoever runs it."},
};

constexpr std::array kVolumes = {
    Row{"not found", trouble::volume, "Create what the queue's configuration mounts, in the job's namespace."},
    Row{"", trouble::volume, "Look at the volume with kubectl describe pod."},
};

bool is_image_reason(std::string_view reason) {
  return reason == "ImagePullBackOff" || reason == "ErrImagePull" || reason == "InvalidImageName" ||
         reason == "ErrImageNeverPull" || reason == "RegistryUnavailable" || reason == "ImageInspectError";
}

bool is_config_reason(std::string_view reason) {
  return reason == "CreateContainerConfigError" || reason == "CreateContainerError" || reason == "RunContainerError";
}

std::optional<PodTrouble> waiting_trouble(const ContainerView& container) {
  if (is_image_reason(container.reason)) {
    return PodTrouble{
        std::string(trouble::image_pull),
        fmt::format("the image of container {} cannot be pulled ({}): {}. Check its name and tag, and the "
                    "imagePullSecrets of the queue's pod template.",
                    container.name, container.reason, container.message)};
  }
  if (container.reason == "CrashLoopBackOff") {
    const std::string how =
        container.last_exit_code ? fmt::format("exit code {}", *container.last_exit_code) : "no exit code";
    return PodTrouble{
        std::string(container.last_reason == "OOMKilled" ? trouble::out_of_memory : trouble::crash_loop),
        fmt::format("container {} ended {} times and is started again and again (last: {}{}). Its log says why.",
                    container.name, container.restarts, how,
                    container.last_reason == "OOMKilled" ? ", out of memory" : "")};
  }
  if (is_config_reason(container.reason)) {
    return PodTrouble{
        std::string(trouble::container_config),
        fmt::format("container {} cannot be made ({}): {}. Check the Secrets, ConfigMaps and commands that "
                    "the queue's configuration names.",
                    container.name, container.reason, container.message)};
  }
  return std::nullopt;
}

}  // namespace

std::optional<PodTrouble> trouble_of(const PodView& pod, const std::vector<Warning>& warnings) {
  if (pod.ended()) return std::nullopt;
  if (!pod.unschedulable.empty()) {
    auto known = classify(kScheduling, pod.unschedulable);
    if (known) return known;
    return PodTrouble{std::string(trouble::unschedulable), pod.unschedulable};
  }
  for (const auto& container : pod.containers) {
    if (container.state != ContainerView::State::waiting) continue;
    auto found = waiting_trouble(container);
    if (found && container.before) {
      found->sentence = fmt::format("init container: {}", found->sentence);
      if (found->category == trouble::crash_loop) found->category = trouble::init_container;
    }
    if (found) return found;
  }
  if (pod.running()) return std::nullopt;
  for (const auto& warning : warnings) {
    if (warning.reason == "FailedMount" || warning.reason == "FailedAttachVolume")
      return classify(kVolumes, warning.message);
    if (warning.reason == "FailedCreatePodSandBox")
      return PodTrouble{std::string(trouble::container_config),
                        warning.message + ". Look at the node's container runtime and network."};
  }
  return std::nullopt;
}

std::optional<PodTrouble> trouble_without_pods(const std::vector<Warning>& warnings) {
  for (const auto& warning : warnings) {
    if (warning.reason != "FailedCreate") continue;
    auto known = classify(kCreation, warning.message);
    if (known) return known;
    return PodTrouble{std::string(trouble::not_created), warning.message};
  }
  return std::nullopt;
}

}  // namespace slipway::plugins::runners::kubernetes
