#include "server/api/shapes.h"

#include <algorithm>
#include <array>

#include "base/ids.h"
#include "launch/item_state.h"
#include "launch/queue_config.h"
#include "launch/template.h"

namespace slipway::server {
namespace {

constexpr std::array kRoles = {std::pair{Role::admin, "ADMIN"}, std::pair{Role::member, "MEMBER"},
                               std::pair{Role::viewer, "VIEWER"}, std::pair{Role::agent, "AGENT"}};

Json text_or_null(const std::string& text) { return text.empty() ? Json() : text_value(text); }

UnixMillis last_change(const Item& item) {
  UnixMillis last = item.pushed_at;
  for (const auto& time : {item.leased_at, item.started_at, item.running_at, item.finished_at})
    last = std::max(last, time.value_or(0));
  return last;
}

Json error_json(const Item& item) {
  if (item.state != launch::ItemState::failed) return {};
  JsonObject error;
  error["message"] = text_value(item.message.empty() ? "the job failed" : item.message);
  error["stage"] = text_or_null(item.stage);
  error["failureClass"] = text_or_null(item.failure_class);
  error["_id"] = item.id;
  return Json(std::move(error));
}

/// W&B clients wait for a run as soon as there is an id, so none before an agent has said that it works on it; an item that ended has one
/// whatever happened, or those clients would wait for ever.
bool run_is_known(const Item& item) {
  return item.state != launch::ItemState::pending && item.state != launch::ItemState::leased;
}

}  // namespace

Json time_json(std::optional<UnixMillis> time) { return time && *time != 0 ? text_value(to_iso8601(*time)) : Json(); }

std::string_view role_name(Role role) { return kRoles.at(static_cast<std::size_t>(role)).second; }

std::optional<Role> role_from_name(std::string_view name) {
  for (const auto& [role, text] : kRoles) {
    if (name == text) return role;
  }
  return std::nullopt;
}

Id hidden_id(const Json& parent, std::string_view name) { return int_or(parent, name, 0); }

Json entity_json(const Entity& entity) {
  JsonObject out;
  out["id"] = text_value(global_id("Entity", entity.id));
  out["name"] = text_value(entity.name);
  out["isTeam"] = entity.kind == EntityKind::team;
  out["_id"] = entity.id;
  return Json(std::move(out));
}

Json user_json(const User& user) {
  JsonObject out;
  out["id"] = text_value(global_id("User", user.id));
  out["name"] = text_value(user.name);
  out["username"] = text_value(user.name);
  out["email"] = text_or_null(user.email);
  out["admin"] = user.admin;
  out["flags"] = text_value("{}");
  out["deletedAt"] = nullptr;
  out["service"] = user.service;
  out["_id"] = user.id;
  return Json(std::move(out));
}

Json project_json(std::string_view entity, std::string_view project) {
  JsonObject out;
  out["id"] = text_value(to_base64(std::string("Project:v1:").append(project).append(":").append(entity)));
  out["name"] = text_value(project);
  out["entityName"] = text_value(entity);
  return Json(std::move(out));
}

Json queue_json(const Queue& queue) {
  JsonObject out;
  out["id"] = text_value(global_id("RunQueue", queue.id));
  out["name"] = text_value(queue.name);
  out["createdBy"] = text_value(queue.created_by);
  out["access"] = text_value(queue.access);
  out["prioritizationMode"] = text_value(queue.prioritized ? "V0" : "DISABLED");
  out["defaultResourceConfigID"] = text_value(global_id("QueueResourceConfig", queue.id));
  out["externalLinks"] = queue.external_links;
  out["entityName"] = text_value(queue.entity_name);
  out["resource"] = text_value(queue.resource);
  out["state"] = text_value(queue.state == QueueState::paused ? "PAUSED" : "ACTIVE");
  out["config"] = queue.config;
  out["templateVariables"] = template_variables_json(queue.template_variables);
  out["policy"] = queue.policy;
  out["createdAt"] = time_json(queue.created_at);
  out["updatedAt"] = time_json(queue.updated_at);
  out["leaseSeconds"] = queue.lease_ttl.count() / 1000;
  out["maxDeliveries"] = queue.max_deliveries;
  out["lostAfterSeconds"] = queue.lost_after.count() == 0 ? Json() : Json(queue.lost_after.count() / 1000);
  out["_id"] = queue.id;
  return Json(std::move(out));
}

Json item_json(const Item& item) {
  JsonObject out;
  out["id"] = text_value(global_id("RunQueueItem", item.id));
  out["state"] = text_value(launch::wire_item_state(item.state));
  out["associatedRunId"] = run_is_known(item) ? text_or_null(item.run_name) : Json();
  out["priority"] = item.priority;
  out["createdAt"] = time_json(item.pushed_at);
  out["updatedAt"] = time_json(last_change(item));
  out["error"] = error_json(item);
  out["phase"] = text_value(launch::state_name(item.state));
  out["stage"] = text_or_null(item.stage);
  out["attempt"] = item.attempt;
  out["deliveries"] = item.deliveries;
  out["author"] = text_or_null(item.author);
  out["job"] = text_or_null(item.job);
  out["entityName"] = text_value(item.run_entity);
  out["projectName"] = text_value(item.run_project);
  out["runName"] = text_value(item.run_name);
  out["agentName"] = text_or_null(item.agent_name);
  out["cancelRequested"] = item.cancel_requested;
  out["leasedAt"] = time_json(item.leased_at);
  out["startedAt"] = time_json(item.started_at);
  out["runningAt"] = time_json(item.running_at);
  out["finishedAt"] = time_json(item.finished_at);
  out["unreachableSince"] = time_json(item.unreachable_since);
  out["exitCode"] = item.exit_code ? Json(*item.exit_code) : Json();
  out["_id"] = item.id;
  out["_queue"] = item.queue;
  out["_agent"] = item.agent;
  JsonObject run;
  run["entity"] = text_value(item.run_entity);
  run["project"] = text_value(item.run_project);
  run["name"] = text_value(item.run_name);
  out["_run"] = std::move(run);
  return Json(std::move(out));
}

Json agent_json(const Agent& agent, bool alive) {
  JsonObject out;
  out["id"] = text_value(global_id("LaunchAgent", agent.id));
  out["name"] = text_value(agent.name);
  JsonArray queues;
  for (const Id queue : agent.queues) queues.push_back(text_value(global_id("RunQueue", queue)));
  out["runQueues"] = std::move(queues);
  out["hostname"] = text_value(agent.hostname);
  out["agentStatus"] = text_value(agent.status);
  out["stopPolling"] = agent.desire == AgentDesire::drain || agent.desire == AgentDesire::stop;
  out["heartbeatAt"] = time_json(agent.heartbeat_at);
  out["createdAt"] = time_json(agent.created_at);
  out["version"] = text_or_null(agent.version);
  out["agentConfig"] = text_value(to_text(agent.config));
  out["entityName"] = text_value(agent.entity_name);
  out["desire"] = text_value(desire_name(agent.desire));
  out["maxJobs"] = agent.max_jobs;
  out["alive"] = alive;
  out["_id"] = agent.id;
  return Json(std::move(out));
}

Json lease_json(const Lease& lease) {
  JsonObject out;
  out["runQueueItemId"] = text_value(global_id("RunQueueItem", lease.item.id));
  out["epoch"] = lease.item.epoch;
  out["attempt"] = lease.item.attempt;
  out["queueName"] = text_value(lease.item.queue_name);
  out["queueEntity"] = text_value(lease.item.queue_entity);
  out["entityName"] = text_value(lease.item.run_entity);
  out["projectName"] = text_value(lease.item.run_project);
  out["runName"] = text_value(lease.item.run_name);
  out["author"] = text_value(lease.item.author);
  out["runSpec"] = lease.payload.spec;
  out["takeover"] = lease.takeover;
  out["intent"] = lease.payload.intent;
  out["backend"] = lease.payload.backend;
  out["cancelRequested"] = lease.item.cancel_requested;
  return Json(std::move(out));
}

Json template_variables_json(const Json& wire) {
  JsonArray out;
  const auto schema = launch::parse_template_schema(wire);
  if (!schema) return Json(std::move(out));
  for (const auto& variable : *schema) {
    JsonObject each;
    each["name"] = text_value(variable.name);
    each["schema"] = text_value(launch::schema_text(variable));
    each["description"] = text_or_null(variable.description);
    out.push_back(std::move(each));
  }
  return Json(std::move(out));
}

Json resource_config_json(std::string id, const launch::ResourceKind& kind, const Json& config,
                          const Json& template_variables) {
  JsonObject out;
  out["id"] = text_value(id);
  out["resource"] = text_value(kind.name);
  out["config"] = launch::to_wire(kind, config.is_object() ? config.get_object() : JsonObject());
  out["templateVariables"] = template_variables_json(template_variables);
  return Json(std::move(out));
}

Json items_connection(const Paged<Item>& items) { return connection_json(items, item_json); }

}  // namespace slipway::server
