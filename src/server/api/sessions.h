// Sessions: people who signed in to the web page. Kept in memory: after a restart of the server one signs in again.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "base/secret.h"

namespace slipway::server {

/// A session stands for the key that opened it: revoking the key ends it. All calls on one executor's thread.
class Sessions {
 public:
  explicit Sessions(const Clock& clock) : clock_(clock) {}

  /// The cookie's value.
  Secret open(std::string key_hash);
  /// Hash of the key that opened it; nothing for an unknown or expired one. Each use prolongs it.
  std::optional<std::string> find(std::string_view cookie);
  void close(std::string_view cookie);

 private:
  struct Session {
    std::string key_hash;
    UnixMillis expires_at = 0;
  };
  void drop_expired();

  const Clock& clock_;
  std::unordered_map<std::string, Session>
      by_hash_;  ///< Under the hash of the cookie, so that looking it up tells nothing by its time.
};

}  // namespace slipway::server
