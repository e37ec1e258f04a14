#include "base/yaml_text.h"

#include <algorithm>

#include "base/strings.h"

namespace slipway {
namespace {

constexpr std::size_t kMostProblems = 10;

/// Calls `visit(line, number)` for each line without its line break.
template <class F>
void for_each_line(std::string_view text, F visit) {
  int number = 1;
  while (!text.empty()) {
    const auto end = text.find('\n');
    visit(text.substr(0, end), number++);
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

/// Follows quotes, flow brackets and block text from line to line, as far as it is needed to know where a tab
/// is only data.
class LineState {
 public:
  /// True when `line` starts in the middle of something in which leading tabs mean nothing.
  bool inside(std::string_view line) {
    if (quote_ != 0 || flow_depth_ > 0) return true;
    if (block_indent_ < 0) return false;
    if (trim(line).empty()) return true;
    const auto spaces = std::min(line.find_first_not_of(' '), line.size());
    if (static_cast<int>(spaces) > block_indent_) return true;
    block_indent_ = -1;
    return false;
  }

  void read(std::string_view line) {
    if (block_indent_ >= 0) return;
    char before = ' ';  // The last character that is no space: a quote or bracket opens only after an indicator.
    for (std::size_t i = 0; i < line.size(); ++i) {
      const char c = line[i];
      if (quote_ == '"' && c == '\\') {
        ++i;
      } else if (quote_ != 0) {
        if (c == quote_) close_quote(line, i);
      } else if (c == '#' && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t')) {
        break;
      } else {
        open(c, opens_here(before, i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t'));
      }
      if (c != ' ' && c != '\t') before = c;
    }
    if (quote_ == 0 && flow_depth_ == 0) look_for_block(line);
  }

 private:
  bool opens_here(char before, bool after_space) const {
    if (flow_depth_ > 0) return before == '[' || before == '{' || before == ',' || before == ':';
    return before == ' ' || (after_space && (before == ':' || before == '-' || before == '?'));
  }

  void open(char c, bool allowed) {
    if ((c == ']' || c == '}') && flow_depth_ > 0) --flow_depth_;
    if (!allowed) return;
    if (c == '"' || c == '\'') quote_ = c;
    if (c == '[' || c == '{') ++flow_depth_;
  }

  void close_quote(std::string_view line, std::size_t& i) {
    if (quote_ == '\'' && i + 1 < line.size() && line[i + 1] == '\'') {
      ++i;
    } else {
      quote_ = 0;
    }
  }

  /// "key: |", "- >-", "key: |2": the lines below that are indented deeper are text.
  void look_for_block(std::string_view line) {
    const auto comment = line.find(" #");
    const auto content = trim(line.substr(0, comment));
    const auto last_space = content.find_last_of(" \t");
    const auto word = last_space == std::string_view::npos ? content : content.substr(last_space + 1);
    if (word.empty() || (word[0] != '|' && word[0] != '>') || word.size() > 3) return;
    if (word.substr(1).find_first_not_of("+-123456789") != std::string_view::npos) return;
    block_indent_ = static_cast<int>(std::min(line.find_first_not_of(' '), line.size()));
  }

  char quote_ = 0;
  int flow_depth_ = 0;
  int block_indent_ = -1;  ///< Indentation of the line that opened block text.
};

std::size_t indentation_length(std::string_view line) { return std::min(line.find_first_not_of(" \t"), line.size()); }

}  // namespace

std::vector<Problem> find_bad_characters(std::string_view text) {
  std::vector<Problem> problems;
  for_each_line(text, [&](std::string_view line, int number) {
    if (problems.size() >= kMostProblems) return;
    if (!is_utf8(line)) problems.push_back(Problem{"", "not UTF-8 text", "", number, 0});
    const auto bad = std::ranges::find_if(line, [](char c) {
      const auto byte = static_cast<unsigned char>(c);
      return (byte < 0x20 && c != '\t' && c != '\r') || byte == 0x7F;
    });
    if (bad == line.end()) return;
    problems.push_back(Problem{"", "control character, which YAML does not allow", "", number,
                               static_cast<int>(bad - line.begin()) + 1});
  });
  return problems;
}

std::vector<TabLine> find_tab_indentation(std::string_view text) {
  std::vector<TabLine> found;
  if (text.find('\t') == std::string_view::npos) return found;
  LineState state;
  for_each_line(text, [&](std::string_view line, int number) {
    const auto indentation = line.substr(0, indentation_length(line));
    const auto tab = indentation.find('\t');
    const auto content = trim(line);
    if (!state.inside(line) && tab != std::string_view::npos) {
      found.push_back({number, static_cast<int>(tab) + 1, content.empty() || content.starts_with('#')});
    }
    if (!content.empty()) state.read(line);
  });
  return found;
}

std::string expand_tab_indentation(std::string_view text, const std::vector<TabLine>& lines) {
  if (lines.empty()) return std::string(text);
  std::string out;
  auto next = lines.begin();
  for_each_line(text, [&](std::string_view line, int number) {
    if (next != lines.end() && next->line == number) {
      const auto length = indentation_length(line);
      out += replace_all(std::string(line.substr(0, length)), "\t", "  ");
      line.remove_prefix(length);
      ++next;
    }
    out += line;
    out += '\n';
  });
  return out;
}

}  // namespace slipway
