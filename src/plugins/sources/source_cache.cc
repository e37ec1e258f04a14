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

std::uint64_t bytes_below(const fs::path& root) {
  std::uint64_t total = 0;
  std::error_code ec;
  for (fs::recursive_directory_iterator it(root, ec), end; !ec && it != end; it.increment(ec)) {
    std::error_code unreadable;
    if (it->is_regular_file(unreadable) && !it->is_symlink(unreadable)) total += it->file_size(unreadable);
  }
  return total;
}

/// The mark of a tree holds its size; its time is that of the last use.
struct Kept {
  std::string key;
  std::uint64_t bytes = 0;
  fs::file_time_type used;
};

std::vector<Kept> list_kept(const fs::path& root) {
  std::vector<Kept> all;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(root, ec)) {
    if (entry.path().extension() != kMark) continue;
    Kept kept{.key = entry.path().stem().string()};
    const auto text = archive::read_file(entry.path());
    if (text) std::from_chars(text->data(), text->data() + text->size(), kept.bytes);
    kept.used = entry.last_write_time(ec);
    all.push_back(std::move(kept));
  }
  std::ranges::sort(all, {}, &Kept::used);
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
  make_room(key);
  return place;
}

void SourceCache::make_room(const std::string& keep_key) const {
  const auto all = list_kept(root_);
  std::uint64_t total = 0;
  for (const auto& kept : all) total += kept.bytes;
  const auto idle_since = fs::file_time_type::clock::now() - kInUse;
  for (const auto& kept : all) {
    if (total <= max_bytes_) return;
    if (kept.key == keep_key || kept.used > idle_since) continue;
    std::error_code ec;
    fs::remove(root_ / (kept.key + std::string(kMark)), ec);
    fs::remove_all(root_ / kept.key, ec);
    if (ec) log::warn("a fetched source could not be removed", {{"source", kept.key}, {"error", ec.message()}});
    total -= kept.bytes;
  }
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
