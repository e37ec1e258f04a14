#include "plugins/runners/kubernetes/pod_logs.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/retry.h"
#include "plugins/runners/kubernetes/manifest.h"
#include "plugins/runners/log_lines.h"

namespace slipway::plugins::runners::kubernetes {
namespace {

constexpr BackoffPolicy kReconnect{.first = Millis(200), .max = Millis(3'000)};
constexpr std::chrono::milliseconds kLastWords{300};
constexpr std::chrono::seconds kLookAgain{10};  ///< A change of a pod may be missed; it is asked for again then.

/// What is read as one stream: one run of one container.
struct Source {
  std::string pod;
  std::string container;
  bool previous = false;  ///< The run before the last restart.
};

/// An indexed job's pods in the order of their indexes, everything else as it came.
bool comes_before(const PodView& a, const PodView& b) {
  const auto key = [](const PodView& pod) { return std::tuple(pod.index.size(), pod.index, pod.created, pod.name); };
  return key(a) < key(b);
}

class Copying {
 public:
  Copying(std::shared_ptr<Cluster> cluster, std::shared_ptr<TrackedJob> job, std::uint64_t from, Runner::LogSink sink)
      : cluster_(std::move(cluster)), job_(std::move(job)), from_(from), sink_(std::move(sink)) {}

  Task<> run() {
    for (;;) {
      const PodView* pod = next_pod();
      if (pod != nullptr) {
        const std::string uid = pod->uid;
        CO_TRY_VOID(co_await copy_pod(uid));
        done_.insert(uid);
        continue;
      }
      if (job_->facts.gone && done_.empty())
        co_return Error(Code::not_found, fmt::format("there is no output of {}: it was removed", job_->place.name));
      const bool over =
          job_->facts.gone || (job_->facts.object && job_->facts.object->terminal() && job_->looked_after_end);
      if (over) co_return Result<>();
      co_await job_->changed.wait();
    }
  }

 private:
  /// The next pod that has something to say, nullptr when there is none now.
  const PodView* next_pod() const {
    const PodView* best = nullptr;
    for (const auto& pod : job_->facts.pods) {
      const bool begun = pod.running() || pod.ended() || has_ended_container(pod);
      if (done_.contains(pod.uid) || !begun) continue;
      if (best == nullptr || comes_before(pod, *best)) best = &pod;
    }
    return best;
  }

  static bool has_ended_container(const PodView& pod) {
    return std::ranges::any_of(pod.containers, [](const ContainerView& one) {
      return one.state == ContainerView::State::terminated || one.restarts > 0;
    });
  }

  const PodView* pod(const std::string& uid) const {
    const auto found = std::ranges::find(job_->facts.pods, uid, &PodView::uid);
    return found == job_->facts.pods.end() ? nullptr : &*found;
  }

  const ContainerView* container(const std::string& uid, const std::string& name) const {
    const PodView* of = pod(uid);
    if (of == nullptr) return nullptr;
    const auto found = std::ranges::find(of->containers, name, &ContainerView::name);
    return found == of->containers.end() ? nullptr : &*found;
  }

  /// Init containers speak only when they failed.
  std::vector<std::string> containers_of(const PodView& of) const {
    std::vector<std::string> names;
    for (const auto& one : of.containers) {
      const bool failed = one.state == ContainerView::State::terminated && one.exit_code != 0;
      if (!one.before || failed) names.push_back(one.name);
    }
    return names;
  }

  Task<> copy_pod(std::string uid) {
    const PodView* of = pod(uid);
    if (of == nullptr) co_return Result<>();
    const std::string name = of->name;
    if (!done_.empty()) CO_TRY_VOID(co_await emit({fmt::format("[slipway] output of pod {}", name)}));
    const auto containers = containers_of(*of);
    for (const auto& one : containers) {
      CO_TRY_VOID(co_await copy_container(uid, name, one));
    }
    co_return Result<>();
  }

  /// Until the container has ended for good.
  Task<> copy_container(std::string uid, std::string pod_name, std::string name) {
    const ContainerView* first = container(uid, name);
    int run = first == nullptr ? 0 : first->restarts;
    if (run > 0) {
      const Source before{.pod = pod_name, .container = name, .previous = true};
      CO_TRY_VOID(co_await copy_all(before, uid));
    }
    for (;;) {
      const Source now{.pod = pod_name, .container = name};
      CO_TRY_VOID(co_await copy_all(now, uid));
      // The end of a run is not the end of the container where it is started again.
      while (!over(uid, name) && restarts(uid, name) == run) co_await job_->changed.wait(kLookAgain);
      if (restarts(uid, name) == run) co_return Result<>();
      run = restarts(uid, name);
    }
  }

  int restarts(const std::string& uid, const std::string& name) const {
    const ContainerView* one = container(uid, name);
    return one == nullptr ? 0 : one->restarts;
  }

  bool over(const std::string& uid, const std::string& name) const {
    const PodView* of = pod(uid);
    const ContainerView* one = container(uid, name);
    return of == nullptr || one == nullptr || of->ended() || job_->facts.gone ||
           (one->state == ContainerView::State::terminated && job_->facts.object && job_->facts.object->terminal());
  }

  bool ended(const std::string& uid, const Source& source) const {
    const ContainerView* one = container(uid, source.container);
    return source.previous || one == nullptr || one->state == ContainerView::State::terminated ||
           over(uid, source.container);
  }

  /// One run of a container, over cut connections.
  Task<> copy_all(Source source, std::string uid) {
    Backoff backoff(kReconnect);
    const std::uint64_t start = position_;
    for (;;) {
      // Only what is asked for after the end is complete: a stream that was open at the end may be closed too early, and
      // runtimes write the last words down a moment after they call a container ended.
      const bool last_read = ended(uid, source);
      if (last_read) CO_TRY_VOID(co_await sleep_for(kLastWords));
      const std::uint64_t before = position_;
      auto copied = co_await copy_once(source, start, last_read);
      const bool more = position_ != before;
      if (copied && last_read && (!more || source.previous)) co_return Result<>();
      if (!copied) {
        const Code code = copied.error().code();
        const bool nothing = code == Code::not_found || code == Code::invalid_argument;
        if (nothing && last_read) co_return Result<>();
        if (!nothing && !retryable(code) && code != Code::failed_precondition) co_return copied;
      }
      if (more) backoff.reset();
      if (copied && ended(uid, source)) continue;
      co_await job_->changed.wait(*backoff.next());
    }
  }

  Task<> copy_once(Source source, std::uint64_t start, bool last_read) {
    const auto splitter = std::make_shared<LineSplitter>(position_ - start);
    kube::Api::Stream stream;
    stream.path = kube::resources::pods.path(job_->place.space, source.pod) +
                  "/log?container=" + net::url_encode(source.container) +
                  (source.previous ? "&previous=true" : "&follow=true");
    stream.consume = [this, splitter](std::string piece) -> Task<bool> {
      std::vector<std::string> lines;
      splitter->feed(piece, lines);
      CO_TRY_VOID(co_await emit(std::move(lines)));
      co_return true;
    };
    CO_TRY_VOID(co_await cluster_->api().stream(std::move(stream)));
    if (!last_read) co_return Result<>();
    std::vector<std::string> last;
    splitter->finish(last);
    co_return co_await emit(std::move(last));
  }

  Task<> emit(std::vector<std::string> lines) {
    if (lines.empty()) co_return Result<>();
    const std::uint64_t first = position_;
    position_ += lines.size();
    if (position_ <= from_) co_return Result<>();
    if (first < from_) lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(from_ - first));
    auto taken = co_await sink_(std::move(lines));
    if (!taken) position_ = first;
    co_return taken;
  }

  std::shared_ptr<Cluster> cluster_;
  std::shared_ptr<TrackedJob> job_;
  std::uint64_t from_;
  std::uint64_t position_ = 0;  ///< Number of the next line.
  Runner::LogSink sink_;
  std::set<std::string> done_;  ///< Pods by uid.
};

}  // namespace

Task<> copy_pod_logs(std::shared_ptr<Cluster> cluster, std::shared_ptr<TrackedJob> job, std::uint64_t from,
                     Runner::LogSink sink) {
  const auto copying = std::make_shared<Copying>(std::move(cluster), std::move(job), from, std::move(sink));
  co_return co_await copying->run();
}

}  // namespace slipway::plugins::runners::kubernetes
