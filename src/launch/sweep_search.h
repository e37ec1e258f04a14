// Chooses the parameters of a sweep's next run. Pure: what is random comes from the caller's generator.
#pragma once
#include <optional>
#include <random>
#include <vector>

#include "launch/sweep_config.h"

namespace slipway::launch {

/// A run of the sweep as far as the search cares.
struct Trial {
  JsonObject config;             ///< {"lr": {"value": 0.1}}, as stored with the run.
  std::optional<double> metric;  ///< Of a run that has ended.
};

/// The parameters of one run: {"lr": {"value": 0.1}}; nested parameters are objects inside the value.
using Suggestion = JsonObject;

/// Number of runs of a grid; nothing for the other methods, which never end by themselves. At most 2^62.
std::optional<std::int64_t> grid_size(const SweepConfig& config);

/// `made`: how many suggestions the sweep has had. Nothing when a grid has no more. `trials` matter to bayes only.
std::optional<Suggestion> suggest(const SweepConfig& config, std::int64_t made, const std::vector<Trial>& trials,
                                  std::mt19937_64& random);

/// A value of the parameter at quantile `u` of its distribution, 0 < u < 1.
Json value_at(const SweepParameter& parameter, double u);
/// The quantile of a value, 0 to 1; nothing when the parameter cannot have it.
std::optional<double> quantile_of(const SweepParameter& parameter, const Json& value);
/// The value of a parameter in a run's configuration, or nullptr.
const Json* value_in(const JsonObject& config, const SweepParameter& parameter);
/// The other way round: quantiles, one a parameter, as a suggestion.
Suggestion suggestion_of(const SweepConfig& config, const std::vector<double>& quantiles);

}  // namespace slipway::launch
