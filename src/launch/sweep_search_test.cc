#include "launch/sweep_search.h"

#include <cmath>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway::launch {
namespace {

SweepConfig config(std::string_view text) { return parse_sweep_config(text).value(); }

double number(const Suggestion& suggestion, std::string_view name) {
  return suggestion.at(name).at("value").to_number<double>();
}

TEST(SweepConfig, NamesEveryProblem) {
  const auto bad = parse_sweep_config(
      "method: bayes\nrun_cap: 0\nparameters:\n  lr: {min: 2.0, max: 1.0}\n  layers: {}\n  kind: {values: []}\n  x: "
      "{distribution: odd}");
  ASSERT_FALSE(bad);
  std::set<std::string> paths;
  for (const auto& problem : bad.error().problems()) paths.insert(problem.path);
  EXPECT_THAT(paths,
              testing::UnorderedElementsAre("run_cap", "parameters.lr.min", "parameters.layers",
                                            "parameters.kind.values", "parameters.x.distribution", "metric.name"));
}

TEST(SweepConfig, ImpliesDistributions) {
  const auto read = config(
      "{\"method\":\"random\",\"parameters\":{\"a\":{\"min\":1,\"max\":4},\"b\":{\"min\":1.0,\"max\":4.0},\"c\":{"
      "\"value\":7},\"d\":{\"values\":[1,\"x\"]}}}");
  ASSERT_EQ(read.parameters.size(), 4U);
  EXPECT_TRUE(read.parameters[0].integer);
  EXPECT_FALSE(read.parameters[1].integer);
  EXPECT_EQ(read.parameters[2].spread, Spread::constant);
  EXPECT_EQ(read.parameters[3].spread, Spread::categorical);
}

TEST(SweepSearch, GridVisitsEveryCombinationOnce) {
  const auto grid = config(
      "method: grid\nparameters:\n  a: {values: [1, 2]}\n  b: {min: 1, max: 3}\n  model: {parameters: {kind: {values: "
      "[x, y]}, depth: {value: 4}}}");
  EXPECT_EQ(grid_size(grid), 12);
  std::set<std::string> seen;
  std::mt19937_64 random(1);
  for (std::int64_t i = 0; i < 12; ++i) seen.insert(to_text(Json(*suggest(grid, i, {}, random))));
  EXPECT_EQ(seen.size(), 12U);
  EXPECT_TRUE(seen.contains(R"({"a":{"value":1},"b":{"value":1},"model":{"value":{"kind":"x","depth":4}}})"));
  EXPECT_FALSE(suggest(grid, 12, {}, random));
}

TEST(SweepSearch, RandomStaysInBoundsAndFollowsTheScale) {
  const auto search = config(
      "method: random\nparameters:\n  lr: {distribution: log_uniform_values, min: 0.0001, max: 1.0}\n  n: {min: 1, "
      "max: 3}\n  q: {distribution: q_uniform, min: 0, max: 100, q: 5}");
  std::mt19937_64 random(7);
  int small = 0;
  std::set<std::int64_t> counts;
  for (int i = 0; i < 400; ++i) {
    const auto run = *suggest(search, i, {}, random);
    const double lr = number(run, "lr");
    EXPECT_GE(lr, 0.0001);
    EXPECT_LE(lr, 1.0);
    if (lr < 0.01) ++small;
    counts.insert(run.at("n").at("value").as_int64());
    EXPECT_EQ(std::fmod(number(run, "q"), 5), 0);
  }
  EXPECT_THAT(counts, testing::ElementsAre(1, 2, 3));
  // Half of the decades lie below 0.01.
  EXPECT_GT(small, 150);
  EXPECT_LT(small, 250);
}

TEST(SweepSearch, QuantilesComeBack) {
  const auto search = config(
      "method: random\nparameters:\n  a: {distribution: normal, mu: 3, sigma: 2}\n  b: {distribution: beta, a: 2, b: "
      "5}\n  c: {distribution: inv_log_uniform_values, min: 0.1, max: 10.0}\n  d: {distribution: log_normal, mu: 0, "
      "sigma: 1}");
  for (const auto& parameter : search.parameters) {
    for (const double u : {0.02, 0.3, 0.5, 0.9}) {
      EXPECT_NEAR(*quantile_of(parameter, value_at(parameter, u)), u, 1e-3) << parameter.path.front();
    }
  }
}

TEST(SweepSearch, BayesFindsTheValley) {
  const auto search = config(
      "method: bayes\nmetric: {name: loss, goal: minimize}\nparameters:\n  x: {min: -5.0, max: 5.0}\n  y: {min: -5.0, "
      "max: 5.0}\n  kind: {values: [good, bad]}");
  std::mt19937_64 random(3);
  std::vector<Trial> trials;
  double best = 1e9;
  for (int i = 0; i < 40; ++i) {
    Trial trial;
    trial.config = *suggest(search, i, trials, random);
    const double x = number(trial.config, "x") - 1, y = number(trial.config, "y") + 2;
    const bool bad = trial.config.at("kind").at("value").as_string() == "bad";
    trial.metric = x * x + y * y + (bad ? 10 : 0);
    best = std::min(best, *trial.metric);
    trials.push_back(std::move(trial));
  }
  // Chance alone comes this close to the optimum in one of a thousand tries of 40 runs.
  EXPECT_LT(best, 0.05);
}

TEST(SweepSearch, BayesMaximizesToo) {
  const auto search =
      config("method: bayes\nmetric: {name: acc, goal: maximize}\nparameters:\n  x: {min: 0.0, max: 1.0}");
  std::mt19937_64 random(5);
  std::vector<Trial> trials;
  for (const double x : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    trials.push_back({JsonObject{{"x", JsonObject{{"value", x}}}}, -(x - 0.8) * (x - 0.8)});
  }
  EXPECT_NEAR(number(*suggest(search, 5, trials, random), "x"), 0.8, 0.1);
}

}  // namespace
}  // namespace slipway::launch
