// FieldReader: typed members of a JSON object, with every problem collected under its path. Internal to
// launch/.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/yaml.h"

namespace slipway::launch {

/// "a" + "b" → "a.b"; with an empty parent just "b".
std::string join_path(std::string_view parent, std::string_view member);
std::string join_path(std::string_view parent, std::size_t index);

/// Where problems go; knows the places of a YAML document when there is one.
class ProblemList {
 public:
  /// With `first_per_path` only the first problem of a path is kept: an unfilled placeholder is also of the
  /// wrong type.
  enum class Repeats { keep, first_per_path };
  explicit ProblemList(const YamlDocument* document = nullptr, Repeats repeats = Repeats::keep)
      : document_(document), repeats_(repeats) {}
  void add(std::string path, std::string message);
  bool empty() const { return problems_.empty(); }
  std::vector<Problem> take() { return std::move(problems_); }
  /// An invalid_argument with all of them.
  Error error(std::string message) { return Error(Code::invalid_argument, std::move(message), take()); }

 private:
  const YamlDocument* document_;
  Repeats repeats_;
  std::vector<Problem> problems_;
};

/// null counts as absent everywhere. Not for keeping: refers to the object and the list.
class FieldReader {
 public:
  FieldReader(const JsonObject& object, std::string path, ProblemList& problems)
      : object_(object), path_(std::move(path)), problems_(problems) {}

  /// Absent: "".
  std::string text(std::string_view key, std::size_t max_bytes = 32'768);
  std::optional<std::int64_t> integer(std::string_view key, std::int64_t minimum, std::int64_t maximum);
  bool boolean(std::string_view key, bool otherwise);
  JsonObject object(std::string_view key);
  JsonArray array(std::string_view key, std::size_t max_items = 10'000);
  /// A list of text; anything else is a problem.
  std::vector<std::string> texts(std::string_view key, std::size_t max_items = 10'000, std::size_t max_bytes = 32'768);
  /// The member, nullptr when absent or null. Marks the key as known.
  const Json* raw(std::string_view key);
  std::string path_of(std::string_view key) const { return join_path(path_, key); }
  /// Members that nothing asked for.
  JsonObject rest() const;
  /// A problem for each of them, with the nearest of the keys that were asked for.
  void refuse_rest(std::string_view what);

 private:
  const JsonObject& object_;
  std::string path_;
  ProblemList& problems_;
  std::set<std::string, std::less<>> known_;
};

}  // namespace slipway::launch
