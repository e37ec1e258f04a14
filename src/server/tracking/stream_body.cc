#include "server/tracking/stream_body.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/json.h"

namespace slipway::server {

namespace {

constexpr std::size_t kMaxFiles = 16;
constexpr std::int64_t kMaxOffset = 1ll << 52;
constexpr std::size_t kMaxProblems = 20;

using Problems = std::vector<Problem>;

void refuse(Problems& problems, std::string path, std::string message) {
  if (problems.size() < kMaxProblems) problems.push_back({.path = std::move(path), .message = std::move(message)});
}

/// A line as it is kept: without its line end, bounded.
std::string kept_line(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.size() <= kMaxLine) return std::string(line);
  std::size_t end = kMaxLine;
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;
  return fmt::format("{} [slipway: {} more bytes of this line are not kept]", line.substr(0, end), line.size() - end);
}

void read_lines(const Json& content, const std::string& path, StreamPart& part, Problems& problems) {
  const auto* list = content.if_array();
  if (!list) return refuse(problems, path, fmt::format("expected an array of lines, got {}", kind_name(content)));
  part.lines.reserve(list->size());
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto* line = (*list)[i].if_string();
    if (!line) {
      refuse(problems, fmt::format("{}[{}]", path, i), fmt::format("expected a string, got {}", kind_name((*list)[i])));
      return;
    }
    part.lines.push_back(kept_line(*line));
  }
}

/// A whole number of at least `least`; absent and null give `otherwise`.
std::int64_t read_number(const Json& file, std::string_view key, const std::string& path, std::int64_t least,
                         std::int64_t otherwise, Problems& problems) {
  const Json* member = find(file, key);
  if (!member || member->is_null()) return otherwise;
  const auto number = as_integer(*member);
  if (number && *number >= least && *number <= kMaxOffset) return *number;
  refuse(problems, fmt::format("{}.{}", path, key), fmt::format("expected a whole number of at least {}", least));
  return otherwise;
}

void read_part(std::string_view name, const Json& file, StreamBody& body, Problems& problems) {
  const std::string path = fmt::format("files.{}", to_text(text_value(name.substr(0, 64))));
  if (!is_stream_name(name))
    return refuse(problems, path, "no name of a stream: at most 64 letters, digits, '.', '_' and '-'");
  if (!file.is_object()) return refuse(problems, path, fmt::format("expected an object, got {}", kind_name(file)));
  StreamPart part;
  part.file = name;
  part.offset = read_number(file, "offset", path, 0, 0, problems);
  part.attempt =
      static_cast<int>(std::min<std::int64_t>(read_number(file, "attempt", path, 1, 1, problems), 1'000'000));
  part.complete = bool_or(file, "complete", false);
  if (const Json* content = find(file, "content"); content && !content->is_null())
    read_lines(*content, path + ".content", part, problems);
  body.parts.push_back(std::move(part));
}

void read_files(const Json& files, StreamBody& body, Problems& problems) {
  const auto* members = files.if_object();
  if (!members) return refuse(problems, "files", fmt::format("expected an object, got {}", kind_name(files)));
  if (members->size() > kMaxFiles)
    return refuse(problems, "files", fmt::format("at most {} files in one call", kMaxFiles));
  for (const auto& [name, file] : *members) read_part(name, file, body, problems);
}

void read_uploaded(const Json& uploaded, StreamBody& body, Problems& problems) {
  if (uploaded.is_null()) return;
  const auto* list = uploaded.if_array();
  if (!list)
    return refuse(problems, "uploaded", fmt::format("expected an array of names, got {}", kind_name(uploaded)));
  for (const Json& name : *list) {
    if (const auto* text = name.if_string()) body.uploaded.emplace_back(*text);
  }
}

std::optional<int> read_exit_code(const Json& root, Problems& problems) {
  const Json* code = find(root, "exitcode");
  if (!code || code->is_null()) return std::nullopt;
  const auto number = as_integer(*code);
  if (number && *number >= INT32_MIN && *number <= INT32_MAX) return static_cast<int>(*number);
  refuse(problems, "exitcode", "expected a whole number");
  return std::nullopt;
}

}  // namespace

bool is_stream_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  };
  return !name.empty() && name.size() <= 64 && name.front() != '.' && std::ranges::all_of(name, allowed);
}

Result<StreamBody> decode_stream_body(std::string_view text) {
  auto parsed = parse_json(text, {.max_bytes = 16u << 20, .max_depth = 16});
  if (!parsed) return std::move(parsed).error().wrap("reading the file stream");
  const Json& root = *parsed;
  if (!root.is_object())
    return Error(Code::invalid_argument,
                 fmt::format("reading the file stream: expected an object, got {}", kind_name(root)));
  StreamBody body;
  Problems problems;
  if (const Json* files = find(root, "files"); files && !files->is_null()) read_files(*files, body, problems);
  if (const Json* uploaded = find(root, "uploaded")) read_uploaded(*uploaded, body, problems);
  body.preempting = bool_or(root, "preempting", false);
  body.complete = bool_or(root, "complete", false);
  body.exit_code = read_exit_code(root, problems);
  if (!problems.empty()) return Error(Code::invalid_argument, "the file stream call is not valid", std::move(problems));
  return body;
}

}  // namespace slipway::server
