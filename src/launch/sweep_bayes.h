// Bayesian optimization: a Gaussian process over the runs that have ended says where the next run is expected to improve most.
#pragma once
#include <optional>
#include <random>
#include <vector>

#include "launch/sweep_search.h"

namespace slipway::launch {

/// Quantiles, one a parameter; nothing while too few runs have a metric to learn from.
std::optional<std::vector<double>> best_expected(const SweepConfig& config, const std::vector<Trial>& trials,
                                                 std::mt19937_64& random);

}  // namespace slipway::launch
