#include "launch/sweep_search.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "launch/sweep_bayes.h"

namespace slipway::launch {
namespace {

constexpr double kEdge = 1e-9;  // Quantiles 0 and 1 of a normal distribution are infinite.

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

/// A monotone function of one unknown, turned round by bisection.
template <class Function>
double inverse(Function function, double wanted, double low, double high) {
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    (function(middle) < wanted ? low : high) = middle;
  }
  return (low + high) / 2;
}

/// The regularized incomplete beta function, by Simpson's rule after the substitution x = sin² t, which tames both ends.
double beta_cdf(double x, double alpha, double beta) {
  constexpr int kSteps = 400;
  const auto density = [&](double t) {
    return std::pow(std::sin(t), 2 * alpha - 1) * std::pow(std::cos(t), 2 * beta - 1);
  };
  const auto area = [&](double end) {
    double sum = 0;
    const double h = end / kSteps;
    for (int i = 0; i < kSteps; ++i) {
      const double from = std::max(i * h, 1e-12), to = std::min((i + 1) * h, end - 1e-12);
      sum += h / 6 * (density(from) + 4 * density((from + to) / 2) + density(to));
    }
    return sum;
  };
  const double quarter = std::acos(0.0);
  return std::clamp(area(std::asin(std::sqrt(std::clamp(x, 0.0, 1.0)))) / area(quarter), 0.0, 1.0);
}

std::size_t index_at(const SweepParameter& parameter, double u) {
  if (parameter.probabilities.empty())
    return std::min(static_cast<std::size_t>(u * static_cast<double>(parameter.values.size())),
                    parameter.values.size() - 1);
  double sum = 0;
  for (std::size_t i = 0; i < parameter.probabilities.size(); ++i) {
    sum += parameter.probabilities[i];
    if (u < sum) return i;
  }
  return parameter.values.size() - 1;
}

double on_scale(const SweepParameter& parameter, double u) {
  switch (parameter.spread) {
    case Spread::normal:
      return parameter.mu + parameter.sigma * inverse(normal_cdf, u, -8, 8);
    case Spread::beta:
      return inverse([&](double x) { return beta_cdf(x, parameter.alpha, parameter.beta); }, u, 0, 1);
    default:
      return parameter.low + u * (parameter.high - parameter.low);
  }
}

double from_scale(const SweepParameter& parameter, double x) {
  if (parameter.scale == Scale::log) return std::exp(x);
  if (parameter.scale == Scale::inverse) return std::exp(-x);
  return x;
}

double to_scale(const SweepParameter& parameter, double value) {
  if (parameter.scale == Scale::log) return std::log(value);
  if (parameter.scale == Scale::inverse) return -std::log(value);
  return value;
}

/// Number of grid points of a parameter.
std::int64_t count_of(const SweepParameter& parameter) {
  if (parameter.spread != Spread::uniform) return static_cast<std::int64_t>(parameter.values.size());
  const double step = parameter.step.value_or(1.0);
  return static_cast<std::int64_t>(std::floor((parameter.high - parameter.low) / step + 1e-9)) + 1;
}

Json grid_value(const SweepParameter& parameter, std::int64_t index) {
  if (parameter.spread != Spread::uniform) return parameter.values[static_cast<std::size_t>(index)];
  if (parameter.integer) return Json(static_cast<std::int64_t>(std::llround(parameter.low)) + index);
  return Json(parameter.low + static_cast<double>(index) * parameter.step.value_or(1.0));
}

void put(Suggestion& out, const std::vector<std::string>& path, Json value) {
  Json& slot = out[path.front()];
  if (!slot.is_object()) slot = JsonObject{{"value", path.size() == 1 ? Json() : Json(JsonObject())}};
  Json* at = &slot.get_object()["value"];
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (!at->is_object()) *at = JsonObject();
    at = &at->get_object()[path[i]];
  }
  *at = std::move(value);
}

/// The last parameter varies fastest.
std::optional<Suggestion> grid_point(const SweepConfig& config, std::int64_t index) {
  if (index >= grid_size(config).value_or(0)) return std::nullopt;
  std::vector<std::int64_t> digits(config.parameters.size());
  for (std::size_t i = config.parameters.size(); i-- > 0;) {
    const std::int64_t count = count_of(config.parameters[i]);
    digits[i] = index % count;
    index /= count;
  }
  Suggestion out;
  for (std::size_t i = 0; i < digits.size(); ++i)
    put(out, config.parameters[i].path, grid_value(config.parameters[i], digits[i]));
  return out;
}

}  // namespace

