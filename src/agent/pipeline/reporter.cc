#include "agent/pipeline/reporter.h"

#include "base/retry.h"

namespace slipway::agent {

Reporter::Reporter(Control& control, Held item) : control_(control), item_(std::move(item)) {}

Task<> Reporter::tell(Report report) {
  Backoff backoff({.first = Millis(100), .max = Millis(5'000)});
  for (;;) {
    auto told = co_await control_.report(item_, report);
    if (told) {
      cancel_requested_ = cancel_requested_ || *told;
      co_return Result<>();
    }
    const Code code = told.error().code();
    // A conflict says that the item has ended, with another outcome than ours: the stored one stands (I4).
    if (code == Code::conflict || code == Code::not_found) co_return Error(Code::stale, told.error().message());
    if (!retryable(code)) co_return std::move(told).error().wrap("reporting to the server");
    CO_TRY_VOID(co_await sleep_for(*backoff.next()));
  }
}

Task<> Reporter::release(std::string reason) { return control_.release(item_, std::move(reason)); }

}  // namespace slipway::agent
