// The WWW-Authenticate header of registries (RFC 7235): which scheme, which parameters.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace slipway::plugins::registries::oci {

struct Challenge {
  std::string scheme;                         ///< Lower case: "bearer", "basic".
  std::map<std::string, std::string> values;  ///< Lower-case names: "realm", "service", "scope".
};

/// What can be understood of it, in order. A header may hold several challenges.
std::vector<Challenge> parse_challenges(std::string_view header);

}  // namespace slipway::plugins::registries::oci
