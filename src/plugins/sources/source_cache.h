// SourceCache: directory trees kept by key below one folder, the least recently used ones removed first.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "archive/archive.h"
#include "plugins/context.h"

namespace slipway::plugins::sources {

/// Trees are shared: nobody writes into them (see copy_tree()). One process at a time owns the folder. Blocking; not thread-safe: call it from one pool job at a time or
/// from the agent's thread.
class SourceCache {
 public:
  SourceCache(std::filesystem::path root, std::uint64_t max_bytes) : root_(std::move(root)), max_bytes_(max_bytes) {}

  /// The tree, marked as used now; nothing when there is none.
  std::optional<std::filesystem::path> find(const std::string& key) const;
  /// An empty private folder (mode 0700) on the same file system, to be filled and given to keep(). Removed when it is not.
  Result<archive::TemporaryFolder> staging() const;
  /// Moves `filled`, a folder inside a staging(), to its place, then makes room: trees that have not been used for an hour go, oldest first, until the rest fits.
  Result<std::filesystem::path> keep(const std::string& key, const std::filesystem::path& filled) const;

 private:
  std::filesystem::path root_;
  std::uint64_t max_bytes_;
};

/// One thing that may be removed to make room.
struct Kept {
  std::vector<std::filesystem::path> paths;  ///< In the order of removal.
  std::uint64_t bytes = 0;
  std::filesystem::file_time_type used;
};
/// Removes the least recently used until the rest fits into `max_bytes`. What was used within the last hour stays: somebody may be reading it. Blocking.
void remove_oldest(std::vector<Kept> all, std::uint64_t max_bytes);
std::uint64_t bytes_below(const std::filesystem::path& root);

/// Bytes that fetched sources of one kind may take: SLIPWAY_SOURCE_CACHE_BYTES of `env`, 20 GiB by default.
std::uint64_t cache_limit(const std::map<std::string, std::string>& env);

/// A job's own copy of a fetched source, which it may write to. `into` must be absent or empty. Blocking.
Result<> copy_tree(const std::filesystem::path& from, const std::filesystem::path& into);

}  // namespace slipway::plugins::sources
