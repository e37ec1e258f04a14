// Metrics by key: what comes from sealed columns is what a walk over the lines would give.
#include <algorithm>
#include <random>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "async/testing.h"
#include "server/store/tracking_streams.h"

namespace slipway::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class Metrics : public testing::Test {
 protected:
  ~Metrics() override { store->close(); }

  void append(std::int64_t offset, std::vector<std::string> lines) {
    const auto kept = run_task([&] {
      std::vector<StreamChunk> chunks(1);
      chunks[0] = {.key = key, .offset = offset, .lines = lines, .rule = AppendRule::rewrite, .metrics = true};
      return store->append(std::move(chunks));
    });
    ASSERT_TRUE(kept) << kept.error().to_string();
    all.resize(static_cast<std::size_t>(offset));
    all.insert(all.end(), lines.begin(), lines.end());
  }
  /// Rows with a loss at every step, an accuracy at every tenth and a note at every thousandth.
  static std::vector<std::string> training(std::int64_t from, std::int64_t count, double factor = 1) {
    std::vector<std::string> lines;
    for (std::int64_t step = from; step < from + count; ++step) {
      std::string line = fmt::format(R"({{"_step":{},"loss":{})", step, factor / static_cast<double>(step + 1));
      if (step % 10 == 0) line += fmt::format(R"(,"val":{{"accuracy":{}}})", step);
      if (step % 1000 == 0) line += R"(,"note":"epoch")";
      lines.push_back(line + "}");
    }
    return lines;
  }
  std::vector<std::string> lines(MetricRange range, std::size_t samples) {
    return *run_task([&] { return store->metric_lines(key, range, samples); });
  }
  std::vector<std::string> rows(std::vector<std::string> keys, MetricRange range = {},
                                std::size_t samples = 1'000'000) {
    std::vector<std::string> texts;
    const auto found = *run_task([&] { return store->metric_rows(key, keys, range, samples); });
    for (const JsonObject& row : found) texts.push_back(to_text(row));
    return texts;
  }
  /// The same by parsing every line.
  std::vector<std::string> walked(std::int64_t from, std::int64_t to) {
    std::vector<std::string> texts;
    for (const std::string& line : all) {
      const Json row = *parse_json(line);
      const std::int64_t step = int_or(row, "_step", -1);
      const Json* accuracy = find_path(row, "val.accuracy");
      if (!accuracy || step < from || step >= to) continue;
      texts.push_back(to_text(Json{{"_step", step}, {"val.accuracy", *accuracy}}));
    }
    return texts;
  }
  MetricSeries curve(std::string name, MetricRange range, std::size_t points) {
    return run_task([&] { return store->metric_series(key, {name}, range, points); })->front();
  }

  FakeClock clock;
  StreamKey key{.run = 7, .file = "wandb-history.jsonl"};
  std::vector<std::string> all;
  std::unique_ptr<StreamStore> store = *open_streams({.path = ":memory:", .clock = &clock});
};

TEST_F(Metrics, of_an_unknown_stream_are_none) {
  EXPECT_THAT(lines({}, 10), IsEmpty());
  EXPECT_THAT(rows({"loss"}), IsEmpty());
  EXPECT_EQ(curve("loss", {}, 10).rows, 0);
  EXPECT_THAT(run_task([&] { return store->metric_keys(key); })->types, IsEmpty());
}

