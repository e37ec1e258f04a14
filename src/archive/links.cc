#include "archive/links.h"

#include <deque>
#include <vector>

#include "base/strings.h"

namespace slipway::archive {
namespace fs = std::filesystem;

bool link_stays_inside(const fs::path& root, const std::string& path) {
  constexpr int kMaxHops = 40;  // As the kernel.
  auto first = split(path, '/');
  std::deque<std::string> ahead(first.begin(), first.end());
  std::vector<std::string> behind;
  for (int hops = 0; !ahead.empty();) {
    const auto segment = std::move(ahead.front());
    ahead.pop_front();
    if (segment.empty() || segment == ".") continue;
    if (segment == "..") {
      if (behind.empty()) return false;
      behind.pop_back();
      continue;
    }
    behind.push_back(segment);
    std::error_code ec;
    const auto here = root / join(behind, "/");
    if (!fs::is_symlink(fs::symlink_status(here, ec))) continue;
    const auto target = fs::read_symlink(here, ec);
    if (ec || target.is_absolute() || ++hops > kMaxHops) return false;
    behind.pop_back();
    const auto steps = split(target.string(), '/');
    ahead.insert(ahead.begin(), steps.begin(), steps.end());
  }
  return true;
}

}  // namespace slipway::archive
