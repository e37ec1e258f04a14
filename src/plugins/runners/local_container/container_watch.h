// ContainerWatch: one event stream of the engine for all containers of slipway.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "async/event.h"
#include "plugins/runners/background.h"
#include "plugins/runners/local_container/container_status.h"
#include "plugins/runners/local_container/engine_api.h"

namespace slipway::plugins::runners::local_container {

/// One container, as last seen. Look first, then wait.
struct TrackedContainer {
  TrackedContainer(const asio::any_io_executor& executor, std::string container)
      : id(std::move(container)), changed(executor) {}
  const std::string id;
  std::optional<ContainerState> state;  ///< Nothing: not seen yet.
  bool gone = false;                    ///< The engine answers and does not know it.
  bool reachable = true;
  bool dirty = true;  ///< To be inspected.
  Event changed;
};

/// Level-triggered: an event only says which container to look at, and after every (re)connection all are
/// looked at. An engine that is away makes everything unreachable and fails nothing. Runs from the first
/// track() on. All calls on the executor's thread.
class ContainerWatch {
 public:
  ContainerWatch(asio::any_io_executor executor, std::shared_ptr<EngineApi> engine, const Clock& clock);
  ~ContainerWatch();
  /// `id`: the engine's full id. Equal ids share one object.
  std::shared_ptr<TrackedContainer> track(const std::string& id);
  void forget(const std::string& id);
  /// The last time that the engine was away, as (from, until); zeros before the first.
  std::pair<UnixMillis, UnixMillis> last_outage() const;

 private:
  struct State;
  static asio::awaitable<void> listen(std::shared_ptr<State> state);
  static asio::awaitable<void> look(std::shared_ptr<State> state);

  std::shared_ptr<State> state_;
  Background listener_;
  Background looker_;
};

}  // namespace slipway::plugins::runners::local_container
