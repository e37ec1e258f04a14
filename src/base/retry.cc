#include "base/retry.h"

#include <algorithm>
#include <cmath>

namespace slipway {

std::optional<Millis> Backoff::next(std::optional<Millis> retry_after) {
  if (policy_.give_up_after && waited_ >= *policy_.give_up_after) return std::nullopt;
  const double step = std::min(static_cast<double>(policy_.first.count()) * std::pow(policy_.factor, failures_),
                               static_cast<double>(policy_.max.count()));
  ++failures_;
  std::uniform_real_distribution<double> jitter(0.5, 1.0);
  const auto wait =
      std::max(Millis(static_cast<std::int64_t>(step * jitter(random_))), retry_after.value_or(Millis(0)));
  waited_ += wait;
  return wait;
}

void Backoff::reset() {
  failures_ = 0;
  waited_ = Millis(0);
}

}  // namespace slipway
