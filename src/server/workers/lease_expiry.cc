#include "server/workers/lease_expiry.h"

#include <algorithm>

#include "base/log.h"
#include "server/service/changes.h"

namespace slipway::server {
namespace {

constexpr Millis kLongestSleep{30'000};
constexpr Millis kAfterFailure{1'000};

}  // namespace

LeaseExpiry::LeaseExpiry(asio::any_io_executor executor, Store& store, DispatchService& dispatch, Live& live,
                         const Clock& clock)
    : store_(store), dispatch_(dispatch), live_(live), clock_(clock), changed_(std::move(executor)) {}

void LeaseExpiry::granted(UnixMillis next) {
  if (armed_ && *armed_ <= next) return;
  armed_ = next;
  changed_.notify_all();
}

Task<> LeaseExpiry::sweep() {
  for (;;) {
    CO_TRY(const auto expired, co_await store_.expire_leases());
    for (const auto& item : expired.items) publish_item(live_, item);
    for (const Id queue : expired.queues) {
      const auto row = co_await store_.get_queue(queue);
      if (row && *row) publish_queue(live_, **row, "leases ran out");
      // Some may be takeovers, which not every agent of the queue can take.
      dispatch_.queue_changed(queue);
    }
    if (!expired.more) co_return Result<>();
  }
}

Task<> LeaseExpiry::wait_for_next() {
  CO_TRY(armed_, co_await store_.next_expiry());
  // Another server on the same database may have granted one, so this never sleeps for long.
  Millis wait = kLongestSleep;
  if (armed_) wait = std::clamp(Millis(*armed_ - clock_.now()), Millis(0), kLongestSleep);
  if (wait.count() > 0) co_await changed_.wait(wait + Millis(1));
  co_return Result<>();
}

asio::awaitable<void> LeaseExpiry::run() {
  for (;;) {
    auto waited = co_await wait_for_next();
    if (waited && armed_ && *armed_ > clock_.now()) continue;
    if (waited) waited = co_await sweep();
    if (waited) continue;
    log::warn("lease expiry failed", {{"error", waited.error().message()}});
    const auto slept = co_await sleep_for(kAfterFailure);
    if (!slept) co_return;
  }
}

}  // namespace slipway::server
