#include "plugins/sources/source_cache.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <vector>

#include "base/log.h"

namespace slipway::plugins::sources {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kDefaultLimit = 20ull << 30;
constexpr auto kInUse = std::chrono::hours(1);
constexpr std::string_view kMark = ".used";

Error file_error(std::string doing, const fs::path& path, const std::error_code& ec) {
  const auto code = ec == std::errc::no_space_on_device ? Code::resource_exhausted : Code::internal;
  return Error(code, std::move(doing) + " " + path.string() + ": " + ec.message());
}

/// The mark of a tree holds its size; its time is that of the last use. It goes first: a tree without one counts as incomplete.
std::vector<Kept> list_kept(const fs::path& root) {
  std::vector<Kept> all;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(root, ec)) {
    if (entry.path().extension() != kMark) continue;
    Kept kept{.paths = {entry.path(), root / entry.path().stem()}, .bytes = 0, .used = entry.last_write_time(ec)};
    const auto text = archive::read_file(entry.path());
    if (text) std::from_chars(text->data(), text->data() + text->size(), kept.bytes);
    all.push_back(std::move(kept));
  }
  return all;
}

}  // namespace

std::optional<fs::path> SourceCache::find(const std::string& key) const {
  std::error_code ec;
  const auto mark = root_ / (key + std::string(kMark));
  // The mark is written last: a tree without one was not complete.
  if (!fs::exists(mark, ec)) return std::nullopt;
  fs::last_write_time(mark, fs::file_time_type::clock::now(), ec);
  return root_ / key;
}

Result<archive::TemporaryFolder> SourceCache::staging() const {
  std::error_code ec;
  fs::create_directories(root_, ec);
  if (ec) return file_error("creating", root_, ec);
  return archive::TemporaryFolder::create("staging-", root_);
}

Result<fs::path> SourceCache::keep(const std::string& key, const fs::path& filled) const {
  const auto place = root_ / key;
  std::error_code ec;
  fs::remove_all(place, ec);
  fs::rename(filled, place, ec);
  if (ec) return file_error("moving the source to", place, ec);
  TRY_VOID(archive::write_file_atomically(root_ / (key + std::string(kMark)), std::to_string(bytes_below(place))));
  remove_oldest(list_kept(root_), max_bytes_);
  return place;
}

void remove_oldest(std::vector<Kept> all, std::uint64_t max_bytes) {
  std::ranges::sort(all, {}, &Kept::used);
  std::uint64_t total = 0;
  for (const auto& kept : all) total += kept.bytes;
  const auto idle_since = fs::file_time_type::clock::now() - kInUse;
  for (const auto& kept : all) {
    if (total <= max_bytes || kept.used > idle_since) return;
    for (const auto& path : kept.paths) {
      std::error_code ec;
      fs::remove_all(path, ec);
      if (ec) log::warn("a fetched source could not be removed", {{"path", path.string()}, {"error", ec.message()}});
    }
    total -= kept.bytes;
  }
}

std::uint64_t bytes_below(const fs::path& root) {
  std::uint64_t total = 0;
  std::error_code ec;
  for (fs::recursive_directory_iterator it(root, ec), end; !ec && it != end; it.increment(ec)) {
    std::error_code unreadable;
    if (it->is_regular_file(unreadable) && !it->is_symlink(unreadable)) total += it->file_size(unreadable);
  }
  return total;
}

std::uint64_t cache_limit(const std::map<std::string, std::string>& env) {
  const auto set = env.find("SLIPWAY_SOURCE_CACHE_BYTES");
  if (set == env.end()) return kDefaultLimit;
  std::uint64_t bytes = 0;
  const auto& text = set->second;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), bytes);
  return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() ? bytes : kDefaultLimit;
}

Result<> copy_tree(const fs::path& from, const fs::path& into) {
  std::error_code ec;
  fs::create_directories(into, ec);
  if (ec) return file_error("creating", into, ec);
  fs::copy(from, into, fs::copy_options::recursive | fs::copy_options::copy_symlinks, ec);
  if (ec) return file_error("copying the source to", into, ec);
  return {};
}

}  // namespace slipway::plugins::sources
