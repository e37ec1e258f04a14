// list_and_watch: the objects of one resource, kept up to date over resets, stalls and expired versions.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "base/retry.h"
#include "kube/api.h"

namespace slipway::kube {

struct WatchTiming {
  /// The server ends a watch after that long by itself; the next one goes on where it ended.
  std::chrono::seconds server_timeout{270};
  /// A watch that says nothing for that long is taken for dead. The server sends a bookmark about every minute.
  Millis idle{100'000};
  BackoffPolicy retry{.first = Millis(250), .max = Millis(5'000)};
  std::size_t page = 500;  ///< Objects asked for at once when listing.
};

struct WatchEvents {
  /// A list begins: what is not seen until `listed` does not exist any more.
  std::function<void()> listing;
  std::function<void(Json object)> seen;                        ///< New or changed.
  std::function<void(Json object)> deleted;                     ///< With its last state.
  std::function<void()> listed;                                 ///< The list is complete.
  std::function<void(bool there, const Error* why)> reachable;  ///< Called on every change, and once at the first list.
};

struct WatchTarget {
  Resource resource;
  std::string space;     ///< "": all namespaces.
  std::string selector;  ///< Query part, url-encoded: "labelSelector=…" or "fieldSelector=…". May be empty.
};

/// Runs until it is cancelled. Level-triggered: whoever uses it keeps the newest object, not the events. Rights that
/// are missing are reported as not reachable, with the reason, and asked for again. `events` are called on the awaiting
/// coroutine's executor.
asio::awaitable<void> list_and_watch(std::shared_ptr<Api> api, WatchTarget target, WatchEvents events,
                                     WatchTiming timing);

}  // namespace slipway::kube
