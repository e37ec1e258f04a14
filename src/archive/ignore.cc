#include "archive/ignore.h"

#include <algorithm>

#include "archive/glob.h"
#include "base/strings.h"

namespace slipway::archive {
namespace {

/// Trailing blanks do not count unless a backslash keeps them.
std::string_view without_trailing_blanks(std::string_view line) {
  while (line.ends_with(' ') || line.ends_with('\t') || line.ends_with('\r')) {
    const bool kept = line.ends_with(' ') && line.size() > 1 && line[line.size() - 2] == '\\';
    if (kept) break;
    line.remove_suffix(1);
  }
  return line;
}

std::vector<std::string> segments_of(std::string_view path) {
  auto segments = split(path, '/');
  std::erase_if(segments, [](const std::string& segment) { return segment.empty() || segment == "."; });
  return segments;
}

}  // namespace

void IgnoreRules::add(std::string_view text, IgnoreDialect dialect) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  for (const auto& line : split(text, '\n')) add_line(line, dialect);
}

void IgnoreRules::add_line(std::string_view line, IgnoreDialect dialect) {
  const bool docker = dialect == IgnoreDialect::docker;
  line = docker ? trim(line) : without_trailing_blanks(line);
  if (line.empty() || line.front() == '#') return;
  Rule rule;
  rule.dialect = dialect;
  rule.negated = line.front() == '!';
  if (rule.negated) line.remove_prefix(1);
  if (docker) line = trim(line);
  rule.folders_only = !docker && line.ends_with('/');
  if (line.ends_with('/')) line.remove_suffix(1);
  rule.any_depth = !docker && line.find('/') == std::string_view::npos;
  rule.segments = segments_of(line);
  if (rule.segments.empty()) return;
  may_return_below_ = may_return_below_ || (docker && rule.negated);
  rules_.push_back(std::move(rule));
}

bool IgnoreRules::excludes(std::string_view path, EntryKind kind, bool parent_excluded) const {
  const auto segments = segments_of(path);
  bool excluded = parent_excluded;
  if (segments.empty()) return excluded;
  for (const auto& rule : rules_) {
    if (!matches(rule, segments, kind)) continue;
    const bool may_return = !parent_excluded || rule.dialect == IgnoreDialect::docker;
    if (!rule.negated) {
      excluded = true;
    } else if (may_return) {
      excluded = false;
    }
  }
  return excluded;
}

bool IgnoreRules::matches(const Rule& rule, const std::vector<std::string>& path, EntryKind kind) {
  if (rule.dialect == IgnoreDialect::docker) {
    // A pattern that matches a folder matches all that is in it.
    auto prefix = path;
    for (; !prefix.empty(); prefix.pop_back()) {
      if (path_matches(rule.segments, prefix)) return true;
    }
    return false;
  }
  if (rule.folders_only && kind != EntryKind::folder) return false;
  if (rule.any_depth) return segment_matches(rule.segments.front(), path.back());
  return path_matches(rule.segments, path);
}

}  // namespace slipway::archive
