// Metrics: counters and latencies of requests in the text format of Prometheus. Own and small: one thread, a handful of names.
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace slipway::server {

/// All calls on one executor's thread.
class Metrics {
 public:
  void count_request(std::string_view route, std::string_view method, int status,
                     std::chrono::steady_clock::duration took);
  /// Read at every scrape.
  void add_gauge(std::string name, std::string help, std::function<double()> read);
  /// Everything registered. `extra`: further lines in the same format.
  std::string text(std::string_view extra = "") const;

  /// One sample: `name{labels} value`. Label values are escaped.
  static std::string sample(std::string_view name, const std::vector<std::pair<std::string, std::string>>& labels,
                            double value);

 private:
  static constexpr std::array kBounds = {0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10.0, 60.0};  ///< Seconds.
  struct Latency {
    std::array<std::uint64_t, kBounds.size() + 1> counts{};
    double sum = 0;
  };
  struct Gauge {
    std::string name, help;
    std::function<double()> read;
  };
  std::map<std::tuple<std::string, std::string, int>, std::uint64_t> requests_;
  std::map<std::string, Latency> latencies_;
  std::vector<Gauge> gauges_;
};

}  // namespace slipway::server
