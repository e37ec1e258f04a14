#include "server/tracking/metric_resolvers.h"

#include <algorithm>

#include <fmt/format.h>

#include "server/tracking/shapes.h"
#include "server/tracking/stream_body.h"

namespace slipway::server {

using namespace tracking;

namespace {

constexpr std::size_t kSamples = 500;  ///< When nothing was asked for.
constexpr std::int64_t kMaxSamples = 10'000;
constexpr std::size_t kMaxSpecs = 100;
constexpr std::size_t kMaxKeys = 200;
/// Different sensors send their own events; together the last ones say how the machine is doing.
constexpr std::int64_t kRecentEvents = 50;

StreamKey stream_of(const Json& run, std::string_view file) {
  return {.run = hidden_id(run, "_run"), .file = std::string(file)};
}

StreamKey stream_arg(const graphql::FieldCall& call) {
  return stream_of(call.parent, text_arg(call.args, "stream", "HISTORY") == "SYSTEM" ? kEvents : kHistory);
}

std::size_t samples_of(const JsonObject& args, std::string_view name) {
  const std::int64_t wanted = optional_number(args, name).value_or(static_cast<std::int64_t>(kSamples));
  return static_cast<std::size_t>(std::clamp<std::int64_t>(wanted, 0, kMaxSamples));
}

std::optional<double> bound_of(const JsonObject& args, std::string_view name) {
  const Json* bound = find(args, name);
  if (!bound || !bound->is_number()) return std::nullopt;
  return bound->to_number<double>();
}

MetricRange steps_of(const JsonObject& args) {
  return {.from = bound_of(args, "minStep"), .to = bound_of(args, "maxStep")};
}

/// {"keys": ["_step", "loss"], "samples": 500, "minStep": 0, "maxStep": 1000}
struct Spec {
  std::vector<std::string> keys;
  MetricRange range;
  std::size_t samples = kSamples;
};

Result<Spec> spec_of(const std::string& text) {
  const auto parsed = parse_json(text, {.max_bytes = 1u << 20, .max_depth = 8});
  if (!parsed) return Error(parsed.error()).wrap("reading a spec of sampledHistory");
  if (!parsed->is_object())
    return Error(Code::invalid_argument,
                 fmt::format("a spec of sampledHistory: expected an object, got {}", kind_name(*parsed)));
  const JsonObject& object = parsed->as_object();
  Spec spec;
  // Clients repeat keys.
  for (std::string& key : list_arg(object, "keys")) {
    if (std::ranges::find(spec.keys, key) == spec.keys.end()) spec.keys.push_back(std::move(key));
  }
  if (spec.keys.size() > kMaxKeys)
    return Error(Code::invalid_argument, fmt::format("a spec of sampledHistory: at most {} keys", kMaxKeys));
  spec.range = steps_of(object);
  spec.samples = samples_of(object, "samples");
  return spec;
}

Json numbers_json(const std::vector<double>& numbers) { return JsonArray(numbers.begin(), numbers.end()); }

Json lines_json(const std::vector<std::string>& lines) {
  JsonArray array;
  array.reserve(lines.size());
  for (const std::string& line : lines) array.push_back(text_value(line));
  return array;
}

Json types_json(const std::map<std::string, std::int64_t>& types) {
  JsonArray counts;
  for (const auto& [type, count] : types) counts.push_back({{"type", type}, {"count", count}});
  return counts;
}

}  // namespace

void MetricResolvers::bind(graphql::Resolvers& resolvers) {
  using Read = Task<Json> (MetricResolvers::*)(const Call&);
  const auto read = [&](std::string coordinate, Read method) {
    resolvers.bind(std::move(coordinate), [this, method](const Call& call) { return (this->*method)(call); });
  };
  read("Run.history", &MetricResolvers::history);
  read("Run.events", &MetricResolvers::events);
  read("Run.sampledHistory", &MetricResolvers::sampled_history);
  read("Run.historyKeys", &MetricResolvers::history_keys);
  read("Run.parquetHistory", &MetricResolvers::parquet_history);
  read("Run.systemMetrics", &MetricResolvers::system_metrics);
  read("Run.metricSeries", &MetricResolvers::series);
  read("Run.metricKeys", &MetricResolvers::keys);
}

Task<Json> MetricResolvers::history(const Call& call) {
  CO_TRY(const auto lines, co_await streams_.metric_lines(stream_of(call.parent, kHistory), steps_of(call.args),
                                                          samples_of(call.args, "samples")));
  co_return lines_json(lines);
}

Task<Json> MetricResolvers::events(const Call& call) {
  CO_TRY(const auto lines, co_await streams_.metric_lines(stream_of(call.parent, kEvents), MetricRange(),
                                                          samples_of(call.args, "samples")));
  co_return lines_json(lines);
}

Task<Json> MetricResolvers::sampled_history(const Call& call) {
  const auto texts = list_arg(call.args, "specs");
  if (texts.size() > kMaxSpecs)
    co_return Error(Code::invalid_argument, fmt::format("at most {} specs in one call", kMaxSpecs));
  JsonArray all;
  for (const std::string& text : texts) {
    CO_TRY(Spec spec, spec_of(text));
    CO_TRY(auto rows, co_await streams_.metric_rows(stream_of(call.parent, kHistory), std::move(spec.keys),
                                                    std::move(spec.range), spec.samples));
    JsonArray sampled;
    sampled.reserve(rows.size());
    for (JsonObject& row : rows) sampled.push_back(std::move(row));
    all.push_back(std::move(sampled));
  }
  co_return all;
}

Task<Json> MetricResolvers::history_keys(const Call& call) {
  CO_TRY(const MetricKeys found, co_await streams_.metric_keys(stream_of(call.parent, kHistory)));
  if (found.types.empty()) co_return Json();
  JsonObject keys;
  for (const auto& [key, types] : found.types) {
    JsonObject about;
    about["typeCounts"] = types_json(types);
    keys[key] = std::move(about);
  }
  JsonObject json;
  json["keys"] = std::move(keys);
  json["lastStep"] = static_cast<std::int64_t>(found.last_step.value_or(-1));
  co_return json;
}

/// No Parquet files here: everything is "live", from the first step on.
Task<Json> MetricResolvers::parquet_history(const Call& call) {
  CO_TRY(const MetricKeys found, co_await streams_.metric_keys(stream_of(call.parent, kHistory)));
  JsonArray live;
  if (found.first_step) {
    JsonObject row;
    row["_step"] = static_cast<std::int64_t>(*found.first_step);
    live.push_back(std::move(row));
  }
  JsonObject json;
  json["parquetUrls"] = JsonArray();
  json["liveData"] = std::move(live);
  co_return json;
}

Task<Json> MetricResolvers::system_metrics(const Call& call) {
  const StreamKey key = stream_of(call.parent, kEvents);
  CO_TRY(const auto size, co_await streams_.read(key, 0, 0, 0));
  const std::int64_t from = std::max<std::int64_t>(size.info.lines - kRecentEvents, 0);
  CO_TRY(const auto recent, co_await streams_.read(key, from, kRecentEvents, 1u << 20));
  JsonObject latest;
  for (const std::string& line : recent.lines) {
    const auto event = parse_json(line);
    if (!event || !event->is_object()) continue;
    for (const auto& [name, value] : event->as_object()) latest[name] = value;
  }
  co_return text_value(to_text(latest));
}

Task<Json> MetricResolvers::series(const Call& call) {
  auto keys = list_arg(call.args, "keys");
  if (keys.size() > kMaxKeys)
    co_return Error(Code::invalid_argument, fmt::format("at most {} keys in one call", kMaxKeys));
  MetricRange range{.axis = text_arg(call.args, "axis", "_step"),
                    .from = bound_of(call.args, "from"),
                    .to = bound_of(call.args, "to")};
  CO_TRY(const auto all, co_await streams_.metric_series(stream_arg(call), std::move(keys), std::move(range),
                                                         samples_of(call.args, "points")));
  JsonArray curves;
  for (const MetricSeries& series : all) {
    JsonObject curve;
    curve["key"] = series.key;
    curve["rows"] = series.rows;
    curve["x"] = numbers_json(series.x);
    curve["mean"] = numbers_json(series.mean);
    curve["min"] = numbers_json(series.low);
    curve["max"] = numbers_json(series.high);
    curves.push_back(std::move(curve));
  }
  co_return curves;
}

Task<Json> MetricResolvers::keys(const Call& call) {
  CO_TRY(const MetricKeys found, co_await streams_.metric_keys(stream_arg(call)));
  JsonArray keys;
  for (const auto& [key, types] : found.types) {
    JsonObject about;
    about["name"] = key;
    about["types"] = types_json(types);
    keys.push_back(std::move(about));
  }
  co_return keys;
}

}  // namespace slipway::server
