#include "server/api/sessions.h"

#include "base/ids.h"

namespace slipway::server {
namespace {

constexpr UnixMillis kIdleLimit = 12LL * 60 * 60 * 1000;
constexpr std::size_t kMostSessions = 10'000;

}  // namespace

void Sessions::drop_expired() {
  const UnixMillis now = clock_.now();
  std::erase_if(by_hash_, [now](const auto& each) { return each.second.expires_at <= now; });
}

Secret Sessions::open(std::string key_hash) {
  if (by_hash_.size() >= kMostSessions) drop_expired();
  if (by_hash_.size() >= kMostSessions) by_hash_.erase(by_hash_.begin());
  Secret cookie(random_hex(32));
  by_hash_[sha256_hex(cookie.reveal())] = {std::move(key_hash), clock_.now() + kIdleLimit};
  return cookie;
}

std::optional<std::string> Sessions::find(std::string_view cookie) {
  const auto found = by_hash_.find(sha256_hex(cookie));
  if (found == by_hash_.end()) return std::nullopt;
  if (found->second.expires_at <= clock_.now()) {
    by_hash_.erase(found);
    return std::nullopt;
  }
  found->second.expires_at = clock_.now() + kIdleLimit;
  return found->second.key_hash;
}

void Sessions::close(std::string_view cookie) { by_hash_.erase(sha256_hex(cookie)); }

}  // namespace slipway::server
