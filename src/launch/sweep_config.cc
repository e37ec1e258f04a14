#include "launch/sweep_config.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "base/strings.h"
#include "base/yaml.h"

namespace slipway::launch {
namespace {

constexpr std::array<std::pair<std::string_view, SweepMethod>, 4> kMethods = {{{"grid", SweepMethod::grid},
                                                                               {"random", SweepMethod::random},
                                                                               {"bayes", SweepMethod::bayes},
                                                                               {"custom", SweepMethod::custom}}};
constexpr std::size_t kMaxParameters = 1000;
constexpr std::size_t kMaxValues = 100'000;

struct Distribution {
  std::string_view name;
  Spread spread;
  Scale scale;
  bool integer, stepped;
  bool bounds_are_values;  ///< min and max of a log distribution are values, not exponents.
};

constexpr std::array<Distribution, 18> kDistributions = {{
    {"int_uniform", Spread::uniform, Scale::linear, true, false, false},
    {"uniform", Spread::uniform, Scale::linear, false, false, false},
    {"q_uniform", Spread::uniform, Scale::linear, false, true, false},
    {"log_uniform", Spread::uniform, Scale::log, false, false, false},
    {"log_uniform_values", Spread::uniform, Scale::log, false, false, true},
    {"q_log_uniform", Spread::uniform, Scale::log, false, true, false},
    {"q_log_uniform_values", Spread::uniform, Scale::log, false, true, true},
    {"inv_log_uniform", Spread::uniform, Scale::inverse, false, false, false},
    {"inv_log_uniform_values", Spread::uniform, Scale::inverse, false, false, true},
    {"normal", Spread::normal, Scale::linear, false, false, false},
    {"q_normal", Spread::normal, Scale::linear, false, true, false},
    {"log_normal", Spread::normal, Scale::log, false, false, false},
    {"q_log_normal", Spread::normal, Scale::log, false, true, false},
    {"beta", Spread::beta, Scale::linear, false, false, false},
    {"q_beta", Spread::beta, Scale::linear, false, true, false},
    {"constant", Spread::constant, Scale::linear, false, false, false},
    {"categorical", Spread::categorical, Scale::linear, false, false, false},
    {"categorical_w_probabilities", Spread::categorical, Scale::linear, false, false, false},
}};

class Reader {
 public:
  SweepConfig config;
  std::vector<Problem> problems;

  void read(const Json& document) {
    if (!document.is_object()) return complain("", "a sweep configuration is a map of names to values");
    config.name = text_or(document, "name");
    config.program = text_or(document, "program");
    read_method(document);
    read_metric(document);
    if (const Json* cap = find(document, "run_cap"); cap && !cap->is_null()) {
      config.run_cap = as_integer(*cap);
      if (!config.run_cap || *config.run_cap < 1) complain("run_cap", "must be a whole number above 0");
    }
    if (find(document, "early_terminate") != nullptr)
      config.warnings.emplace_back("early_terminate: slipway does not stop runs early; they run to their end");
    const Json* parameters = find(document, "parameters");
    if (parameters && parameters->is_object()) {
      read_parameters(parameters->get_object(), "parameters", {});
    } else if (config.method != SweepMethod::custom) {
      complain("parameters", "a map of parameters is needed");
    }
    if (config.method == SweepMethod::bayes && config.metric.empty())
      complain("metric.name", "bayes needs a metric to optimize");
    if (config.method == SweepMethod::grid) check_grid();
  }

 private:
  void complain(std::string path, std::string message) {
    problems.push_back(Problem{.path = std::move(path), .message = std::move(message)});
  }

  void read_method(const Json& document) {
    const std::string name = text_or(document, "method");
    const auto* known = std::ranges::find(kMethods, name, &std::pair<std::string_view, SweepMethod>::first);
    if (known == kMethods.end())
      return complain("method", fmt::format("'{}' is not grid, random, bayes or custom", name));
    config.method = known->second;
  }

  void read_metric(const Json& document) {
    const Json* metric = find(document, "metric");
    if (!metric || metric->is_null()) return;
    config.metric = text_or(*metric, "name");
    const std::string goal = text_or(*metric, "goal", "minimize");
    if (config.metric.empty()) complain("metric.name", "missing");
    if (goal != "minimize" && goal != "maximize")
      complain("metric.goal", fmt::format("'{}' is not minimize or maximize", goal));
    config.maximize = goal == "maximize";
  }

  void read_parameters(const JsonObject& parameters, const std::string& where, const std::vector<std::string>& above) {
    for (const auto& member : parameters) {
      std::vector<std::string> path = above;
      path.emplace_back(member.key());
      const std::string place = where + "." + path.back();
      const Json& value = member.value();
      if (!value.is_object()) {
        complain(place, "a parameter is a map: value, values, or min and max");
      } else if (const Json* nested = find(value, "parameters"); nested && nested->is_object()) {
        read_parameters(nested->get_object(), place + ".parameters", path);
      } else if (config.parameters.size() >= kMaxParameters) {
        return complain(where, fmt::format("more than {} parameters", kMaxParameters));
      } else {
        SweepParameter parameter;
        parameter.path = std::move(path);
        read_parameter(value, place, parameter);
        config.parameters.push_back(std::move(parameter));
      }
    }
  }

