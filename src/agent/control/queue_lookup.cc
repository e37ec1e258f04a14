#include "agent/control/queue_lookup.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/strings.h"

namespace slipway::agent {

Task<std::string> resolve_entity(client::ApiClient& api, std::string entity) {
  JsonObject none;
  CO_TRY(const Json data, co_await api.call("query Viewer { viewer { id entity username } }", std::move(none)));
  const Json* viewer = find(data, "viewer");
  if (!viewer || !viewer->is_object()) {
    co_return Error(Code::unauthenticated, "the server does not know this API key")
        .hint("Run `slipway login`, or set WANDB_API_KEY to a key of this server.");
  }
  if (!entity.empty()) co_return entity;
  const std::string found = text_or(*viewer, "entity");
  if (found.empty()) {
    co_return Error(Code::invalid_argument, "no entity is given and the key has no default entity")
        .hint("Name it with --entity, WANDB_ENTITY or `entity:` in launch-config.yaml.");
  }
  co_return found;
}

Task<std::vector<QueueRef>> resolve_queues(client::ApiClient& api, std::string entity, std::vector<std::string> names) {
  JsonObject variables{{"entity", entity}, {"projectName", kQueueProject}};
  CO_TRY(const Json data,
         co_await api.call(
             "query ProjectRunQueues($entity: String!, $projectName: String!) {"
             " project(entityName: $entity, name: $projectName) { runQueues { id name createdBy access } } }",
             std::move(variables)));
  std::vector<QueueRef> existing;
  std::vector<std::string> existing_names;
  if (const Json* queues = find_path(data, "project.runQueues"); queues && queues->is_array()) {
    for (const auto& queue : queues->get_array()) {
      existing.push_back({text_or(queue, "id"), text_or(queue, "name")});
      existing_names.push_back(existing.back().name);
    }
  }
  std::vector<QueueRef> found;
  std::vector<std::string> missing;
  for (const auto& name : names) {
    const auto at = std::ranges::find(existing, name, &QueueRef::name);
    if (at == existing.end()) {
      missing.push_back("'" + name + "'." + did_you_mean(name, existing_names));
    } else {
      found.push_back(*at);
    }
  }
  if (!missing.empty()) {
    const std::string known = existing.empty() ? "It has none" : "It has: " + join(existing_names, ", ");
    // The first words are what W&B's own agent prints, because scripts look for them (protocol 10.5).
    co_return Error(Code::not_found, fmt::format("Not all of requested queues found. Entity '{}' has no queue {} {}.",
                                                 entity, join(missing, " "), known))
        .hint("Create it with `slipway queue create NAME --resource RESOURCE`.");
  }
  co_return found;
}

}  // namespace slipway::agent
