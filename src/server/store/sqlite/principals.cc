#include "server/store/sqlite/principals.h"

namespace slipway::server::sqlite {
namespace {

constexpr UnixMillis kNoteUseEvery = 60'000;
constexpr std::size_t kMostEntries = 10'000;

}  // namespace

std::optional<PrincipalCache::Found> PrincipalCache::find(const std::string& key_hash, UnixMillis now) {
  const std::scoped_lock lock(mutex_);
  const auto entry = entries_.find(key_hash);
  if (entry == entries_.end()) return std::nullopt;
  const bool due = now - entry->second.used_at >= kNoteUseEvery;
  if (due) entry->second.used_at = now;
  return Found{entry->second.principal, due};
}

std::uint64_t PrincipalCache::generation() const {
  const std::scoped_lock lock(mutex_);
  return generation_;
}

void PrincipalCache::put(const std::string& key_hash, Principal principal, std::uint64_t generation,
                         UnixMillis used_at) {
  const std::scoped_lock lock(mutex_);
  if (generation != generation_) return;
  if (entries_.size() >= kMostEntries) entries_.clear();
  entries_.insert_or_assign(key_hash, Entry{std::move(principal), used_at});
}

void PrincipalCache::forget() {
  const std::scoped_lock lock(mutex_);
  ++generation_;
  entries_.clear();
}

}  // namespace slipway::server::sqlite
