#include "plugins/runners/local_container/container_watch.h"

#include "base/log.h"
#include "base/retry.h"

namespace slipway::plugins::runners::local_container {
namespace {

// Every container of slipway carries the label; the value is not asked for, because one engine may serve
// several servers.
constexpr std::string_view kEvents = R"({"type":["container"],"label":["slipway.dev/server"]})";
constexpr std::chrono::milliseconds kLookAgain{30'000};  ///< A stream that is open and silent may be dead.
constexpr std::chrono::milliseconds kTryAgain{1'000};
constexpr BackoffPolicy kReconnect{.first = Millis(200), .max = Millis(2'000)};

}  // namespace

struct ContainerWatch::State {
  State(asio::any_io_executor on, std::shared_ptr<EngineApi> api, const Clock& time)
      : executor(std::move(on)), engine(std::move(api)), clock(time), work(executor) {}

  void opened() {
    if (away) {
      outage = {away_since, clock.now()};
      away = false;
      log::info("the Docker engine is back", {{"host", engine->host().address}});
    }
    everything_dirty();
  }

  void closed(const Error& why) {
    if (!away) {
      away = true;
      away_since = clock.now();
      log::warn("the Docker engine is away", {{"host", engine->host().address}, {"error", why.message()}});
    }
    for (auto& [id, container] : tracked) set_reachable(*container, false);
  }

  static void set_reachable(TrackedContainer& container, bool reachable) {
    if (container.reachable == reachable) return;
    container.reachable = reachable;
    container.changed.notify_all();
  }

  void everything_dirty() {
    for (auto& [id, container] : tracked) container->dirty = true;
    work.notify_all();
  }

  void take_events(std::string_view piece) {
    unfinished.append(piece);
    std::size_t start = 0;
    for (auto end = unfinished.find('\n'); end != std::string::npos; end = unfinished.find('\n', start)) {
      take_event(std::string_view(unfinished).substr(start, end - start));
      start = end + 1;
    }
    unfinished.erase(0, start);
  }

  void take_event(std::string_view line) {
    const auto event = parse_json(line);
    if (!event) return;
    const Json* actor = slipway::find(*event, "Actor");
    const auto found = tracked.find(actor == nullptr ? "" : text_or(*actor, "ID"));
    if (found == tracked.end()) return;
    found->second->dirty = true;
    work.notify_all();
  }

  /// False: the engine did not answer, and the container has to be looked at again.
  bool update(TrackedContainer& container, const Result<Json>& seen) {
    if (!seen && seen.error().code() != Code::not_found) {
      container.dirty = true;
      set_reachable(container, false);
      return false;
    }
    const bool known = seen && text_or(*seen, "Id") == container.id;
    std::optional<ContainerState> state;
    if (known) state = container_state(*seen);
    const bool changed = container.gone == known || container.state != state || !container.reachable;
    container.gone = !known;
    container.state = std::move(state);
    container.reachable = true;
    if (changed) container.changed.notify_all();
    return true;
  }

  void silence(bool is_silent) {
    if (std::exchange(silent, is_silent) && !is_silent) everything_dirty();
    if (!is_silent) return;
    for (auto& [id, container] : tracked) set_reachable(*container, false);
  }

  std::shared_ptr<TrackedContainer> next_dirty() {
    for (auto& [id, container] : tracked) {
      if (std::exchange(container->dirty, false)) return container;
    }
    return nullptr;
  }

  void drop_unused() {
    std::erase_if(tracked, [](const auto& entry) { return entry.second.use_count() == 1; });
  }

  asio::any_io_executor executor;
  std::shared_ptr<EngineApi> engine;
  const Clock& clock;
  std::map<std::string, std::shared_ptr<TrackedContainer>> tracked;
  Event work;
  std::string unfinished;  ///< The beginning of an event.
  bool away = false;
  bool silent = false;  ///< The stream is open, and the engine answers nothing.
  UnixMillis away_since = 0;
  std::pair<UnixMillis, UnixMillis> outage{0, 0};
};

ContainerWatch::ContainerWatch(asio::any_io_executor executor, std::shared_ptr<EngineApi> engine, const Clock& clock)
    : state_(std::make_shared<State>(std::move(executor), std::move(engine), clock)) {}

ContainerWatch::~ContainerWatch() = default;

std::pair<UnixMillis, UnixMillis> ContainerWatch::last_outage() const { return state_->outage; }

void ContainerWatch::forget(const std::string& id) { state_->tracked.erase(id); }

std::shared_ptr<TrackedContainer> ContainerWatch::track(const std::string& id) {
  auto& container = state_->tracked[id];
  if (!container) {
    container = std::make_shared<TrackedContainer>(state_->executor, id);
    container->reachable = !state_->away;
    state_->work.notify_all();
  }
  listener_.start(state_->executor, "Docker events", [state = state_] { return listen(state); });
  looker_.start(state_->executor, "Docker containers", [state = state_] { return look(state); });
  return container;
}

asio::awaitable<void> ContainerWatch::listen(std::shared_ptr<State> state) {
  Backoff backoff(kReconnect);
  for (;;) {
    state->unfinished.clear();
    EngineApi::Stream events;
    events.path = "/events?filters=" + net::url_encode(kEvents);
    // The HTTP client's thread may be the last to let go of these, and timers of `state` belong to this one.
    const std::weak_ptr<State> weak = state;
    events.on_open = [weak, &backoff] {
      backoff.reset();
      if (const auto open = weak.lock()) open->opened();
    };
    events.consume = [weak](std::string piece) -> Task<bool> {
      const auto open = weak.lock();
      if (open) open->take_events(piece);
      co_return open != nullptr;
    };
    auto ended = co_await state->engine->stream(std::move(events));
    if (!ended && ended.error().code() == Code::cancelled) co_return;
    state->closed(ended ? Error(Code::unavailable, "the event stream ended") : std::move(ended).error());
    const auto wait = *backoff.next();
    auto slept = co_await sleep_for(wait);
    if (!slept) co_return;
  }
}

asio::awaitable<void> ContainerWatch::look(std::shared_ptr<State> state) {
  for (;;) {
    bool failed = false;
    for (auto container = state->next_dirty(); container && !failed;
         container = failed ? nullptr : state->next_dirty()) {
      const std::string path = "/containers/" + net::url_encode(container->id) + "/json";
      const auto seen = co_await state->engine->get(path);
      failed = !state->update(*container, seen);
    }
    const bool woken = co_await state->work.wait(failed ? kTryAgain : kLookAgain);
    if (woken || failed) continue;
    state->drop_unused();
    const auto answer = co_await state->engine->get("/version");
    state->silence(!answer);
  }
}

}  // namespace slipway::plugins::runners::local_container
