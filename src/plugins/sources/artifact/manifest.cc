#include "plugins/sources/artifact/manifest.h"

#include <algorithm>

#include "base/ids.h"
#include "base/strings.h"

namespace slipway::plugins::sources::artifact {
namespace {

bool is_inside(std::string_view path) {
  if (path.empty() || path.size() > 4096 || path.front() == '/' || path.find('\0') != std::string_view::npos)
    return false;
  return std::ranges::none_of(split(path, '/'),
                              [](const std::string& part) { return part.empty() || part == "." || part == ".."; });
}

Error refused(std::string_view path, std::string why) {
  return Error(Code::invalid_argument, "the artifact's entry '" + to_utf8_lossy(path) + "' " + std::move(why));
}

Result<ManifestEntry> parse_entry(std::string_view path, const Json& value) {
  if (!is_inside(path)) return refused(path, "is refused: its path leaves the artifact");
  if (const auto ref = text_or(value, "ref"); !ref.empty()) {
    return refused(path, "is a reference to a file elsewhere; only uploaded files can be used as code");
  }
  ManifestEntry entry{.path = std::string(path),
                      .md5 = text_or(value, "digest"),
                      .size = 0,
                      .birth_artifact = text_or(value, "birthArtifactID")};
  const auto raw = from_base64(entry.md5);
  if (!raw || raw->size() != 16) return refused(path, "has no MD5 digest");
  const auto size = int_or(value, "size", -1);
  if (size < 0) return refused(path, "has no size");
  entry.size = static_cast<std::uint64_t>(size);
  return entry;
}

}  // namespace

Result<Manifest> parse_manifest(const Json& value) {
  const auto* contents = find(value, "contents");
  if (!contents || !contents->is_object())
    return Error(Code::invalid_argument, "the artifact's manifest has no 'contents'");
  Manifest manifest;
  for (const auto& [path, entry] : contents->get_object()) {
    TRY(auto parsed, parse_entry(path, entry));
    manifest.bytes += parsed.size;
    manifest.entries.push_back(std::move(parsed));
  }
  std::ranges::sort(manifest.entries, {}, &ManifestEntry::path);
  std::string identity;
  for (const auto& entry : manifest.entries) {
    identity += entry.path + '\0' + entry.md5 + '\0' + std::to_string(entry.size) + '\n';
  }
  manifest.fingerprint = sha256_hex(identity);
  return manifest;
}

}  // namespace slipway::plugins::sources::artifact
