// What is told to Live when rows change: one place, so that every reader gets the same body.
#pragma once
#include <string_view>
#include <vector>

#include "server/service/live.h"

namespace slipway::server {

/// "item": {"id", "queueId", "queueName", "phase", "state", "attempt", "run", …}. Touches the item, its queue and its run.
void publish_item(Live& live, const Item& item);
/// "queue": {"id", "name", "what"}; `what`: "created", "updated", "deleted", "paused", "resumed".
void publish_queue(Live& live, const Queue& queue, std::string_view what);
/// "agent": {"id", "name", "what"}. Touches the agent and its queues.
void publish_agent(Live& live, const Agent& agent, std::string_view what);

/// "items": many items of a queue have changed at once: {"queueId", "entityName", "count"}. Touches the queue, and each item and its run.
void publish_items(Live& live, const std::vector<Item>& items);
/// "people": members, keys or teams of the entity have changed: {"entityName", "what"}.
void publish_people(Live& live, std::string_view entity, std::string_view what);

}  // namespace slipway::server
