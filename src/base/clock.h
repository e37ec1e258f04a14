// The one clock. Everything that decides by time takes a Clock, so that tests own it.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

namespace slipway {

using Millis = std::chrono::milliseconds;
using UnixMillis = std::int64_t;  ///< Milliseconds since 1970-01-01T00:00:00Z: what is stored and sent.

class Clock {
 public:
  virtual ~Clock() = default;
  /// Wall time, for records that people read.
  virtual UnixMillis now() const = 0;
  /// Never goes back: for durations and leases.
  virtual std::chrono::steady_clock::time_point steady() const = 0;
};

/// The operating system's clocks. Thread-safe.
const Clock& system_clock();

/// Stands still until told otherwise. Thread-safe.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(UnixMillis start = 1'700'000'000'000) : now_(start) {}
  UnixMillis now() const override { return now_.load(); }
  std::chrono::steady_clock::time_point steady() const override {
    return std::chrono::steady_clock::time_point(Millis(now_.load()));
  }
  void advance(Millis by) { now_ += by.count(); }

 private:
  std::atomic<UnixMillis> now_;
};

/// "2026-11-24T08:07:28.123Z".
std::string to_iso8601(UnixMillis time);

}  // namespace slipway
