// Image references and registry destinations (protocol 4.4, 6.1; S-59, S-61, S-65, S-67, X-5).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace slipway::launch {

/// "registry:5000/team/image:tag@sha256:…" in its parts. An absent part is "".
struct ImageRef {
  std::string registry;  ///< With port; "" means Docker Hub.
  std::string path;
  std::string tag;
  std::string digest;

  std::string repository() const;  ///< registry/path.
  std::string to_string() const;
};

/// By the rules of Docker; the error says which part is wrong. Leading dashes, spaces and everything that
/// could pass for an option are refused.
Result<ImageRef> parse_image_ref(std::string_view text);
/// The tag when it can be an artifact alias: "registry:5000/x/img:alias1" → "alias1" (protocol 4.4).
std::optional<std::string> alias_from_image(std::string_view image);

enum class RegistryKind { generic, ecr, gar, acr };

/// Where built images go, checked: no scheme, no tag.
struct Destination {
  RegistryKind kind = RegistryKind::generic;
  std::string repository;            ///< "host/path".
  std::string region;                ///< ECR and GAR.
  std::vector<std::string> notices;  ///< An ARN was converted.
};

/// `builder.destination` and `registry.uri`. An ECR host without "dkr" is refused with the corrected one
/// (S-59), an ECR repository ARN is converted (S-65), a tag is refused because the agent adds it (S-67), a
/// registry without a repository too.
Result<Destination> parse_destination(std::string_view text);

}  // namespace slipway::launch
