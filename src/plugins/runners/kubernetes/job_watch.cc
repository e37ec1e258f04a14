#include "plugins/runners/kubernetes/job_watch.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/log.h"
#include "plugins/runners/background.h"
#include "plugins/runners/kubernetes/manifest.h"

namespace slipway::plugins::runners::kubernetes {
namespace {

constexpr std::size_t kMaxPods = 1'000;   ///< Kept of one job; of more the newest say how it is.
constexpr std::size_t kMaxWarnings = 10;  ///< Kept of one job.
constexpr std::chrono::milliseconds kTryAgain{1'000};

using Jobs = std::map<std::string, std::shared_ptr<TrackedJob>>;

std::string pod_key(const std::string& item, const std::string& attempt) { return item + "/" + attempt; }

std::string pod_key(const Json& object) {
  return pod_key(kube::label(object, kItemLabel), kube::label(object, "slipway.dev/attempt"));
}

void add_warning(std::vector<Warning>& list, Warning warning) {
  std::erase_if(list, [&](const Warning& old) { return old.reason == warning.reason; });
  list.insert(list.begin(), std::move(warning));
  if (list.size() > kMaxWarnings) list.pop_back();
}

/// A pod that is gone from the cluster says how its job ended as long as it had ended itself, or was taken away.
bool worth_keeping(const PodView& pod) {
  const bool any_ended = std::ranges::any_of(
      pod.containers, [](const ContainerView& one) { return one.state == ContainerView::State::terminated; });
  return pod.ended() || !pod.disruption.empty() || any_ended;
}

}  // namespace

struct JobWatch::State {
  State(asio::any_io_executor on, std::shared_ptr<kube::Api> server, kube::WatchTiming times)
      : executor(std::move(on)), api(std::move(server)), timing(times), work(executor) {}

  /// One list-and-watch and what its list has not shown yet.
  struct Watch {
    Background loop;
    std::set<std::string> missing;
    bool away = false;
  };
  using Target = std::pair<std::string, std::string>;  ///< Plural with group and version, namespace.

  static Target target_of(const kube::Resource& resource, const std::string& space) {
    return {resource.group_version + "/" + resource.plural, space};
  }

  void read_object(TrackedJob& job, const Json& object) {
    auto state = job.place.plain_job() ? job_state(object) : custom_state(object, job.place.mapping);
    const bool ends = state.terminal() && !(job.facts.object && job.facts.object->terminal());
    if (ends && !job.looked_after_end) mark_dirty(job);
    if (job.facts.object == state && !job.facts.gone) return;
    job.facts.object = std::move(state);
    job.facts.gone = false;
    job.changed.notify_all();
  }

  void read_pod(const Json& object) {
    const auto found = by_pod.find(pod_key(object));
    if (found == by_pod.end()) return;
    put_pod(*found->second, pod_view(object));
  }

  void put_pod(TrackedJob& job, PodView pod) {
    auto& pods = job.facts.pods;
    const auto old = std::ranges::find(pods, pod.uid, &PodView::uid);
    if (old != pods.end() && *old == pod) return;
    by_uid[pod.uid] = job.place.uid;
    if (old != pods.end()) {
      *old = std::move(pod);
    } else {
      if (pods.size() >= kMaxPods) pods.erase(pods.begin());
      pods.push_back(std::move(pod));
    }
    job.changed.notify_all();
  }

  void drop_pod(TrackedJob& job, const std::string& uid) {
    auto& pods = job.facts.pods;
    const auto found = std::ranges::find(pods, uid, &PodView::uid);
    if (found == pods.end()) return;
    by_uid.erase(uid);
    if (worth_keeping(*found)) {
      if (!found->ended()) found->phase = "Failed";
      found->gone_by.reset();
    } else {
      pods.erase(found);
    }
    job.changed.notify_all();
  }

  void read_event(const Json& event) {
    const Json* about = slipway::find(event, "involvedObject");
    const std::string uid = about == nullptr ? "" : text_or(*about, "uid");
    const auto owner = by_uid.find(uid);
    const auto job = jobs.find(owner == by_uid.end() ? uid : owner->second);
    if (job == jobs.end()) return;
    Warning warning{.reason = text_or(event, "reason"), .message = text_or(event, "message")};
    auto& list = owner == by_uid.end() ? job->second->facts.warnings : job->second->facts.pod_warnings;
    if (!list.empty() && list.front() == warning) return;
    add_warning(list, std::move(warning));
    job->second->changed.notify_all();
  }

