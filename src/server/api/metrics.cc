#include "server/api/metrics.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/strings.h"

namespace slipway::server {
namespace {

std::string escaped(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out;
}

}  // namespace

std::string Metrics::sample(std::string_view name, const std::vector<std::pair<std::string, std::string>>& labels,
                            double value) {
  std::string out(name);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    out += fmt::format("{}{}=\"{}\"", i == 0 ? "{" : ",", labels[i].first, escaped(labels[i].second));
  }
  if (!labels.empty()) out += '}';
  return out + fmt::format(" {}\n", value);
}

void Metrics::count_request(std::string_view route, std::string_view method, int status,
                            std::chrono::steady_clock::duration took) {
  ++requests_[{std::string(route), std::string(method), status}];
  const double seconds = std::chrono::duration<double>(took).count();
  Latency& latency = latencies_[std::string(route)];
  const auto bucket = std::ranges::lower_bound(kBounds, seconds) - kBounds.begin();
  ++latency.counts.at(static_cast<std::size_t>(bucket));
  latency.sum += seconds;
}

void Metrics::add_gauge(std::string name, std::string help, std::function<double()> read) {
  gauges_.push_back({std::move(name), std::move(help), std::move(read)});
}

std::string Metrics::text(std::string_view extra) const {
  std::string out =
      "# HELP slipway_http_requests_total Requests by route, method and status.\n# TYPE slipway_http_requests_total "
      "counter\n";
  for (const auto& [key, count] : requests_) {
    const auto& [route, method, status] = key;
    out +=
        sample("slipway_http_requests_total",
               {{"route", route}, {"method", method}, {"status", std::to_string(status)}}, static_cast<double>(count));
  }
  out +=
      "# HELP slipway_http_request_seconds Time to answer, long polls included.\n# TYPE slipway_http_request_seconds "
      "histogram\n";
  for (const auto& [route, latency] : latencies_) {
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < latency.counts.size(); ++i) {
      below += latency.counts[i];
      const std::string bound = i < kBounds.size() ? fmt::format("{}", kBounds[i]) : "+Inf";
      out +=
          sample("slipway_http_request_seconds_bucket", {{"route", route}, {"le", bound}}, static_cast<double>(below));
    }
    out += sample("slipway_http_request_seconds_sum", {{"route", route}}, latency.sum);
    out += sample("slipway_http_request_seconds_count", {{"route", route}}, static_cast<double>(below));
  }
  for (const auto& gauge : gauges_) {
    out += fmt::format("# HELP {0} {1}\n# TYPE {0} gauge\n", gauge.name, gauge.help);
    out += sample(gauge.name, {}, gauge.read());
  }
  return out.append(extra);
}

}  // namespace slipway::server
