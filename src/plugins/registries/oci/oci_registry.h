// Any registry that speaks the OCI distribution API, with the logins that Docker has (S-50, S-66).
#pragma once
#include "plugins/registries/api.h"

namespace slipway::plugins::registries::oci {

RegistryPlugin plugin();

}  // namespace slipway::plugins::registries::oci