TEST_F(Metrics, rows_come_from_columns_and_from_the_lines_behind_them) {
  append(0, training(0, 9'000));
  append(9'000, training(9'000, 1'000));
  EXPECT_EQ(rows({"_step", "val.accuracy"}), walked(0, 10'000));
  EXPECT_EQ(rows({"_step", "val.accuracy"}, {.from = 4'000, .to = 9'500}), walked(4'000, 9'500));
  EXPECT_THAT(rows({"note", "_step"}, {.from = 8'000}),
              ElementsAre(R"({"note":"epoch","_step":8000})", R"({"note":"epoch","_step":9000})"));
  EXPECT_THAT(rows({"loss", "nothing"}), IsEmpty());
}

TEST_F(Metrics, lines_of_a_range_are_all_there_and_samples_are_spread_evenly) {
  append(0, training(0, 10'000));
  const auto page = lines({.from = 4'090, .to = 4'100}, 1'000);
  EXPECT_THAT(page, testing::ElementsAreArray(training(4'090, 10)));
  const auto sampled = lines({}, 5);
  ASSERT_THAT(sampled, SizeIs(5));
  EXPECT_EQ(sampled.front(), all.front());
  EXPECT_EQ(sampled[2], all[4'999]);
  EXPECT_EQ(sampled.back(), all.back());
  EXPECT_THAT(lines({}, 1), ElementsAre(all.front()));
  EXPECT_THAT(lines({}, 0), IsEmpty());
}

TEST_F(Metrics, what_the_sdk_says_anew_replaces_the_columns) {
  append(0, training(0, 10'000));
  append(5'000, training(5'000, 3'000, 2));
  EXPECT_THAT(lines({}, 1'000'000), testing::ElementsAreArray(all));
  EXPECT_EQ(rows({"_step", "val.accuracy"}), walked(0, 8'000));
  EXPECT_DOUBLE_EQ(curve("loss", {.from = 7'999}, 10).mean.at(0), 2.0 / 8'000);
  const auto keys = *run_task([&] { return store->metric_keys(key); });
  EXPECT_EQ(keys.types.at("loss").at("number"), 8'000);
  EXPECT_EQ(keys.last_step, 7'999);
}

TEST_F(Metrics, curves_keep_the_extremes_of_what_they_condense) {
  auto spiky = training(0, 10'000);
  spiky[6'543] = R"({"_step":6543,"loss":1000})";
  append(0, spiky);
  const MetricSeries condensed = curve("loss", {}, 100);
  EXPECT_EQ(condensed.rows, 10'000);
  ASSERT_THAT(condensed.x, SizeIs(100));
  EXPECT_EQ(std::ranges::max(condensed.high), 1000);
  EXPECT_TRUE(std::ranges::is_sorted(condensed.x));
  const MetricSeries exact = curve("loss", {.from = 6'542, .to = 6'545}, 100);
  EXPECT_THAT(exact.x, ElementsAre(6'542, 6'543, 6'544));
  EXPECT_EQ(exact.mean[1], 1000);
}

TEST_F(Metrics, keys_count_what_was_logged_under_them) {
  append(0, {R"({"_step":3,"a":{"b":1},"s":"text","n":null,"l":[1],"flag":true,"empty":{}})",
             R"({"_step":4,"a":{"b":"NaN"},"h":{"_type":"histogram","bins":[1]}})", "no json", R"({"s":2})"});
  const auto keys = *run_task([&] { return store->metric_keys(key); });
  const std::map<std::string, std::map<std::string, std::int64_t>> expected = {
      {"_step", {{"number", 2}}}, {"a.b", {{"number", 2}}},  {"s", {{"number", 1}, {"string", 1}}},
      {"n", {{"nil", 1}}},        {"l", {{"list", 1}}},      {"flag", {{"boolean", 1}}},
      {"empty", {{"map", 1}}},    {"h", {{"histogram", 1}}},
  };
  EXPECT_EQ(keys.types, expected);
  EXPECT_EQ(keys.first_step, 3);
  EXPECT_EQ(keys.last_step, 4);
  EXPECT_THAT(rows({"a.b"}), ElementsAre(R"({"a.b":1E0})", R"({"a.b":"NaN"})"));
  EXPECT_THAT(rows({"h"}), ElementsAre(R"({"h":{"_type":"histogram","bins":[1]}})"));
}

TEST_F(Metrics, random_rows_read_back_as_a_walk_over_the_lines_does) {
  std::mt19937 random(42);
  std::int64_t step = 0;
  for (int round = 0; round < 12; ++round) {
    const auto cut = static_cast<std::int64_t>(all.size()) - static_cast<std::int64_t>(random() % 1'500);
    const std::int64_t offset = round % 3 == 2 ? std::max<std::int64_t>(cut, 0) : static_cast<std::int64_t>(all.size());
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < 1 + random() % 3'000; ++i) {
      step += random() % 3;
      lines.push_back(random() % 2 ? fmt::format(R"({{"_step":{},"val":{{"accuracy":{}}}}})", step, random() % 100)
                                   : fmt::format(R"({{"_step":{}}})", step));
    }
    append(offset, lines);
    const auto from = static_cast<std::int64_t>(random() % 10'000);
    const MetricRange range{.from = static_cast<double>(from), .to = static_cast<double>(from + 2'000)};
    ASSERT_EQ(rows({"_step", "val.accuracy"}, range), walked(from, from + 2'000)) << "round " << round;
  }
}

}  // namespace
}  // namespace slipway::server
