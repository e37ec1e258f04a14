// Shapes: rows as the JSON objects that resolvers give. Members beginning with '_' are for resolvers below.
#pragma once
#include <optional>
#include <string>

#include "base/json.h"
#include "launch/resource.h"
#include "server/service/agent_service.h"
#include "server/service/item_service.h"
#include "server/store/store.h"

namespace slipway::server {

/// ISO text, or null.
Json time_json(std::optional<UnixMillis> time);
Json entity_json(const Entity& entity);
Json user_json(const User& user);
std::string_view role_name(Role role);
std::optional<Role> role_from_name(std::string_view name);
/// {"id", "name", "entityName"}.
Json project_json(std::string_view entity, std::string_view project);
/// Of a queue's rows: everything that costs nothing; "_id", "_entity".
Json queue_json(const Queue& queue);
/// "_id", "_queue", "_agent", "_run": {"entity", "project", "name"}.
Json item_json(const Item& item);
Json agent_json(const Agent& agent, bool alive);
Json lease_json(const Lease& lease);
/// List of {name, schema, description} (protocol 8.2).
Json template_variables_json(const Json& wire);
Json resource_config_json(std::string id, const launch::ResourceKind& kind, const Json& config,
                          const Json& template_variables);
/// {"edges": [{"node", "cursor"}], "pageInfo"}: only the last edge has a cursor.
template <class Row, class Shape>
Json connection_json(const Paged<Row>& found, Shape shape) {
  JsonArray edges;
  for (const auto& row : found.rows) {
    JsonObject edge;
    edge["node"] = shape(row);
    edge["cursor"] = &row == &found.rows.back() ? text_value(found.end_cursor) : Json();
    edges.push_back(std::move(edge));
  }
  JsonObject page;
  page["endCursor"] = found.end_cursor.empty() ? Json() : text_value(found.end_cursor);
  page["hasNextPage"] = found.has_next;
  JsonObject out;
  out["edges"] = std::move(edges);
  out["pageInfo"] = std::move(page);
  return Json(std::move(out));
}
Json items_connection(const Paged<Item>& items);
/// "_id" of a parent, 0 when it has none.
Id hidden_id(const Json& parent, std::string_view name = "_id");

}  // namespace slipway::server
