#include "server/tracking/log_signals.h"

namespace slipway::server {

std::shared_ptr<LogSignal> LogSignals::of(Id run) {
  std::erase_if(events_, [](const auto& entry) { return entry.second.expired(); });
  auto& slot = events_[run];
  auto signal = slot.lock();
  if (!signal) slot = signal = std::make_shared<LogSignal>(executor_);
  return signal;
}

void LogSignals::notify(Id run) {
  const auto found = events_.find(run);
  if (found == events_.end()) return;
  if (const auto signal = found->second.lock()) {
    ++signal->changes;
    signal->event.notify_all();
  }
}

}  // namespace slipway::server
