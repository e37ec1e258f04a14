#include "plugins/runners/kubernetes/pod_view.h"

#include <algorithm>

#include "kube/api.h"
#include "kube/credentials.h"

namespace slipway::plugins::runners::kubernetes {
namespace {

constexpr std::size_t kMaxMessage = 600;  // Some runtimes write pages.

std::string shortened(std::string text) {
  if (text.size() <= kMaxMessage) return text;
  return text.substr(0, kMaxMessage) + "…";
}

void read_state(const Json& state, ContainerView& into) {
  if (const Json* terminated = slipway::find(state, "terminated")) {
    into.state = ContainerView::State::terminated;
    into.reason = text_or(*terminated, "reason");
    into.message = shortened(text_or(*terminated, "message"));
    into.exit_code = static_cast<int>(int_or(*terminated, "exitCode", 0));
  } else if (slipway::find(state, "running") != nullptr) {
    into.state = ContainerView::State::running;
  } else if (const Json* waiting = slipway::find(state, "waiting")) {
    into.state = ContainerView::State::waiting;
    into.reason = text_or(*waiting, "reason");
    into.message = shortened(text_or(*waiting, "message"));
  }
}

ContainerView container_view(const Json& status, bool before) {
  ContainerView out{.name = text_or(status, "name"), .before = before};
  out.restarts = static_cast<int>(int_or(status, "restartCount", 0));
  if (const Json* state = slipway::find(status, "state")) read_state(*state, out);
  if (const Json* last = find_path(status, "lastState.terminated")) {
    out.last_reason = text_or(*last, "reason");
    out.last_exit_code = static_cast<int>(int_or(*last, "exitCode", 0));
  }
  return out;
}

void read_containers(const Json& status, std::string_view key, bool before, PodView& into) {
  const Json* list = slipway::find(status, key);
  if (list == nullptr || !list->is_array()) return;
  for (const auto& item : list->get_array()) into.containers.push_back(container_view(item, before));
}

void read_conditions(const Json& status, PodView& into) {
  const Json* conditions = slipway::find(status, "conditions");
  if (conditions == nullptr || !conditions->is_array()) return;
  for (const auto& condition : conditions->get_array()) {
    const std::string type = text_or(condition, "type");
    const bool holds = text_or(condition, "status") == "True";
    if (type == "PodScheduled" && !holds && text_or(condition, "reason") == "Unschedulable")
      into.unschedulable = shortened(text_or(condition, "message", "no node fits"));
    if (type == "DisruptionTarget" && holds) {
      into.disruption = text_or(condition, "reason", "unknown");
      into.disruption_message = shortened(text_or(condition, "message"));
    }
  }
}

}  // namespace

bool PodView::running() const {
  return phase == "Running" && std::ranges::any_of(containers, [](const ContainerView& container) {
           return !container.before && container.state == ContainerView::State::running;
         });
}

bool PodView::settled() const {
  return ended() && std::ranges::none_of(containers, [](const ContainerView& container) {
           return container.state == ContainerView::State::running;
         });
}

PodView pod_view(const Json& pod) {
  PodView out{.name = kube::metadata(pod, "name"), .uid = kube::metadata(pod, "uid")};
  out.created = kube::metadata(pod, "creationTimestamp");
  out.gone_by = kube::parse_time(kube::metadata(pod, "deletionTimestamp"));
  if (const Json* annotations = find_path(pod, "metadata.annotations"))
    out.index = text_or(*annotations, "batch.kubernetes.io/job-completion-index");
  const Json* status = slipway::find(pod, "status");
  if (status == nullptr) return out;
  out.phase = text_or(*status, "phase");
  out.reason = text_or(*status, "reason");
  out.message = shortened(text_or(*status, "message"));
  read_conditions(*status, out);
  read_containers(*status, "initContainerStatuses", true, out);
  read_containers(*status, "containerStatuses", false, out);
  return out;
}

}  // namespace slipway::plugins::runners::kubernetes