  std::optional<double> number(const Json& value, std::string_view name, const std::string& place) {
    const Json* found = find(value, name);
    if (!found) return std::nullopt;
    if (found->is_number() && std::isfinite(found->to_number<double>())) return found->to_number<double>();
    complain(fmt::format("{}.{}", place, name), fmt::format("must be a number, got {}", kind_name(*found)));
    return std::nullopt;
  }

  /// What min, max, value and values say when no distribution is named.
  std::string_view implied(const Json& value) {
    if (find(value, "value")) return "constant";
    if (find(value, "values")) return "categorical";
    const Json *low = find(value, "min"), *high = find(value, "max");
    if (low && high) return as_integer(*low) && as_integer(*high) && !low->is_double() ? "int_uniform" : "uniform";
    return find(value, "mu") ? "normal" : "";
  }

  void read_parameter(const Json& value, const std::string& place, SweepParameter& out) {
    std::string name = text_or(value, "distribution");
    if (name.empty()) name = implied(value);
    if (name.empty()) return complain(place, "value, values, or min and max are needed");
    const auto* known = std::ranges::find(kDistributions, name, &Distribution::name);
    if (known == kDistributions.end())
      return complain(place + ".distribution", fmt::format("'{}' is no distribution of sweeps", name));
    out.spread = known->spread;
    out.scale = known->scale;
    out.integer = known->integer;
    if (known->stepped) out.step = number(value, "q", place).value_or(1.0);
    if (out.step && *out.step <= 0) complain(place + ".q", "must be above 0");
    if (out.spread == Spread::constant) {
      const Json* only = find(value, "value");
      if (!only) return complain(place + ".value", "missing");
      out.values = {*only};
    } else if (out.spread == Spread::categorical) {
      read_choices(value, place, out);
    } else if (out.spread == Spread::uniform) {
      read_bounds(value, place, *known, out);
    } else {
      out.mu = number(value, "mu", place).value_or(0);
      out.sigma = number(value, "sigma", place).value_or(1);
      out.alpha = number(value, "a", place).value_or(1);
      out.beta = number(value, "b", place).value_or(1);
      if (out.sigma <= 0) complain(place + ".sigma", "must be above 0");
      if (out.alpha <= 0 || out.beta <= 0) complain(place, "a and b must be above 0");
    }
  }

  void read_choices(const Json& value, const std::string& place, SweepParameter& out) {
    const Json* values = find(value, "values");
    if (!values || !values->is_array() || values->get_array().empty())
      return complain(place + ".values", "a list with at least one value is needed");
    if (values->get_array().size() > kMaxValues) return complain(place + ".values", "too many values");
    for (const Json& each : values->get_array()) out.values.push_back(each);
    const Json* probabilities = find(value, "probabilities");
    if (!probabilities || !probabilities->is_array()) return;
    for (const Json& each : probabilities->get_array())
      out.probabilities.push_back(each.is_number() ? each.to_number<double>() : -1);
    const double sum = std::accumulate(out.probabilities.begin(), out.probabilities.end(), 0.0);
    const bool negative = std::ranges::any_of(out.probabilities, [](double p) { return !(p >= 0); });
    if (out.probabilities.size() != out.values.size() || negative || !(sum > 0))
      return complain(place + ".probabilities", "one probability for each value is needed, none below 0");
    for (double& each : out.probabilities) each /= sum;
  }

  void read_bounds(const Json& value, const std::string& place, const Distribution& known, SweepParameter& out) {
    const auto low = number(value, "min", place), high = number(value, "max", place);
    if (!low || !high) return complain(place, "min and max are needed");
    if (*low > *high) return complain(place + ".min", fmt::format("{} is above max, {}", *low, *high));
    out.low = *low;
    out.high = *high;
    if (!known.bounds_are_values) return;
    if (*low <= 0) return complain(place + ".min", "must be above 0 for a logarithmic distribution");
    out.low = std::log(*low);
    out.high = std::log(*high);
    if (known.scale != Scale::inverse) return;
    out.low = -std::log(*high);
    out.high = -std::log(*low);
  }

  /// A grid needs parameters with a countable number of values.
  void check_grid() {
    for (const auto& parameter : config.parameters) {
      const bool countable = parameter.spread == Spread::constant || parameter.spread == Spread::categorical ||
                             (parameter.spread == Spread::uniform && parameter.scale == Scale::linear &&
                              (parameter.integer || parameter.step));
      if (countable) continue;
      complain("parameters." + join(parameter.path, "."),
               "a grid needs value, values, or whole numbers between min and max");
    }
  }
};

}  // namespace

std::string_view method_name(SweepMethod method) {
  return std::ranges::find(kMethods, method, &std::pair<std::string_view, SweepMethod>::second)->first;
}

Result<SweepConfig> parse_sweep_config(std::string_view text) {
  auto document = parse_yaml_or_json(text, "sweep configuration");
  if (!document) return std::move(document).error().wrap("reading the sweep configuration");
  Reader reader;
  reader.read(document->value);
  if (!reader.problems.empty())
    return Error(Code::invalid_argument, "the sweep configuration is not valid", std::move(reader.problems));
  return std::move(reader.config);
}

}  // namespace slipway::launch