  void mark_dirty(TrackedJob& job) {
    job.dirty = true;
    work.notify_all();
  }

  void set_reachable(const Target& target, bool there) {
    for (auto& [uid, job] : jobs) {
      if (target_of(job->place.resource, job->place.space) != target || job->reachable == there) continue;
      job->reachable = there;
      job->changed.notify_all();
    }
  }

  void start(const std::shared_ptr<State>& self, const kube::Resource& resource, const std::string& space,
             kube::WatchEvents events, std::string selector) {
    auto& watch = watches[target_of(resource, space)];
    if (watch) return;
    watch = std::make_unique<Watch>();
    kube::WatchTarget target{.resource = resource, .space = space, .selector = std::move(selector)};
    watch->loop.start(executor, fmt::format("watch of {} in {}", resource.plural, space),
                      [self, target, events]() -> asio::awaitable<void> {
                        return kube::list_and_watch(self->api, target, events, self->timing);
                      });
  }

  void watch_objects(const std::shared_ptr<State>& self, const kube::Resource& resource, const std::string& space) {
    const Target target = target_of(resource, space);
    kube::WatchEvents events;
    events.listing = [self, target] {
      auto& missing = self->watches.at(target)->missing;
      missing.clear();
      for (const auto& [uid, job] : self->jobs) {
        if (target_of(job->place.resource, job->place.space) == target) missing.insert(uid);
      }
    };
    events.seen = [self, target](const Json& object) {
      const auto uid = kube::metadata(object, "uid");
      self->watches.at(target)->missing.erase(uid);
      if (const auto found = self->jobs.find(uid); found != self->jobs.end()) self->read_object(*found->second, object);
    };
    events.deleted = [self](const Json& object) {
      const auto found = self->jobs.find(kube::metadata(object, "uid"));
      if (found == self->jobs.end()) return;
      self->read_object(*found->second, object);
      found->second->facts.gone = true;
      found->second->changed.notify_all();
    };
    events.listed = [self, target] {
      for (const auto& uid : self->watches.at(target)->missing) {
        if (const auto found = self->jobs.find(uid); found != self->jobs.end()) self->mark_dirty(*found->second);
      }
    };
    events.reachable = [self, target](bool there, const Error*) {
      self->watches.at(target)->away = !there;
      self->set_reachable(target, there);
    };
    start(self, resource, space, std::move(events), "labelSelector=" + net::url_encode(kItemLabel));
  }

  void watch_pods(const std::shared_ptr<State>& self, const std::string& space) {
    const Target target = target_of(kube::resources::pods, space);
    kube::WatchEvents events;
    events.listing = [self, target, space] {
      auto& missing = self->watches.at(target)->missing;
      missing.clear();
      for (const auto& [uid, job] : self->jobs) {
        if (job->place.space != space) continue;
        for (const auto& pod : job->facts.pods) missing.insert(pod.uid);
      }
    };
    events.seen = [self, target](const Json& object) {
      self->watches.at(target)->missing.erase(kube::metadata(object, "uid"));
      self->read_pod(object);
    };
    events.deleted = [self](const Json& object) {
      self->read_pod(object);
      const auto found = self->by_pod.find(pod_key(object));
      if (found != self->by_pod.end()) self->drop_pod(*found->second, kube::metadata(object, "uid"));
    };
    events.listed = [self, target] {
      for (const auto& uid : std::exchange(self->watches.at(target)->missing, {})) {
        const auto owner = self->by_uid.find(uid);
        if (owner == self->by_uid.end()) continue;
        if (const auto job = self->jobs.find(owner->second); job != self->jobs.end()) self->drop_pod(*job->second, uid);
      }
    };
    events.reachable = [](bool, const Error*) {};
    start(self, kube::resources::pods, space, std::move(events), "labelSelector=" + net::url_encode(kItemLabel));
  }

  void watch_warnings(const std::shared_ptr<State>& self, const std::string& space) {
    kube::WatchEvents events;
    events.listing = [] {};
    events.seen = [self](const Json& event) { self->read_event(event); };
    events.deleted = [](const Json&) {};
    events.listed = [] {};
    events.reachable = [](bool, const Error*) {};
    start(self, kube::resources::events, space, std::move(events), "fieldSelector=type%3DWarning");
  }

