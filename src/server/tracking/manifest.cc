#include "server/tracking/manifest.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ids.h"
#include "base/json.h"
#include "base/strings.h"

namespace slipway::server {

namespace {

constexpr std::size_t kMaxProblems = 20;
constexpr std::size_t kMaxPath = 4096;

Result<ManifestEntry> read_entry(std::string_view path, const Json& member) {
  ManifestEntry entry;
  entry.path = path;
  if (const std::string fault = path_fault(path); !fault.empty()) return Error(Code::invalid_argument, fault);
  if (!member.is_object())
    return Error(Code::invalid_argument, fmt::format("expected an object, got {}", kind_name(member)));
  entry.digest = text_or(member, "digest");
  entry.reference = text_or(member, "ref");
  entry.size = std::max<std::int64_t>(int_or(member, "size", 0), 0);
  if (!entry.reference.empty()) return entry;
  const auto md5 = md5_from_base64(entry.digest);
  if (!md5) return Error(Code::invalid_argument, "the digest is not the base64 of an MD5");
  entry.md5 = *md5;
  return entry;
}

}  // namespace

std::optional<std::string> md5_from_base64(std::string_view text) {
  const auto bytes = from_base64(text);
  if (!bytes || bytes->size() != 16) return std::nullopt;
  return to_hex(*bytes);
}

std::string path_fault(std::string_view path) {
  if (path.empty()) return "the name is empty";
  if (path.size() > kMaxPath) return fmt::format("the name has more than {} bytes", kMaxPath);
  if (!is_utf8(path)) return "the name is not UTF-8";
  const auto forbidden = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '\\'; };
  if (std::ranges::any_of(path, forbidden)) return "the name has a backslash or a control character";
  for (const std::string& segment : split(path, '/')) {
    if (segment.empty() || segment == "." || segment == "..")
      return "the name must be relative, without empty, '.' and '..' parts";
  }
  return "";
}

std::string Manifest::digest() const {
  std::string text = "wandb-artifact-manifest-v1\n";
  for (const ManifestEntry& entry : entries) text += fmt::format("{}:{}\n", entry.path, entry.digest);
  return md5_hex(text);
}

Result<Manifest> parse_manifest(std::string_view text) {
  auto parsed = parse_json(text, {.max_bytes = 256u << 20, .max_depth = 32});
  if (!parsed) return std::move(parsed).error().wrap("reading the manifest");
  const Json* contents = find(*parsed, "contents");
  if (int_or(*parsed, "version", 0) != 1 || !contents || !contents->is_object()) {
    return Error(Code::invalid_argument,
                 "reading the manifest: expected an object with \"version\": 1 and \"contents\"");
  }
  Manifest manifest;
  std::vector<Problem> problems;
  for (const auto& [path, member] : contents->as_object()) {
    auto entry = read_entry(path, member);
    if (entry)
      manifest.entries.push_back(std::move(*entry));
    else if (problems.size() < kMaxProblems)
      problems.push_back(
          {.path = fmt::format("contents.{}", to_text(text_value(std::string_view(path).substr(0, 200)))),
           .message = entry.error().message()});
  }
  if (!problems.empty()) return Error(Code::invalid_argument, "the manifest is not valid", std::move(problems));
  std::ranges::sort(manifest.entries, {}, &ManifestEntry::path);
  return manifest;
}

}  // namespace slipway::server
