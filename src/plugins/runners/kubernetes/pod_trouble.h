// PodTrouble: why a job does not run, or ended, in words of our own that stay the same over versions of Kubernetes.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "plugins/runners/kubernetes/pod_view.h"

namespace slipway::plugins::runners::kubernetes {

/// Stable words; docs/errors.md lists them.
namespace trouble {
inline constexpr std::string_view no_resources = "Unschedulable.InsufficientResources";
inline constexpr std::string_view node_selection = "Unschedulable.NodeSelection";
inline constexpr std::string_view taint = "Unschedulable.Taint";
inline constexpr std::string_view no_volume = "Unschedulable.Volume";
inline constexpr std::string_view unschedulable = "Unschedulable";
inline constexpr std::string_view image_pull = "ImagePull";
inline constexpr std::string_view crash_loop = "CrashLoop";
inline constexpr std::string_view out_of_memory = "OutOfMemory";
inline constexpr std::string_view evicted = "Evicted";
inline constexpr std::string_view quota = "QuotaExceeded";
inline constexpr std::string_view volume = "Volume";
inline constexpr std::string_view webhook = "AdmissionWebhook";
inline constexpr std::string_view pod_security = "PodSecurity";
inline constexpr std::string_view init_container = "InitContainer";
inline constexpr std::string_view container_config = "ContainerConfig";
inline constexpr std::string_view not_created = "PodsNotCreated";
inline constexpr std::string_view suspended = "Suspended";
}  // namespace trouble

struct PodTrouble {
  std::string category;
  std::string sentence;  ///< What is wrong and how to mend it.
  std::string text() const { return category + ": " + sentence; }
};

/// A warning event about a job or one of its pods.
struct Warning {
  std::string reason;  ///< "FailedCreate", "FailedMount", …
  std::string message;
  friend bool operator==(const Warning&, const Warning&) = default;
};

/// What keeps a pod from running, or makes it start again and again. Nothing: it is on its way.
std::optional<PodTrouble> trouble_of(const PodView& pod, const std::vector<Warning>& warnings);
/// Why a job has no pods.
std::optional<PodTrouble> trouble_without_pods(const std::vector<Warning>& warnings);

}  // namespace slipway::plugins::runners::kubernetes
