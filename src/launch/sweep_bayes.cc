#include "launch/sweep_bayes.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace slipway::launch {
namespace {

constexpr std::size_t kFewest = 3;  // Runs before the model says more than chance.
constexpr std::size_t kMost = 200;  // Runs that the model looks at: its cost grows with their cube.
constexpr int kCandidates = 1000;   // Drawn anywhere,
constexpr int kNeighbours = 200;    // and close to the best run so far.
constexpr double kNoise = 1e-4;     // Of standardized metrics.
constexpr std::array kLengths = {0.1, 0.2, 0.4, 0.8,
                                 1.6};  // Length scales that are tried, in units of the whole range.

using Point = std::vector<double>;

/// Coordinates for distances: a number is its quantile, a choice has an axis for each value, so that all choices are equally far apart.
Point coordinates(const SweepConfig& config, const Point& quantiles) {
  Point out;
  for (std::size_t i = 0; i < quantiles.size(); ++i) {
    const auto& parameter = config.parameters[i];
    if (parameter.spread == Spread::constant) continue;
    if (parameter.spread != Spread::categorical) {
      out.push_back(quantiles[i]);
      continue;
    }
    const Json value = value_at(parameter, quantiles[i]);
    for (const Json& choice : parameter.values) out.push_back(choice == value ? std::sqrt(0.5) : 0.0);
  }
  return out;
}

/// Matérn 5/2.
double kernel(const Point& a, const Point& b, double length) {
  double square = 0;
  for (std::size_t i = 0; i < a.size(); ++i) square += (a[i] - b[i]) * (a[i] - b[i]);
  const double r = std::sqrt(5 * square) / length;
  return (1 + r + r * r / 3) * std::exp(-r);
}

class Process {
 public:
  Process(std::vector<Point> at, std::vector<double> values, double length)
      : at_(std::move(at)), length_(length), n_(at_.size()), lower_(n_ * n_) {
    for (std::size_t i = 0; i < n_; ++i)
      for (std::size_t j = 0; j <= i; ++j) {
        double sum = kernel(at_[i], at_[j], length_) + (i == j ? kNoise : 0);
        for (std::size_t k = 0; k < j; ++k) sum -= lower(i, k) * lower(j, k);
        lower_[i * n_ + j] = i == j ? std::sqrt(std::max(sum, 1e-12)) : sum / lower(j, j);
      }
    weights_ = forward(values);
    likelihood_ = 0;
    for (std::size_t i = 0; i < n_; ++i) likelihood_ -= weights_[i] * weights_[i] / 2 + std::log(lower(i, i));
    for (std::size_t i = n_; i-- > 0;) {
      for (std::size_t k = i + 1; k < n_; ++k) weights_[i] -= lower(k, i) * weights_[k];
      weights_[i] /= lower(i, i);
    }
  }

  double likelihood() const { return likelihood_; }

  /// How much less than `best` a run at this point is expected to give.
  double expected_improvement(const Point& point, double best) const {
    std::vector<double> near(n_);
    for (std::size_t i = 0; i < n_; ++i) near[i] = kernel(point, at_[i], length_);
    double mean = 0;
    for (std::size_t i = 0; i < n_; ++i) mean += near[i] * weights_[i];
    const auto spread = forward(near);
    double variance = 1;
    for (const double each : spread) variance -= each * each;
    const double deviation = std::sqrt(std::max(variance, 1e-12));
    const double z = (best - mean) / deviation;
    const double density = std::exp(-z * z / 2) / std::sqrt(2 * std::acos(-1.0));
    return deviation * (z * 0.5 * std::erfc(-z / std::sqrt(2.0)) + density);
  }

 private:
  double lower(std::size_t row, std::size_t column) const { return lower_[row * n_ + column]; }
  /// Solves lower · x = right.
  std::vector<double> forward(std::vector<double> right) const {
    for (std::size_t i = 0; i < n_; ++i) {
      for (std::size_t k = 0; k < i; ++k) right[i] -= lower(i, k) * right[k];
      right[i] /= lower(i, i);
    }
    return right;
  }

  std::vector<Point> at_;
  double length_;
  std::size_t n_;
  std::vector<double> lower_, weights_;
  double likelihood_ = 0;
};

struct Seen {
  Point quantiles;
  double loss = 0;
};

std::vector<Seen> usable(const SweepConfig& config, const std::vector<Trial>& trials) {
  std::vector<Seen> seen;
  for (const auto& trial : trials) {
    if (!trial.metric || !std::isfinite(*trial.metric)) continue;
    Seen row;
    row.loss = config.maximize ? -*trial.metric : *trial.metric;
    for (const auto& parameter : config.parameters) {
      const Json* value = value_in(trial.config, parameter);
      const auto quantile = value ? quantile_of(parameter, *value) : std::nullopt;
      if (!quantile) break;
      row.quantiles.push_back(*quantile);
    }
    if (row.quantiles.size() == config.parameters.size()) seen.push_back(std::move(row));
  }
  // The best ones shape the model where it matters.
  std::ranges::sort(seen, {}, &Seen::loss);
  if (seen.size() > kMost) seen.resize(kMost);
  return seen;
}

std::vector<double> standardized(const std::vector<Seen>& seen) {
  double mean = 0, square = 0;
  for (const auto& row : seen) mean += row.loss / static_cast<double>(seen.size());
  for (const auto& row : seen) square += (row.loss - mean) * (row.loss - mean) / static_cast<double>(seen.size());
  const double deviation = square > 0 ? std::sqrt(square) : 1;
  std::vector<double> out;
  for (const auto& row : seen) out.push_back((row.loss - mean) / deviation);
  return out;
}

Process best_fit(const std::vector<Point>& at, const std::vector<double>& values) {
  Process best(at, values, kLengths.front());
  for (std::size_t i = 1; i < kLengths.size(); ++i) {
    Process other(at, values, kLengths[i]);
    if (other.likelihood() > best.likelihood()) best = std::move(other);
  }
  return best;
}

}  // namespace

std::optional<std::vector<double>> best_expected(const SweepConfig& config, const std::vector<Trial>& trials,
                                                 std::mt19937_64& random) {
  const auto seen = usable(config, trials);
  if (seen.size() < kFewest) return std::nullopt;
  std::vector<Point> at;
  for (const auto& row : seen) at.push_back(coordinates(config, row.quantiles));
  const auto values = standardized(seen);
  const Process process = best_fit(at, values);
  std::uniform_real_distribution<double> even(0, 1);
  std::normal_distribution<double> close(0, 0.05);
  std::optional<Point> best;
  double best_gain = -1;
  for (int i = 0; i < kCandidates + kNeighbours; ++i) {
    Point point(config.parameters.size());
    for (std::size_t d = 0; d < point.size(); ++d)
      point[d] = i < kCandidates ? even(random) : std::clamp(seen.front().quantiles[d] + close(random), 0.0, 1.0);
    const double gain = process.expected_improvement(coordinates(config, point), values.front());
    if (gain <= best_gain) continue;
    best_gain = gain;
    best = std::move(point);
  }
  return best;
}

}  // namespace slipway::launch
