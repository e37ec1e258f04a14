// IgnoreRules: which files of a tree are left out. Pure.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace slipway::archive {

enum class IgnoreDialect {
  git,     ///< .gitignore: names match at any depth; nothing below an excluded folder comes back.
  docker,  ///< .dockerignore: patterns are anchored at the root; "!" brings back also what lies below an
           ///< excluded folder.
};

enum class EntryKind { file, folder };

class IgnoreRules {
 public:
  /// Lines of an ignore file: comments, blank lines, "!" and trailing blanks as the dialect has them. Later
  /// lines win.
  void add(std::string_view text, IgnoreDialect dialect);
  /// `path` relative to the root, '/'-separated. `parent_excluded`: the answer for its folder.
  bool excludes(std::string_view path, EntryKind kind, bool parent_excluded) const;
  /// May something below an excluded folder come back? Else the walk need not enter it.
  bool may_return_below() const { return may_return_below_; }

 private:
  struct Rule {
    std::vector<std::string> segments;
    bool negated = false;
    bool folders_only = false;
    bool any_depth = false;
    IgnoreDialect dialect = IgnoreDialect::git;
  };
  void add_line(std::string_view line, IgnoreDialect dialect);
  static bool matches(const Rule& rule, const std::vector<std::string>& path, EntryKind kind);

  std::vector<Rule> rules_;
  bool may_return_below_ = false;
};

}  // namespace slipway::archive
