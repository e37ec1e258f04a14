// What HTTP server and client share. No Beast, no curl in public headers.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace slipway::net {

/// Header fields in order; names compare without case.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<std::pair<std::string, std::string>> fields) : fields_(fields) {}
  void add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }
  /// Replaces all fields of that name.
  void set(std::string name, std::string value);
  /// The first field of that name, "" when there is none.
  std::string_view get(std::string_view name) const;
  bool has(std::string_view name) const;
  void reserve(std::size_t fields) { fields_.reserve(fields); }
  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

/// Percent-encoding of one path segment or query value.
std::string url_encode(std::string_view text);
/// Nothing is an error: broken escapes stay as they are. `plus_is_space` for query strings.
std::string url_decode(std::string_view text, bool plus_is_space = false);

struct Url {
  std::string scheme;  ///< Lower case.
  std::string host;    ///< Lower case, without brackets.
  int port = 0;        ///< The scheme's own when not given.
  std::string path;    ///< With the query, at least "/".
};
/// http and https only; user information is refused.
Result<Url> parse_url(std::string_view text);

}  // namespace slipway::net
