// Random identifiers and the encodings that the wire protocol uses. Thread-safe.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace slipway {

/// `length` characters of a-z0-9 from the operating system's random source. Run ids have 8 (protocol 4.8).
std::string random_id(std::size_t length = 8);
/// `bytes` random bytes as lower-case hex.
std::string random_hex(std::size_t bytes);
std::string to_hex(std::string_view bytes);
std::optional<std::string> from_hex(std::string_view hex);
/// RFC 4648 with padding.
std::string to_base64(std::string_view bytes);
/// Nothing when it is not strict base64.
std::optional<std::string> from_base64(std::string_view text);
/// Raw digests.
std::string sha256(std::string_view bytes);
std::string sha256_hex(std::string_view bytes);
std::string md5_base64(std::string_view bytes);
std::string md5_hex(std::string_view bytes);
std::string hmac_sha256(std::string_view key, std::string_view bytes);
/// Comparison whose time does not depend on where the first difference is.
bool constant_time_equal(std::string_view a, std::string_view b);

/// Opaque global id as the protocol shows it: base64 of "Type:number".
std::string global_id(std::string_view type, std::int64_t number);
/// The number of a global id of that type, nothing for anything else.
std::optional<std::int64_t> parse_global_id(std::string_view type, std::string_view id);

}  // namespace slipway
