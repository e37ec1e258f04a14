#include "history_bench.h"

#include <algorithm>
#include <functional>
#include <map>

#include <fmt/format.h>

#include "archive/archive.h"
#include "measure.h"
#include "server/store/tracking_streams.h"
#include "wait_for.h"

namespace slipway::bench {

namespace {

constexpr std::int64_t kBatch = 1'000;
constexpr std::size_t kPoints = 500;
const server::StreamKey kStream{.run = 1, .file = "wandb-history.jsonl"};

std::vector<std::string> rows_from(std::int64_t first) {
  std::vector<std::string> lines;
  for (std::int64_t step = first; step < first + kBatch; ++step) {
    const auto x = static_cast<double>(step);
    lines.push_back(fmt::format(
        R"({{"_step":{},"_runtime":{},"_timestamp":{},"loss":{},"accuracy":{},"lr":0.001,"grad/norm":{},"epoch":{}}})",
        step, x * 0.25, 1.7e9 + x * 0.25, 1 / (x + 1), 1 - 1 / (x + 2), 3 + 1 / (x + 3), step / 1000));
  }
  return lines;
}

class History {
 public:
  explicit History(const std::string& folder)
      : temporary_(*archive::TemporaryFolder::create("history", folder)),
        store_(*server::open_streams({.path = (temporary_.path() / "logs.db").string()})) {}
  ~History() { store_->close(); }

  double append(std::int64_t first) {
    const auto lines = rows_from(first);
    bytes_ = 0;
    for (const std::string& line : lines) bytes_ += line.size();
    const double start = now();
    wait_for<std::vector<server::StreamInfo>>(io_, [&] {
      std::vector<server::StreamChunk> chunks(1);
      chunks[0] = {
          .key = kStream, .offset = first, .lines = lines, .rule = server::AppendRule::rewrite, .metrics = true};
      return store_->append(std::move(chunks));
    });
    return now() - start;
  }
  double sampled() {
    const double start = now();
    const auto rows = wait_for<std::vector<JsonObject>>(
        io_, [&] { return store_->metric_rows(kStream, {"_step", "loss", "accuracy"}, {}, kPoints); });
    if (rows.size() != kPoints) throw std::runtime_error("sampled rows are missing");
    return now() - start;
  }
  double curve() {
    const double start = now();
    const auto curves = wait_for<std::vector<server::MetricSeries>>(
        io_, [&] { return store_->metric_series(kStream, {"loss"}, {}, kPoints); });
    if (curves.front().x.size() < kPoints / 2) throw std::runtime_error("points are missing");
    return now() - start;
  }
  double page(std::int64_t first) {
    const double start = now();
    const server::MetricRange range{.from = static_cast<double>(first), .to = static_cast<double>(first + kBatch)};
    const auto lines =
        wait_for<std::vector<std::string>>(io_, [&] { return store_->metric_lines(kStream, range, kBatch); });
    if (lines.size() != static_cast<std::size_t>(kBatch)) throw std::runtime_error("rows of a page are missing");
    return now() - start;
  }
  /// What a curve would cost without columns: every line read and parsed.
  double walk(std::int64_t rows) {
    const double start = now();
    double sum = 0;
    for (std::int64_t first = 0; first < rows; first += 10 * kBatch) {
      const auto piece =
          wait_for<server::StreamPiece>(io_, [&] { return store_->read(kStream, first, 10 * kBatch, SIZE_MAX); });
      for (const std::string& line : piece.lines) sum += parse_json(line)->at("loss").to_number<double>();
    }
    if (sum <= 0) throw std::runtime_error("the walk found nothing");
    return now() - start;
  }
  std::size_t batch_bytes() const { return bytes_; }

 private:
  archive::TemporaryFolder temporary_;
  boost::asio::io_context io_;
  std::unique_ptr<server::StreamStore> store_;
  std::size_t bytes_ = 0;
};

double median_of(int times, const std::function<double()>& measure) {
  std::vector<double> taken;
  for (int i = 0; i < times; ++i) taken.push_back(measure());
  return median(taken) * 1e3;
}

}  // namespace

Json history(const std::string& folder, int rounds, std::int64_t rows) {
  std::map<std::string, std::vector<double>> figures;
  for (int round = 0; round < rounds; ++round) {
    History history(folder);
    std::vector<double> appends;
    for (std::int64_t first = 0; first < rows; first += kBatch) appends.push_back(history.append(first) * 1e3);
    const auto tenth = static_cast<std::ptrdiff_t>(appends.size() / 10);
    figures["append 1000 rows, first tenth of the run"].push_back(median({appends.begin(), appends.begin() + tenth}));
    figures["append 1000 rows, last tenth of the run"].push_back(median({appends.end() - tenth, appends.end()}));
    figures["append 1000 rows, p99"].push_back(percentile(appends, 0.99));
    figures["one write of these bytes and fdatasync"].push_back(median(flushes(folder, 50, history.batch_bytes())) *
                                                                1e3);
    figures["500 sampled rows of 3 keys"].push_back(median_of(5, [&] { return history.sampled(); }));
    figures["a curve of 500 points of all rows"].push_back(median_of(5, [&] { return history.curve(); }));
    figures["a page of 1000 steps in the middle"].push_back(median_of(5, [&] { return history.page(rows / 2); }));
    figures["walk over all lines"].push_back(history.walk(rows) * 1e3);
  }
  JsonArray shown;
  for (const auto& [name, taken] : figures) shown.push_back(summary(name, "ms", taken));
  const auto ratio = [&](const std::string& a, const std::string& b) {
    return median(figures[a]) / median(figures[b]);
  };
  JsonArray ratios;
  ratios.push_back(JsonObject{
      {"name", "append: last tenth / first tenth"},
      {"value", ratio("append 1000 rows, last tenth of the run", "append 1000 rows, first tenth of the run")}});
  ratios.push_back(JsonObject{
      {"name", "append / write and fdatasync"},
      {"value", ratio("append 1000 rows, last tenth of the run", "one write of these bytes and fdatasync")}});
  ratios.push_back(JsonObject{{"name", "walk / curve"},
                              {"value", ratio("walk over all lines", "a curve of 500 points of all rows")}});
  return JsonObject{{"benchmark", fmt::format("B6 a history of {} rows", rows)},
                    {"figures", std::move(shown)},
                    {"ratios", std::move(ratios)}};
}

}  // namespace slipway::bench
