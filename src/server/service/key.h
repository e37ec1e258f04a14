// API keys: how they look and how they are kept.
#pragma once
#include <string>
#include <string_view>

#include "base/secret.h"

namespace slipway::server {

/// "slp_" and 36 random characters of a-z0-9 (186 bits): exactly 40 characters of word characters, which old W&B clients demand (protocol 1.1.3).
/// No dash, because older clients take what stands before the last one for a prefix.
Secret new_api_key();
/// What the store keeps: SHA-256 in hex. Keys are random, so a slow hash would add nothing.
std::string key_hash(std::string_view key);
/// At least 40 characters of [A-Za-z0-9_-], at most 512: everything else is refused before it is hashed.
bool looks_like_key(std::string_view text);

}  // namespace slipway::server
