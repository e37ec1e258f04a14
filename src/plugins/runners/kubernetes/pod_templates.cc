#include "plugins/runners/kubernetes/pod_templates.h"

namespace slipway::plugins::runners::kubernetes {

void for_each_pod_template(Json& document, const std::function<void(JsonObject& holder)>& visit) {
  if (document.is_array()) {
    for (auto& item : document.get_array()) for_each_pod_template(item, visit);
    return;
  }
  if (!document.is_object()) return;
  JsonObject& object = document.get_object();
  const Json* spec = object.if_contains("spec");
  const Json* containers = spec == nullptr ? nullptr : slipway::find(*spec, "containers");
  if (containers != nullptr && containers->is_array()) {
    visit(object);
    return;
  }
  for (auto& member : object) for_each_pod_template(member.value(), visit);
}

JsonObject& object_member(JsonObject& parent, std::string_view key) {
  Json& member = parent[key];
  if (!member.is_object()) member = JsonObject();
  return member.get_object();
}

JsonArray& array_member(JsonObject& parent, std::string_view key) {
  Json& member = parent[key];
  if (!member.is_array()) member = JsonArray();
  return member.get_array();
}

void set_missing(JsonObject& object, std::string_view key, Json value) {
  if (object.if_contains(key) == nullptr) object[key] = std::move(value);
}

}  // namespace slipway::plugins::runners::kubernetes
