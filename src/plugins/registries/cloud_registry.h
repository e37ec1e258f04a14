// What the records of the cloud registries share, as long as this version cannot log in to them by itself.
#pragma once
#include <string>
#include <string_view>

#include "launch/image_ref.h"
#include "plugins/registries/api.h"

namespace slipway::plugins::registries {

/// A record that takes the destinations of `kind` (and misspelt ones below `domain`, so that the error can say what is wrong with
/// them) and whose `create` refuses with the way out.
RegistryPlugin cloud_registry(std::string name, std::string title, launch::RegistryKind kind, std::string domain);

}  // namespace slipway::plugins::registries
