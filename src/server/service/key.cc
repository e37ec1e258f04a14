#include "server/service/key.h"

#include <algorithm>

#include "base/ids.h"

namespace slipway::server {

Secret new_api_key() { return Secret("slp_" + random_id(36)); }

std::string key_hash(std::string_view key) { return sha256_hex(key); }

bool looks_like_key(std::string_view text) {
  const auto legal = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  return text.size() >= 40 && text.size() <= 512 && std::ranges::all_of(text, legal);
}

}  // namespace slipway::server
