#include "base/secret.h"

namespace slipway {

std::string redact(std::string text, const std::vector<Secret>& secrets) {
  for (const auto& secret : secrets) {
    const auto& value = secret.reveal();
    if (value.size() < 8) continue;
    for (auto at = text.find(value); at != std::string::npos; at = text.find(value, at + 3))
      text.replace(at, value.size(), "***");
  }
  return text;
}

}  // namespace slipway
