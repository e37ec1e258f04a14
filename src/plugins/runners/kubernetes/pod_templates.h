// Pods wherever they stand in a manifest: the template of a Job, the replicas of a PyTorchJob, the tasks of a Volcano job.
#pragma once
#include <functional>
#include <vector>

#include "base/json.h"

namespace slipway::plugins::runners::kubernetes {

/// Calls `visit` with every object that has a `spec` with containers: {"metadata"?, "spec": {"containers": […]}}.
void for_each_pod_template(Json& document, const std::function<void(JsonObject& holder)>& visit);

/// The member, made when it is absent. An existing one of another kind is replaced.
JsonObject& object_member(JsonObject& parent, std::string_view key);
JsonArray& array_member(JsonObject& parent, std::string_view key);
/// Sets it unless it is there.
void set_missing(JsonObject& object, std::string_view key, Json value);

}  // namespace slipway::plugins::runners::kubernetes
