// The configuration of a sweep: how it searches, over which parameters, and for what (protocol 1.9, 9).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace slipway::launch {

enum class SweepMethod { grid, random, bayes, custom };

/// How values of a parameter are spread. `scale` says what is even: the value, its logarithm, or its inverse.
enum class Spread { constant, categorical, uniform, normal, beta };
enum class Scale { linear, log, inverse };

struct SweepParameter {
  std::vector<std::string> path;  ///< One name, or more for nested parameters.
  Spread spread = Spread::constant;
  Scale scale = Scale::linear;
  bool integer = false;               ///< Values are whole numbers.
  std::optional<double> step;         ///< Values are multiples of it.
  std::vector<Json> values;           ///< Of a constant (one) and a categorical.
  std::vector<double> probabilities;  ///< Of `values`; empty: even. They add up to 1.
  double low = 0, high = 1;           ///< Of uniform, on the scale (for log: the logarithms).
  double mu = 0, sigma = 1;           ///< Of normal, on the scale.
  double alpha = 1, beta = 1;         ///< Of beta.
};

struct SweepConfig {
  std::string name;     ///< For people, "": none.
  std::string program;  ///< What agents on people's machines start.
  SweepMethod method = SweepMethod::custom;
  std::vector<SweepParameter> parameters;
  std::string metric;     ///< "": none.
  bool maximize = false;  ///< The metric's goal.
  std::optional<std::int64_t> run_cap;
  std::vector<std::string> warnings;  ///< What was accepted and will not be done.
};

/// YAML or JSON text. invalid_argument with the path of every problem ("parameters.lr.min").
Result<SweepConfig> parse_sweep_config(std::string_view text);
std::string_view method_name(SweepMethod method);

}  // namespace slipway::launch
