#include "base/yaml.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <sstream>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "base/strings.h"
#include "base/yaml_text.h"

namespace slipway {
namespace {

constexpr std::string_view kCoreTag = "tag:yaml.org,2002:";
constexpr std::string_view kPlain = "?";
constexpr std::string_view kQuoted = "!";

YamlMark to_mark(const YAML::Mark& mark) { return {mark.line + 1, mark.column + 1}; }

/// A float or a number of more than 64 bits, nothing when it does not fit a double either.
std::optional<Json> to_double(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double number = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (ec != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return Json(number);
}

std::optional<Json> to_integer(std::string_view text, int base) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const char* last = text.data() + text.size();
  std::int64_t number = 0;
  if (auto [end, ec] = std::from_chars(text.data(), last, number, base); ec == std::errc() && end == last)
    return Json(number);
  std::uint64_t large = 0;
  if (auto [end, ec] = std::from_chars(text.data(), last, large, base); ec == std::errc() && end == last)
    return Json(large);
  return std::nullopt;
}

bool all_of(std::string_view text, std::string_view alphabet) {
  return !text.empty() && text.find_first_not_of(alphabet) == std::string_view::npos;
}

std::string_view without_sign(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  return text;
}

bool looks_like_float(std::string_view text) {
  std::string_view body = without_sign(text);
  const auto exponent = body.find_first_of("eE");
  if (exponent != std::string_view::npos) {
    if (!all_of(without_sign(body.substr(exponent + 1)), "0123456789")) return false;
    body = body.substr(0, exponent);
  }
  const auto dot = body.find('.');
  const auto whole = body.substr(0, dot);
  const auto fraction = dot == std::string_view::npos ? std::string_view{} : body.substr(dot + 1);
  if (whole.empty() && fraction.empty()) return false;
  return (whole.empty() || all_of(whole, "0123456789")) && (fraction.empty() || all_of(fraction, "0123456789"));
}

bool is_infinite_or_nan(std::string_view text) {
  const auto body = without_sign(text);
  return body == ".inf" || body == ".Inf" || body == ".INF" || text == ".nan" || text == ".NaN" || text == ".NAN";
}

/// The core schema's meaning of a plain scalar; nothing for a number that JSON cannot hold.
std::optional<Json> resolve_plain(const std::string& text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return Json(nullptr);
  if (text == "true" || text == "True" || text == "TRUE") return Json(true);
  if (text == "false" || text == "False" || text == "FALSE") return Json(false);
  if (all_of(without_sign(text), "0123456789")) {
    if (auto number = to_integer(text, 10)) return number;
    return to_double(text);
  }
  const std::string_view view = text;
  if (view.starts_with("0o") && all_of(view.substr(2), "01234567")) return to_integer(view.substr(2), 8);
  if (view.starts_with("0x") && all_of(view.substr(2), "0123456789abcdefABCDEF")) return to_integer(view.substr(2), 16);
  if (looks_like_float(view)) return to_double(view);
  if (is_infinite_or_nan(view)) return std::nullopt;
  return text_value(text);
}

/// Ends parsing; the problem has been reported.
struct TooDeep {};

/// Builds the JSON value from yaml-cpp's events. Collects problems and goes on, so that a person sees all of
/// them at once.
class Builder final : public YAML::EventHandler {
 public:
  Builder(YamlDocument& out, JsonLimits limits) : out_(out), limits_(limits) {}

  std::vector<Problem> problems;

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    check_anchor(mark, anchor);
    scalar(mark, nullptr, true);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    report(mark, "aliases ('*name') are not supported. Write the value out");
    scalar(mark, text_value(fmt::format("alias {}", mark.pos)), false);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check_anchor(mark, anchor);
    scalar(mark, resolve(mark, tag, value), tag == kPlain);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    check_tag(mark, tag, "seq");
    open(mark, anchor, JsonArray());
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    check_tag(mark, tag, "map");
    open(mark, anchor, JsonObject());
  }
  void OnMapEnd() override { close(); }

