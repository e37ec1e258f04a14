// Secret: a string that prints as ***. The only way to its text is reveal(), so that every use can be found by name.
#pragma once
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace slipway {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  const std::string& reveal() const { return value_; }
  bool empty() const { return value_.empty(); }
  friend std::ostream& operator<<(std::ostream& out, const Secret&) { return out << "***"; }
  friend bool operator==(const Secret&, const Secret&) = default;

 private:
  std::string value_;
};

/// Replaces every occurrence of a known secret (of at least 8 characters) by ***. For text that others wrote (build logs, error bodies).
std::string redact(std::string text, const std::vector<Secret>& secrets);

}  // namespace slipway
