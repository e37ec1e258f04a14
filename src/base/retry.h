// Backoff: how long to wait before the next try. One policy type for every loop that retries.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <random>

#include "base/clock.h"

namespace slipway {

struct BackoffPolicy {
  Millis first{200};
  Millis max{30'000};
  double factor = 2.0;
  std::optional<Millis> give_up_after;  ///< Total time since the first failure; nothing: never.
};

/// Full jitter: a random time between half and all of the exponential step. Not thread-safe.
class Backoff {
 public:
  explicit Backoff(BackoffPolicy policy, std::uint64_t seed = std::random_device{}())
      : policy_(policy), random_(seed) {}
  /// The next wait, at least `retry_after` when the server asked for it. Nothing: give up.
  std::optional<Millis> next(std::optional<Millis> retry_after = {});
  /// After a success.
  void reset();
  int failures() const { return failures_; }

 private:
  BackoffPolicy policy_;
  std::mt19937_64 random_;
  int failures_ = 0;
  Millis waited_{0};
};

}  // namespace slipway