 private:
  struct Level {
    Json value;
    std::string path;
    std::optional<std::string> key;  ///< Read, its value is still to come.
    bool bad_key = false;            ///< The value belongs to a refused key: read and thrown away.
    std::string slot;                ///< Key under which the value goes into the level above.
    bool dropped = false;
  };

  void report(const YAML::Mark& mark, std::string message) {
    const auto at = to_mark(mark);
    problems.push_back(Problem{current_path(), std::move(message), out_.file, at.line, at.column});
  }

  std::string current_path() const {
    if (levels_.empty()) return "";
    const Level& top = levels_.back();
    if (top.value.is_array()) return fmt::format("{}[{}]", top.path, top.value.get_array().size());
    if (!top.key) return top.path;
    return top.path.empty() ? *top.key : top.path + "." + *top.key;
  }

  void check_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor)
      report(mark, "anchors ('&name') are not supported. Write the value out where it is used");
  }

  void check_tag(const YAML::Mark& mark, const std::string& tag, std::string_view core) {
    if (tag.empty() || tag == kPlain || tag == kQuoted || tag == std::string(kCoreTag) + std::string(core)) return;
    report(mark, fmt::format("tag '{}' is not supported here", tag));
  }

  Json resolve(const YAML::Mark& mark, const std::string& tag, const std::string& value) {
    if (tag == kQuoted || tag == std::string(kCoreTag) + "str") return text_value(value);
    auto plain = resolve_plain(value);
    if (!plain) {
      report(mark, fmt::format("'{}' is a number that JSON cannot hold. Put it in quotes if text is meant", value));
      return nullptr;
    }
    if (tag.empty() || tag == kPlain) return *plain;
    const auto wanted = tag.starts_with(kCoreTag) ? std::string_view(tag).substr(kCoreTag.size()) : std::string_view();
    if (wanted == "float" && plain->is_int64()) return Json(static_cast<double>(plain->get_int64()));
    const bool fits = (wanted == "null" && plain->is_null()) || (wanted == "bool" && plain->is_bool()) ||
                      (wanted == "int" && (plain->is_int64() || plain->is_uint64())) ||
                      (wanted == "float" && plain->is_double());
    if (!fits) report(mark, fmt::format("tag '{}' is not supported or does not fit the value '{}'", tag, value));
    return *plain;
  }

  void scalar(const YAML::Mark& mark, Json value, bool plain) {
    if (expects_key()) {
      take_key(mark, value, plain);
    } else {
      place(mark, std::move(value));
    }
  }

  bool expects_key() const { return !levels_.empty() && levels_.back().value.is_object() && !levels_.back().key; }

  void take_key(const YAML::Mark& mark, const Json& value, bool plain) {
    Level& top = levels_.back();
    if (!value.is_string()) {
      report(mark, fmt::format("the key {} is a {}, not text. Put it in quotes", to_text(value), kind_name(value)));
      top.key = to_text(value);
      top.bad_key = true;
      return;
    }
    const std::string key(value.get_string());
    if (plain && key == "<<") report(mark, "merge keys ('<<') are not supported. Write the values out");
    top.key = key;
    top.bad_key = top.value.get_object().contains(key);
    const std::string path = current_path();
    if (top.bad_key) {
      const auto first = out_.marks.find(path);
      const int line = first == out_.marks.end() ? 0 : first->second.line;
      report(mark, fmt::format("the key '{}' is given twice, first in line {}", key, line));
    } else {
      out_.marks.emplace(path, to_mark(mark));
    }
  }

  void place(const YAML::Mark& mark, Json value) {
    if (levels_.empty()) {
      out_.value = std::move(value);
      return;
    }
    Level& top = levels_.back();
    if (top.value.is_array()) {
      out_.marks.emplace(current_path(), to_mark(mark));
      top.value.get_array().push_back(std::move(value));
      return;
    }
    if (!top.bad_key) top.value.get_object()[*top.key] = std::move(value);
    top.key.reset();
    top.bad_key = false;
  }

  void open(const YAML::Mark& mark, YAML::anchor_t anchor, Json empty) {
    check_anchor(mark, anchor);
    if (levels_.size() >= limits_.max_depth) {
      report(mark, fmt::format("nested deeper than {} levels", limits_.max_depth));
      throw TooDeep();
    }
    if (expects_key()) {
      report(mark, "a list or a map cannot be a key");
      levels_.back().key = fmt::format("key {}", mark.pos);
      levels_.back().bad_key = true;
      levels_.push_back(Level{.value = std::move(empty), .path = current_path(), .dropped = true});
      return;
    }
    const std::string path = current_path();
    if (!levels_.empty() && levels_.back().value.is_array()) out_.marks.emplace(path, to_mark(mark));
    levels_.push_back(Level{.value = std::move(empty), .path = path});
  }

  void close() {
    Level done = std::move(levels_.back());
    levels_.pop_back();
    if (!done.dropped) place(YAML::Mark::null_mark(), std::move(done.value));
  }

  YamlDocument& out_;
  JsonLimits limits_;
  std::vector<Level> levels_;
};

