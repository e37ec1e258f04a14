// How KubernetesRunner ends a job so that its exit code and its last words can still be read: its pods get a deadline
// that has passed, and stay where they are when they have ended. Deleting them would take their output along.
#include <fmt/format.h>

#include "base/log.h"
#include "plugins/runners/kubernetes/kubernetes_runner.h"

namespace slipway::plugins::runners::kubernetes {
namespace {

Json annotated(const std::string& when, bool plain_job) {
  JsonObject annotations;
  annotations[kStopAnnotation] = when;
  JsonObject meta{{"annotations", std::move(annotations)}};
  JsonObject change{{"metadata", std::move(meta)}};
  // Nothing that was asked to end is tried again.
  if (plain_job) change["spec"] = JsonObject{{"backoffLimit", 0}};
  return Json(std::move(change));
}

std::string pods_of(const JobPlace& place) {
  return kube::resources::pods.path(place.space) + "?labelSelector=" +
         kube::selector({{std::string(kItemLabel), place.item}, {"slipway.dev/attempt", place.attempt}});
}

/// True: at least one of them had begun, and will end by itself.
Task<bool> set_deadlines(std::shared_ptr<kube::Api> api, JobPlace place) {
  CO_TRY(const Json pods, co_await api->get(pods_of(place)));
  const Json* items = slipway::find(pods, "items");
  bool any = false;
  for (const auto& pod : items != nullptr && items->is_array() ? items->get_array() : JsonArray()) {
    const PodView view = pod_view(pod);
    if (view.ended() || view.phase != "Running") continue;
    const Json deadline(JsonObject{{"spec", JsonObject{{"activeDeadlineSeconds", 1}}}});
    const auto changed = co_await api->patch(kube::resources::pods.path(place.space, view.name), deadline);
    if (!changed && changed.error().code() == Code::unavailable) co_return changed.error();
    any = any || changed.has_value();
  }
  co_return any;
}

/// What has not ended yet does so now.
Task<> delete_pods(std::shared_ptr<kube::Api> api, JobPlace place, int grace_seconds) {
  CO_TRY(const Json pods, co_await api->get(pods_of(place)));
  const Json* items = slipway::find(pods, "items");
  for (const auto& pod : items != nullptr && items->is_array() ? items->get_array() : JsonArray()) {
    const PodView view = pod_view(pod);
    if (view.ended()) continue;
    CO_TRY_VOID(co_await api->remove(kube::resources::pods.path(place.space, view.name), kube::Propagation::background,
                                     grace_seconds, view.uid));
  }
  co_return Result<>();
}

}  // namespace

Task<> KubernetesRunner::stop(RunHandle handle, Millis grace) {
  return no_throw(ask_to_stop(std::move(handle), grace));
}

Task<> KubernetesRunner::ask_to_stop(RunHandle handle, Millis grace) {
  CO_TRY(const auto where, cluster_of(handle));
  const JobPlace place = place_of(handle, where->space());
  const std::string path = place.resource.path(place.space, place.name);
  CO_TRY(const auto object, co_await where->api().find(path));
  if (!object || kube::metadata(*object, "uid") != handle.uid) co_return Result<>();
  const auto state = place.plain_job() ? job_state(*object) : custom_state(*object, place.mapping);
  if (state.terminal() || state.going) co_return Result<>();
  where->watch().track(place)->facts.stop_asked = true;
  // Asked before: who asks again has waited for the grace and more.
  const bool again = state.stop_asked && !stops_.contains(handle.uid);
  CO_TRY_VOID(co_await where->api().patch(path, annotated(to_iso8601(context_.clock->now()), place.plain_job())));
  if (grace.count() > 0 && place.plain_job() && !again) {
    CO_TRY(const bool ending, co_await set_deadlines(where->shared_api(), place));
    if (ending) {
      end_after(handle, where->shared_api(), place, grace);
      co_return Result<>();
    }
  }
  if (grace.count() <= 0) CO_TRY_VOID(co_await delete_pods(where->shared_api(), place, 0));
  co_return co_await where->api().remove(path, kube::Propagation::background, {}, handle.uid);
}

void KubernetesRunner::end_after(const RunHandle& handle, std::shared_ptr<kube::Api> api, JobPlace place,
                                 Millis grace) {
  auto& timer = stops_[handle.uid];
  if (timer && timer->running()) return;
  timer = std::make_unique<Background>();
  timer->start(context_.executor, "stop of " + handle.name,
               [api = std::move(api), place = std::move(place), grace]() -> asio::awaitable<void> {
                 auto slept = co_await sleep_for(grace);
                 if (!slept) co_return;
                 const auto ended = co_await delete_pods(api, place, 1);
                 if (!ended)
                   log::warn("ending a job by force", {{"job", place.name}, {"error", ended.error().message()}});
               });
}

}  // namespace slipway::plugins::runners::kubernetes
