// What a submitter's document changes in an admin's one. Internal to policy.cc.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace slipway::launch {

/// Paths ("spec.containers[0].image") of everything that merge_deep(admin, submitter) makes different from
/// `admin`. Lists of equal length are compared item by item, and there a member that is missing is a change
/// too, because a list is replaced as a whole.
std::vector<std::string> changed_paths(const Json& admin, const Json& submitter);
/// The value at such a path, nullptr when there is none. Keys may hold dots.
const Json* value_at(const Json& document, std::string_view path);

}  // namespace slipway::launch
