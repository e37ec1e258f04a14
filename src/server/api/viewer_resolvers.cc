// viewer, serverInfo, entity and what hangs below them (protocol 1.2).
#include "base/ids.h"
#include "server/api/arguments.h"
#include "server/api/resolvers.h"
#include "server/api/shapes.h"

namespace slipway::server {
namespace {

/// Own entity; a service account has none, so the first team that it is a member of.
std::string default_entity(const Principal& who) {
  for (const auto& membership : who.memberships) {
    if (membership.entity.id == who.user.default_entity) return membership.entity.name;
  }
  return who.memberships.empty() ? "" : who.memberships.front().entity.name;
}

Json connection_of(JsonArray nodes) {
  JsonArray edges;
  for (auto& node : nodes) {
    JsonObject edge;
    edge["node"] = std::move(node);
    edges.push_back(std::move(edge));
  }
  JsonObject out;
  out["edges"] = std::move(edges);
  return Json(std::move(out));
}

Result<Json> viewer(const Call& call) {
  const auto& who = request_of(call).principal;
  Json user = user_json(who.user);
  const std::string entity = default_entity(who);
  user.get_object()["entity"] = entity.empty() ? Json() : text_value(entity);
  return user;
}

Result<Json> server_info(const Call&) {
  JsonObject newest;
  newest["outOfDate"] = false;
  newest["latestVersionString"] = text_value(SLIPWAY_VERSION);
  newest["versionOnThisInstanceString"] = text_value(SLIPWAY_VERSION);
  JsonObject out;
  // Clients compare their own version with this one and advise an upgrade above it; slipway has no opinion.
  out["cliVersionInfo"] = Json{{"max_cli_version", "999.0.0"}};
  out["latestLocalVersionInfo"] = std::move(newest);
  out["features"] = JsonArray();
  out["version"] = text_value(SLIPWAY_VERSION);
  return Json(std::move(out));
}

Result<Json> teams_of_user(const Call& call) {
  const auto& who = request_of(call).principal;
  JsonArray nodes;
  if (hidden_id(call.parent) == who.user.id) {
    for (const auto& membership : who.memberships) nodes.push_back(entity_json(membership.entity));
  }
  return connection_of(std::move(nodes));
}

Task<Json> keys_of_user(UseCases& use, const Call& call) {
  JsonArray nodes;
  const auto keys = co_await use.people.keys(request_of(call).principal, hidden_id(call.parent));
  // Other people's keys are nobody's business: their list is empty.
  if (!keys && keys.error().code() == Code::not_found) co_return connection_of(std::move(nodes));
  if (!keys) co_return keys.error();
  for (const auto& key : *keys) {
    JsonObject node;
    node["id"] = text_value(global_id("ApiKey", key.id));
    node["name"] = text_value(key.name);
    node["description"] = text_value(key.name);
    node["createdAt"] = time_json(key.created_at);
    node["lastUsedAt"] = time_json(key.last_used_at);
    nodes.push_back(std::move(node));
  }
  co_return connection_of(std::move(nodes));
}

Task<Json> entity(UseCases& use, const Call& call) {
  const auto& who = request_of(call).principal;
  std::string name = Arguments(call.args).text("name");
  if (name.empty()) name = default_entity(who);
  CO_TRY(const auto found, co_await use.people.entity(who, name));
  co_return entity_json(found);
}

Task<Json> resource_config_of_entity(UseCases& use, const Call& call) {
  const auto& who = request_of(call).principal;
  const Arguments args(call.args);
  const std::string id = args.text("id");
  if (const auto queue = parse_global_id("QueueResourceConfig", id)) {
    CO_TRY(const auto known, co_await use.directory.get(who, *queue, Role::viewer));
    if (known->row.entity_name != text_or(call.parent, "name")) co_return absent("resource configuration", id);
    co_return resource_config_json(id, known->rules.kind, known->row.config, known->row.template_variables);
  }
  CO_TRY(const Id number, args.id("id", "DefaultResourceConfig"));
  CO_TRY(const auto row, co_await use.queues.resource_config(who, text_or(call.parent, "name"), number));
  co_return resource_config_json(id, launch::ResourceKind{row.resource, {}}, row.config, row.template_variables);
}

Task<Json> queues_of_entity(UseCases& use, const Call& call) {
  CO_TRY(const auto queues, co_await use.queues.list(request_of(call).principal, text_or(call.parent, "name")));
  JsonArray out;
  for (const auto& queue : queues) out.push_back(queue_json(queue));
  co_return Json(std::move(out));
}

Task<Json> agents_of_entity(UseCases& use, const Call& call) {
  CO_TRY(const auto agents, co_await use.agents.list(request_of(call).principal, text_or(call.parent, "name")));
  JsonArray out;
  for (const auto& agent : agents) out.push_back(agent_json(agent, use.agents.alive(agent)));
  co_return Json(std::move(out));
}

Task<Json> members_of_entity(UseCases& use, const Call& call) {
  CO_TRY(const auto members, co_await use.people.members(request_of(call).principal, text_or(call.parent, "name")));
  JsonArray out;
  for (const auto& [user, role] : members) {
    JsonObject member;
    member["username"] = text_value(user.name);
    member["service"] = user.service;
    member["role"] = text_value(role_name(role));
    out.push_back(std::move(member));
  }
  co_return Json(std::move(out));
}

}  // namespace

void bind_viewer(graphql::Resolvers& to, UseCases& use) {
  to.bind_sync("Query.viewer", viewer);
  to.bind_sync("Query.serverInfo", server_info);
  to.bind_sync("User.teams", teams_of_user);
  bind(to, use, "User.apiKeys", keys_of_user);
  bind(to, use, "Query.entity", entity);
  bind(to, use, "Entity.defaultResourceConfig", resource_config_of_entity);
  bind(to, use, "Entity.runQueues", queues_of_entity);
  bind(to, use, "Entity.launchAgents", agents_of_entity);
  bind(to, use, "Entity.members", members_of_entity);
}

}  // namespace slipway::server
