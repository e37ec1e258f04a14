#include "plugins/registries/oci/auth_challenge.h"

#include "base/strings.h"

namespace slipway::plugins::registries::oci {
namespace {

constexpr std::string_view kSpace = " \t,";

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool at_end() {
    while (at_ < text_.size() && kSpace.find(text_[at_]) != std::string_view::npos) ++at_;
    return at_ >= text_.size();
  }
  std::string_view word() {
    const auto from = at_;
    while (at_ < text_.size() && kSpace.find(text_[at_]) == std::string_view::npos && text_[at_] != '=') ++at_;
    return text_.substr(from, at_ - from);
  }
  bool take(char wanted) {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }
  std::string value() {
    if (!take('"')) return std::string(word());
    std::string out;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      out += text_[at_++];
    }
    take('"');
    return out;
  }
  void skip() { ++at_; }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<Challenge> parse_challenges(std::string_view header) {
  std::vector<Challenge> challenges;
  Reader reader(header);
  while (!reader.at_end()) {
    const auto name = lower(reader.word());
    if (name.empty()) {
      reader.skip();
    } else if (reader.take('=')) {
      auto value = reader.value();
      if (!challenges.empty()) challenges.back().values[name] = std::move(value);
    } else {
      challenges.push_back({.scheme = name, .values = {}});
    }
  }
  return challenges;
}

}  // namespace slipway::plugins::registries::oci