std::optional<std::int64_t> grid_size(const SweepConfig& config) {
  if (config.method != SweepMethod::grid) return std::nullopt;
  constexpr std::int64_t kMost = std::int64_t{1} << 62;
  std::int64_t size = 1;
  for (const auto& parameter : config.parameters) {
    const std::int64_t count = count_of(parameter);
    if (size > kMost / count) return kMost;
    size *= count;
  }
  return size;
}

Json value_at(const SweepParameter& parameter, double u) {
  u = std::clamp(u, kEdge, 1 - kEdge);
  if (parameter.spread == Spread::constant) return parameter.values.front();
  if (parameter.spread == Spread::categorical) return parameter.values[index_at(parameter, u)];
  if (parameter.integer) {
    const double count = std::floor(parameter.high) - std::ceil(parameter.low) + 1;
    return Json(static_cast<std::int64_t>(std::ceil(parameter.low) + std::floor(u * count)));
  }
  double value = from_scale(parameter, on_scale(parameter, u));
  if (!parameter.step) return Json(value);
  value = std::round(value / *parameter.step) * *parameter.step;
  // A step that is a whole number gives whole numbers.
  if (*parameter.step == std::floor(*parameter.step) && std::abs(value) < 9e15)
    return Json(static_cast<std::int64_t>(std::llround(value)));
  return Json(value);
}

std::optional<double> quantile_of(const SweepParameter& parameter, const Json& value) {
  if (parameter.spread == Spread::constant) return 0.5;
  if (parameter.spread == Spread::categorical) {
    const auto found = std::ranges::find(parameter.values, value);
    if (found == parameter.values.end()) return std::nullopt;
    const auto index = static_cast<std::size_t>(found - parameter.values.begin());
    if (parameter.probabilities.empty())
      return (static_cast<double>(index) + 0.5) / static_cast<double>(parameter.values.size());
    double sum = 0;
    for (std::size_t i = 0; i < index; ++i) sum += parameter.probabilities[i];
    return sum + parameter.probabilities[index] / 2;
  }
  if (!value.is_number()) return std::nullopt;
  const double plain = value.to_number<double>();
  if (parameter.scale != Scale::linear && plain <= 0) return std::nullopt;
  const double x = to_scale(parameter, plain);
  if (parameter.spread == Spread::normal) return normal_cdf((x - parameter.mu) / parameter.sigma);
  if (parameter.spread == Spread::beta) return beta_cdf(x, parameter.alpha, parameter.beta);
  if (parameter.integer)
    return std::clamp(
        (x - std::ceil(parameter.low) + 0.5) / (std::floor(parameter.high) - std::ceil(parameter.low) + 1), 0.0, 1.0);
  if (parameter.high <= parameter.low) return 0.5;
  return std::clamp((x - parameter.low) / (parameter.high - parameter.low), 0.0, 1.0);
}

const Json* value_in(const JsonObject& config, const SweepParameter& parameter) {
  const Json* at = find(config, parameter.path.front());
  if (at) at = find(*at, "value");
  for (std::size_t i = 1; at && i < parameter.path.size(); ++i) at = find(*at, parameter.path[i]);
  return at;
}

Suggestion suggestion_of(const SweepConfig& config, const std::vector<double>& quantiles) {
  Suggestion out;
  for (std::size_t i = 0; i < quantiles.size(); ++i)
    put(out, config.parameters[i].path, value_at(config.parameters[i], quantiles[i]));
  return out;
}

std::optional<Suggestion> suggest(const SweepConfig& config, std::int64_t made, const std::vector<Trial>& trials,
                                  std::mt19937_64& random) {
  if (config.method == SweepMethod::custom) return std::nullopt;
  if (config.method == SweepMethod::grid) return grid_point(config, made);
  if (config.method == SweepMethod::bayes)
    if (auto point = best_expected(config, trials, random)) return suggestion_of(config, *point);
  std::uniform_real_distribution<double> even(0, 1);
  std::vector<double> quantiles(config.parameters.size());
  for (double& each : quantiles) each = even(random);
  return suggestion_of(config, quantiles);
}

}  // namespace slipway::launch
