#include "measure.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace slipway::bench {

double percentile(std::vector<double> samples, double p) {
  if (samples.empty()) return 0;
  std::ranges::sort(samples);
  return samples[std::min(samples.size() - 1, static_cast<std::size_t>(p * static_cast<double>(samples.size())))];
}

double median(std::vector<double> samples) { return percentile(std::move(samples), 0.5); }

std::vector<double> flushes(const std::string& folder, int count, std::size_t bytes) {
  const std::string path = folder + "/flush-" + std::to_string(::getpid());
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) throw std::runtime_error("cannot write " + path);
  const std::string block(bytes, 'x');
  std::vector<double> taken;
  for (int i = 0; i < count; ++i) {
    const double start = now();
    if (::write(fd, block.data(), block.size()) < 0 || ::fdatasync(fd) != 0)
      throw std::runtime_error("cannot flush " + path);
    taken.push_back(now() - start);
  }
  ::close(fd);
  ::unlink(path.c_str());
  return taken;
}

Json summary(const std::string& name, const std::string& unit, const std::vector<double>& rounds) {
  JsonArray each;
  for (const double round : rounds) each.emplace_back(round);
  return JsonObject{{"name", name},
                    {"unit", unit},
                    {"median", median(rounds)},
                    {"min", *std::ranges::min_element(rounds)},
                    {"max", *std::ranges::max_element(rounds)},
                    {"rounds", std::move(each)}};
}

}  // namespace slipway::bench