Error not_valid(std::vector<Problem> problems) {
  return Error(Code::invalid_argument, "not valid YAML", std::move(problems));
}

/// All of yaml-cpp's exceptions end here.
std::vector<Problem> run_parser(const std::string& text, Builder& builder, const std::string& file) {
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
    if (builder.problems.empty() && parser) {
      YamlDocument ignored;
      Builder second(ignored, JsonLimits{});
      if (parser.HandleNextDocument(second)) {
        return {Problem{"", "more than one document ('---') in the text. Keep one", file}};
      }
    }
  } catch (const TooDeep&) {
    return std::move(builder.problems);
  } catch (const YAML::Exception& error) {
    // First, because what the builder saw may only follow from the broken syntax.
    const auto at = to_mark(error.mark);
    builder.problems.insert(builder.problems.begin(), Problem{"", error.msg, file, at.line, at.column});
  } catch (const std::exception& error) {
    builder.problems.push_back(Problem{"", error.what(), file});
  }
  return std::move(builder.problems);
}

}  // namespace

Problem YamlDocument::problem(std::string path, std::string message) const {
  // A path that has no mark of its own (a missing member) is reported at the nearest enclosing one.
  for (std::string at = path; !at.empty();) {
    if (const auto mark = marks.find(at); mark != marks.end()) {
      return Problem{std::move(path), std::move(message), file, mark->second.line, mark->second.column};
    }
    const auto cut = at.find_last_of(".[");
    at.resize(cut == std::string::npos ? 0 : cut);
  }
  return Problem{std::move(path), std::move(message), file};
}

Result<YamlDocument> parse_yaml(std::string_view text, std::string file, TabPolicy tabs, JsonLimits limits) {
  if (text.size() > limits.max_bytes) {
    return Error(Code::resource_exhausted,
                 fmt::format("YAML text of {} bytes is larger than the limit of {}", text.size(), limits.max_bytes));
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (auto problems = find_bad_characters(text); !problems.empty()) {
    for (auto& problem : problems) problem.file = file;
    return not_valid(std::move(problems));
  }
  YamlDocument document;
  document.file = file;
  const std::vector<TabLine> indented = find_tab_indentation(text);
  std::vector<Problem> found;
  for (const auto& line : indented) {
    if (!line.harmless)
      found.push_back(Problem{"", "tab used for indentation. YAML allows spaces only", file, line.line, line.column});
  }
  if (!found.empty() && tabs == TabPolicy::refuse) return not_valid(std::move(found));
  const std::string clean = expand_tab_indentation(text, indented);
  document.notices = std::move(found);

  Builder builder(document, limits);
  auto problems = run_parser(clean, builder, file);
  if (!problems.empty()) return not_valid(std::move(problems));
  return document;
}

Result<YamlDocument> parse_yaml_or_json(std::string_view text, std::string file) {
  const auto start = trim(text);
  if (!start.starts_with('{') && !start.starts_with('[')) return parse_yaml(text, std::move(file));
  auto value = parse_json(text);
  if (value) return YamlDocument{.value = *std::move(value), .file = std::move(file)};
  auto problems = value.error().problems();
  for (auto& problem : problems) problem.file = file;
  return Error(value.error().code(), value.error().message(), std::move(problems));
}

}  // namespace slipway
