// SourceCache: directory trees kept by key below one folder, the least recently used ones removed first.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

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
  void make_room(const std::string& keep_key) const;

  std::filesystem::path root_;
  std::uint64_t max_bytes_;
};

/// Bytes that fetched sources of one kind may take: SLIPWAY_SOURCE_CACHE_BYTES of `env`, 20 GiB by default.
std::uint64_t cache_limit(const std::map<std::string, std::string>& env);

/// A job's own copy of a fetched source, which it may write to. `into` must be absent or empty. Blocking.
Result<> copy_tree(const std::filesystem::path& from, const std::filesystem::path& into);

}  // namespace slipway::plugins::sources
