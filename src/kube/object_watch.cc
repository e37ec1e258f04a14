#include "kube/object_watch.h"

#include <random>

#include <fmt/format.h>

#include "base/log.h"

namespace slipway::kube {
namespace {

/// One list-and-watch in progress.
class Watching {
 public:
  Watching(std::shared_ptr<Api> api, WatchTarget target, WatchEvents events, WatchTiming timing)
      : api_(std::move(api)), target_(std::move(target)), events_(std::move(events)), timing_(timing) {}

  asio::awaitable<void> run() {
    Backoff backoff(timing_.retry);
    for (;;) {
      auto round = version_.empty() ? co_await list() : co_await watch();
      if (!round && round.error().code() == Code::cancelled) co_return;
      if (!round && round.error().code() == Code::stale) {
        version_.clear();
        continue;
      }
      // A watch that was open and then silent may only have had nothing to say: whether the server is there, the next one tells.
      const bool silent = !round && round.error().code() == Code::deadline_exceeded && opened_;
      if (round || silent) {
        backoff.reset();
        continue;
      }
      set_reachable(false, &round.error());
      auto slept = co_await sleep_for(*backoff.next());
      if (!slept) co_return;
    }
  }

 private:
  std::string path(std::string query) const {
    if (!target_.selector.empty()) query += "&" + target_.selector;
    return target_.resource.path(target_.space) + "?" + query;
  }

  void set_reachable(bool there, const Error* why) {
    if (reachable_ == there) return;
    reachable_ = there;
    if (!there && why != nullptr)
      log::warn("a Kubernetes watch was interrupted",
                {{"resource", target_.resource.plural}, {"namespace", target_.space}, {"error", why->message()}});
    events_.reachable(there, why);
  }

  Task<> list() {
    events_.listing();
    std::string next;
    do {
      std::string query = fmt::format("limit={}", timing_.page);
      if (!next.empty()) query += "&continue=" + net::url_encode(next);
      CO_TRY(Json page, co_await api_->get(path(std::move(query))));
      Json* items = page.get_object().if_contains("items");
      if (items != nullptr && items->is_array()) {
        for (auto& item : items->get_array()) events_.seen(std::move(item));
      }
      next = metadata(page, "continue");
      version_ = metadata(page, "resourceVersion");
    } while (!next.empty());
    events_.listed();
    set_reachable(true, nullptr);
    co_return Result<>();
  }

  Task<> watch() {
    const auto seconds = timing_.server_timeout.count() + static_cast<long>(random_() % 30);
    Api::Stream stream;
    stream.path = path(fmt::format("watch=1&allowWatchBookmarks=true&timeoutSeconds={}&resourceVersion={}", seconds,
                                   net::url_encode(version_)));
    stream.idle_timeout = timing_.idle;
    opened_ = false;
    stream.on_open = [this] {
      opened_ = true;
      set_reachable(true, nullptr);
    };
    stream.consume = [this](std::string piece) -> Task<bool> {
      CO_TRY_VOID(take(piece));
      co_return true;
    };
    unfinished_.clear();
    co_return co_await api_->stream(std::move(stream));
  }

  Result<> take(std::string_view piece) {
    unfinished_.append(piece);
    std::size_t start = 0;
    for (auto end = unfinished_.find('\n'); end != std::string::npos; end = unfinished_.find('\n', start)) {
      TRY_VOID(take_event(std::string_view(unfinished_).substr(start, end - start)));
      start = end + 1;
    }
    unfinished_.erase(0, start);
    return {};
  }

  Result<> take_event(std::string_view line) {
    auto event = parse_json(line, JsonLimits{.max_bytes = 64u << 20, .max_depth = 128});
    if (!event || !event->is_object()) return Error(Code::unavailable, "a watch event is no JSON object");
    const std::string type = text_or(*event, "type");
    Json* object = event->get_object().if_contains("object");
    if (object == nullptr) return Error(Code::unavailable, "a watch event carries no object");
    if (type == "ERROR") return api_error(static_cast<int>(int_or(*object, "code", 500)), to_text(*object));
    if (const auto version = metadata(*object, "resourceVersion"); !version.empty()) version_ = version;
    if (type == "DELETED")
      events_.deleted(std::move(*object));
    else if (type != "BOOKMARK")
      events_.seen(std::move(*object));
    return {};
  }

  std::shared_ptr<Api> api_;
  WatchTarget target_;
  WatchEvents events_;
  WatchTiming timing_;
  std::string version_;     ///< Where to go on; "": a list is due.
  std::string unfinished_;  ///< The beginning of an event.
  std::optional<bool> reachable_;
  bool opened_ = false;  ///< The current watch was answered.
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace

asio::awaitable<void> list_and_watch(std::shared_ptr<Api> api, WatchTarget target, WatchEvents events,
                                     WatchTiming timing) {
  Watching watching(std::move(api), std::move(target), std::move(events), timing);
  co_await watching.run();
}

}  // namespace slipway::kube
