#include "plugins/runners/kubernetes/kubernetes_runner.h"

#include <fmt/format.h>

#include "base/log.h"
#include "plugins/runners/kubernetes/pod_logs.h"
#include "plugins/runners/kubernetes/submission.h"

namespace slipway::plugins::runners::kubernetes {
namespace {

constexpr std::string_view kJobs = "batch/v1";

Error no_cluster(const kube::Access& access, Error why) {
  if (why.code() == Code::unauthenticated) {
    return Error(Code::unauthenticated,
                 fmt::format("the Kubernetes API server {} does not accept the credentials of {}: {}", access.server,
                             access.origin, why.message()))
        .hint("Check with `kubectl auth whoami`; log in again with your cloud's tool.");
  }
  return why;
}

Result<RunHandle> handle_of_map(const Json& map, const kube::Resource& resource, const Json& object,
                                const std::string& identity) {
  QueueSettings settings;
  const Json* data = slipway::find(map, "data");
  if (data != nullptr) {
    settings.config_file = text_or(*data, "configFile");
    settings.context = text_or(*data, "context");
    if (const auto mapping = text_or(*data, "status_mapping"); !mapping.empty()) {
      TRY(settings.status_mapping, parse_json(mapping));
    }
  }
  return make_handle(identity, resource, object, settings, data != nullptr && text_or(*data, "keep") == "true");
}

bool keeps(const RunHandle& handle) { return bool_or(handle.details, "keep", false); }

}  // namespace

JobPlace place_of(const RunHandle& handle, const std::string& default_space) {
  const Json& details = handle.details;
  return {.resource = {.group_version = text_or(details, "apiVersion", kJobs),
                       .plural = text_or(details, "plural", "jobs"),
                       .kind = text_or(details, "kind", "Job"),
                       .namespaced = bool_or(details, "namespaced", true)},
          .space = text_or(details, "namespace", default_space),
          .name = text_or(details, "name", handle.name),
          .uid = handle.uid,
          .item = text_or(details, "item"),
          .attempt = text_or(details, "attempt"),
          .mapping = slipway::find(details, "status_mapping") ? *slipway::find(details, "status_mapping") : Json()};
}

KubernetesRunner::KubernetesRunner(const Context& context, RunnerTiming timing)
    : context_(context),
      timing_(timing),
      http_(std::make_shared<net::HttpClient>(net::HttpClient::Options{.max_connections_per_host = 0})) {}

KubernetesRunner::~KubernetesRunner() = default;

std::string KubernetesRunner::scope() const { return scope_; }

Result<std::shared_ptr<Cluster>> KubernetesRunner::cluster(const std::string& config_file, const std::string& context) {
  auto& known = clusters_[{config_file, context}];
  if (!known) {
    TRY(known, Cluster::open(context_, http_, {.file = config_file, .context = context}, timing_.watch));
  }
  return known;
}

Result<std::shared_ptr<Cluster>> KubernetesRunner::cluster_of(const RunHandle& handle) {
  return cluster(text_or(handle.details, "configFile"), text_or(handle.details, "context"));
}

Task<> KubernetesRunner::verify() {
  CO_TRY(const auto home, cluster("", ""));
  auto identity = co_await home->identity();
  if (!identity) co_return no_cluster(home->api().access(), std::move(identity).error());
  // What cannot be found by its labels alone is announced in the home namespace, so agents of other ones do not find it.
  scope_ = fmt::format("k8s:{}/{}", *identity, home->space());
  co_return Result<>();
}

Result<Json> KubernetesRunner::render(const SubmitRequest& request) const {
  TRY(Manifest manifest, build_manifest(request));
  auto problems = check_status_mapping(manifest.settings.status_mapping);
  if (!problems.empty())
    return Error(Code::invalid_argument, "the queue's status_mapping is not valid", std::move(problems));
  return Json(std::move(manifest.object));
}

Task<std::optional<RunHandle>> KubernetesRunner::find(Identity identity) {
  CO_TRY(const auto home, cluster("", ""));
  CO_TRY(const auto job, co_await home->api().find(kube::resources::jobs.path(home->space(), identity.name)));
  if (job) {
    if (!has_labels(*job, identity.labels)) co_return foreign(kube::resources::jobs, home->space(), identity.name);
    const Json* ttl = find_path(*job, "metadata.annotations");
    co_return std::optional(make_handle(identity.name, kube::resources::jobs, *job, {},
                                        ttl != nullptr && text_or(*ttl, "slipway.dev/keep") == "true"));
  }
  CO_TRY(const auto map, co_await home->api().find(kube::resources::config_maps.path(home->space(), identity.name)));
  const Json* where = map ? slipway::find(*map, "data") : nullptr;
  if (where == nullptr) co_return std::optional<RunHandle>();
  CO_TRY(const auto target, cluster(text_or(*where, "configFile"), text_or(*where, "context")));
  CO_TRY(const auto resource,
         co_await target->discovery().resource(text_or(*where, "apiVersion"), text_or(*where, "kind")));
  const std::string space = text_or(*where, "namespace");
  const std::string name = text_or(*where, "name");
  CO_TRY(const auto object, co_await target->api().find(resource.path(space, name)));
  if (!object) co_return std::optional<RunHandle>();
  if (!has_labels(*object, identity.labels)) co_return foreign(resource, space, name);
  CO_TRY(auto handle, handle_of_map(*map, resource, *object, identity.name));
  co_return std::optional(std::move(handle));
}

Task<RunHandle> KubernetesRunner::submit(SubmitRequest request) { return no_throw(create(std::move(request))); }

Task<RunHandle> KubernetesRunner::create(SubmitRequest request) {
  CO_TRY(Manifest manifest, build_manifest(request));
  if (request.progress) {
    for (const auto& notice : manifest.notices) request.progress(notice);
  }
  CO_TRY(const auto home, cluster("", ""));
  CO_TRY(const auto target, cluster(manifest.settings.config_file, manifest.settings.context));
  std::error_code error;
  std::filesystem::create_directories(context_.state_dir, error);
  Submission submission(home, target, request, {.service_poll = timing_.service_poll});
  co_return co_await submission.run(std::move(manifest), context_.blocking, context_.state_dir);
}

Task<JobStatus> KubernetesRunner::next_status(RunHandle handle, std::optional<JobStatus> known) {
  return no_throw(wait_for_change(std::move(handle), std::move(known)));
}

Task<JobStatus> KubernetesRunner::wait_for_change(RunHandle handle, std::optional<JobStatus> known) {
  CO_TRY(const auto where, cluster_of(handle));
  const auto job = where->watch().track(place_of(handle, where->space()));
  std::optional<UnixMillis> settle_by;
  for (;;) {
    const UnixMillis now = context_.clock->now();
    const Verdict verdict = job_verdict(job->facts, now, timing_.verdict);
    const bool seen = job->facts.object || job->facts.gone;
    std::optional<UnixMillis> look_again = verdict.look_again;
    bool settled = true;
    if (verdict.pods_matter) {
      if (!settle_by) settle_by = now + timing_.settle.count();
      const bool pods_ended = std::ranges::all_of(job->facts.pods, &PodView::settled);
      settled = (job->looked_after_end && pods_ended) || now >= *settle_by;
      look_again = settle_by;
    }
    if ((seen && settled) || !job->reachable) {
      JobStatus status = verdict.status;
      status.reachable = job->reachable || status.terminal();
      if (!seen && known) status.phase = known->phase;
      if (verdict.pods_matter && !settled) status = known.value_or(JobStatus{.phase = JobPhase::running});
      if (!known || status != *known || status.terminal()) co_return status;
    }
    std::optional<std::chrono::steady_clock::duration> limit;
    if (look_again) limit = Millis(std::max<UnixMillis>(100, *look_again - now));
    co_await job->changed.wait(limit);
  }
}

Task<> KubernetesRunner::follow_logs(RunHandle handle, std::uint64_t from, LogSink sink) {
  CO_TRY(const auto where, cluster_of(handle));
  const auto job = where->watch().track(place_of(handle, where->space()));
  auto copied = copy_pod_logs(where, job, from, std::move(sink));
  co_return co_await no_throw(std::move(copied));
}

Task<> KubernetesRunner::clean_up(RunHandle handle) { return no_throw(remove_job(std::move(handle))); }

Task<> KubernetesRunner::remove_job(RunHandle handle) {
  CO_TRY(const auto where, cluster_of(handle));
  CO_TRY(const auto home, cluster("", ""));
  const JobPlace place = place_of(handle, where->space());
  CO_TRY(const auto object, co_await where->api().find(place.resource.path(place.space, place.name)));
  const bool ours = object && kube::metadata(*object, "uid") == handle.uid;
  if (ours) {
    const auto state = place.plain_job() ? job_state(*object) : custom_state(*object, place.mapping);
    const auto tracked = where->watch().track(place);
    const bool over = state.terminal() || state.going ||
                      job_verdict(tracked->facts, context_.clock->now(), timing_.verdict).status.terminal();
    if (!over)
      co_return Error(Code::failed_precondition, fmt::format("cleaning up {}: it still runs", handle.name))
          .hint("Stop it first.");
    if (!keeps(handle)) {
      CO_TRY_VOID(co_await where->api().remove(place.resource.path(place.space, place.name),
                                               kube::Propagation::background, {}, handle.uid));
    }
  }
  // The key must not outlive the run, whatever keeps the rest.
  if (ours || !object) {
    CO_TRY_VOID(co_await where->api().remove(kube::resources::secrets.path(place.space, handle.name)));
    CO_TRY_VOID(co_await home->api().remove(kube::resources::config_maps.path(home->space(), handle.name)));
  }
  where->watch().forget(handle.uid);
  stops_.erase(handle.uid);
  co_return Result<>();
}

}  // namespace slipway::plugins::runners::kubernetes
