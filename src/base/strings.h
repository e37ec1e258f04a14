// Small text helpers that the standard library lacks.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace slipway {

std::string_view trim(std::string_view text);
std::vector<std::string> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);
std::string lower(std::string_view text);
std::string replace_all(std::string text, std::string_view what, std::string_view with);
/// The candidate that `given` was most likely meant to be, by edit distance; nothing when none is near (max(1, length / 3) edits).
std::optional<std::string> nearest(std::string_view given, std::span<const std::string> candidates);
/// " Did you mean 'max_jobs'?" or "": ready to be put at the end of a message.
std::string did_you_mean(std::string_view given, std::span<const std::string> candidates);
/// Splits a command line the way a POSIX shell splits words (quotes and backslashes; no expansion). Nothing when a quote is not closed.
std::optional<std::vector<std::string>> split_words(std::string_view command);
/// One word, quoted for a POSIX shell where needed. For text that people read or paste; slipway itself never runs a shell.
std::string quote_word(std::string_view word);
/// True for well-formed UTF-8 without overlong forms and surrogates.
bool is_utf8(std::string_view text);
/// Bytes that are not UTF-8 become U+FFFD.
std::string to_utf8_lossy(std::string_view bytes);
/// "512 B", "1.4 MB".
std::string human_bytes(std::uint64_t bytes);
/// "350 ms", "4.2 s", "3 min 20 s", "2 h 5 min".
std::string human_duration(std::int64_t millis);

}  // namespace slipway
