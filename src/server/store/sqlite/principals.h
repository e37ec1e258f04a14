// PrincipalCache: who a key belongs to, so that a request costs no read of the database. Forgets everything at any change of people,
// members or keys. Thread-safe.
#pragma once
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "server/store/types.h"

namespace slipway::server::sqlite {

class PrincipalCache {
 public:
  struct Found {
    Principal principal;
    bool use_is_due = false;  ///< The key's last use was noted more than a minute ago; the caller notes it now.
  };
  std::optional<Found> find(const std::string& key_hash, UnixMillis now);
  /// To be taken before the principal is read: put() drops what was read before a later change.
  std::uint64_t generation() const;
  void put(const std::string& key_hash, Principal principal, std::uint64_t generation, UnixMillis used_at);
  /// After the commit of a change and before its caller learns of it.
  void forget();

 private:
  struct Entry {
    Principal principal;
    UnixMillis used_at = 0;
  };
  mutable std::mutex mutex_;
  std::uint64_t generation_ = 0;
  std::unordered_map<std::string, Entry> entries_;
};

}  // namespace slipway::server::sqlite
