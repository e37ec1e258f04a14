// Samples and what is printed of them.
#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "base/json.h"

namespace slipway::bench {

using Seconds = std::chrono::duration<double>;

inline double now() { return Seconds(std::chrono::steady_clock::now().time_since_epoch()).count(); }

double percentile(std::vector<double> samples, double p);
double median(std::vector<double> samples);

/// One write of `bytes` and fdatasync in `folder`, `count` times; seconds each. The physical limit of a durable answer.
std::vector<double> flushes(const std::string& folder, int count, std::size_t bytes);

/// {"name", "unit", "median", "min", "max", "rounds"} of one figure a round.
Json summary(const std::string& name, const std::string& unit, const std::vector<double>& rounds);

}  // namespace slipway::bench
