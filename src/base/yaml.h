// YAML 1.2 core scalars to JSON, with the place of every value kept for error texts. Used for configuration
// only.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace slipway {

struct YamlMark {
  int line = 0;  ///< 1-based.
  int column = 0;
};

/// A parsed document. `marks` maps a field path ("builder.type", "queues[1]") to its place: of a map's member
/// where its key stands, of a list's item where the item stands.
struct YamlDocument {
  Json value;
  std::map<std::string, YamlMark> marks;
  std::vector<Problem> notices;  ///< What was accepted although it is not YAML (TabPolicy::expand).
  std::string file;              ///< As given to parse_yaml.

  /// A Problem at `path`, with line and column when they are known.
  Problem problem(std::string path, std::string message) const;
};

enum class TabPolicy {
  refuse,  ///< "tab used for indentation", with line and column (S-40).
  expand,  ///< A tab at the start of a line counts as two spaces, so that a pasted sample works; a notice is
           ///< left in `notices`.
};

/// Every problem is reported, each with line and column. Anchors, aliases, merge keys, tags other than the
/// core ones, .inf and .nan, control characters and text that is not UTF-8 are refused, and so are duplicate
/// keys, non-string keys, more than `limits.max_depth` levels and more than one document. An empty text gives
/// null. `file` is only used in problems.
Result<YamlDocument> parse_yaml(std::string_view text, std::string file = "", TabPolicy tabs = TabPolicy::refuse,
                                JsonLimits limits = {});
/// YAML when it does not start with '{' or '[', JSON otherwise: what the configuration editor and `--config`
/// accept.
Result<YamlDocument> parse_yaml_or_json(std::string_view text, std::string file = "");
/// Block style YAML that parse_yaml reads back to an equal value.
std::string to_yaml(const Json& value);

}  // namespace slipway