  std::shared_ptr<TrackedJob> next_dirty() {
    for (auto& [uid, job] : jobs) {
      if (std::exchange(job->dirty, false)) return job;
    }
    return nullptr;
  }

  /// Asks for the object by its name, then for its pods.
  Task<> look_at(std::shared_ptr<TrackedJob> job) {
    const auto& place = job->place;
    const bool ended = job->facts.object && job->facts.object->terminal();
    if (!job->facts.gone) {
      CO_TRY(const auto object, co_await api->find(place.resource.path(place.space, place.name)));
      if (object && kube::metadata(*object, "uid") == place.uid) {
        read_object(*job, *object);
      } else {
        job->facts.gone = true;
        job->changed.notify_all();
      }
    }
    if (place.item.empty()) co_return Result<>();
    const std::string query = "?labelSelector=" + kube::selector({{std::string(kItemLabel), place.item},
                                                                  {"slipway.dev/attempt", place.attempt}});
    CO_TRY(const Json pods, co_await api->get(kube::resources::pods.path(place.space) + query));
    const Json* items = slipway::find(pods, "items");
    for (const auto& pod : items != nullptr && items->is_array() ? items->get_array() : JsonArray())
      put_pod(*job, pod_view(pod));
    if (ended || (job->facts.object && job->facts.object->terminal())) {
      job->looked_after_end = true;
      job->changed.notify_all();
    }
    co_return Result<>();
  }

  static asio::awaitable<void> look(std::shared_ptr<State> self) {
    for (;;) {
      auto job = self->next_dirty();
      if (!job) {
        co_await self->work.wait();
        continue;
      }
      auto looked = self->look_at(job);
      const auto outcome = co_await no_throw(std::move(looked));
      if (outcome) {
        if (!job->reachable) {
          job->reachable = true;
          job->changed.notify_all();
        }
        continue;
      }
      if (outcome.error().code() == Code::cancelled) co_return;
      log::debug("a job cannot be asked for", {{"job", job->place.name}, {"error", outcome.error().message()}});
      job->dirty = true;
      if (job->reachable) {
        job->reachable = false;
        job->changed.notify_all();
      }
      auto slept = co_await sleep_for(kTryAgain);
      if (!slept) co_return;
    }
  }

  asio::any_io_executor executor;
  std::shared_ptr<kube::Api> api;
  kube::WatchTiming timing;
  Jobs jobs;                                  ///< By uid.
  Jobs by_pod;                                ///< By item and attempt.
  std::map<std::string, std::string> by_uid;  ///< Pod to job.
  std::map<Target, std::unique_ptr<Watch>> watches;
  Background looker;
  Event work;
};

JobWatch::JobWatch(asio::any_io_executor executor, std::shared_ptr<kube::Api> api, kube::WatchTiming timing)
    : state_(std::make_shared<State>(std::move(executor), std::move(api), timing)) {}

JobWatch::~JobWatch() {
  // The loops own the state: without their end it would never go.
  for (auto& [target, watch] : state_->watches) watch->loop.cancel();
  state_->looker.cancel();
}

std::shared_ptr<TrackedJob> JobWatch::track(const JobPlace& place) {
  auto& job = state_->jobs[place.uid];
  if (!job) {
    job = std::make_shared<TrackedJob>(state_->executor, place);
    if (!place.item.empty()) state_->by_pod[pod_key(place.item, place.attempt)] = job;
    state_->watch_objects(state_, place.resource, place.space);
    state_->watch_pods(state_, place.space);
    state_->watch_warnings(state_, place.space);
    state_->looker.start(state_->executor, "Kubernetes jobs", [state = state_] { return State::look(state); });
    state_->mark_dirty(*job);
  }
  return job;
}

void JobWatch::forget(const std::string& uid) {
  const auto found = state_->jobs.find(uid);
  if (found == state_->jobs.end()) return;
  const auto job = found->second;
  for (const auto& pod : job->facts.pods) state_->by_uid.erase(pod.uid);
  state_->by_pod.erase(pod_key(job->place.item, job->place.attempt));
  state_->jobs.erase(found);
}

}  // namespace slipway::plugins::runners::kubernetes
