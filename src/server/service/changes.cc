#include "server/service/changes.h"

#include <map>

#include "base/ids.h"

namespace slipway::server {

void publish_item(Live& live, const Item& item) {
  Change change;
  change.kind = "item";
  change.entity = item.queue_entity;
  change.queue = item.queue;
  change.topics = {item_topic(item.id), queue_topic(item.queue),
                   run_topic(item.run_entity, item.run_project, item.run_name)};
  change.body = {{"id", global_id("RunQueueItem", item.id)},
                 {"queueId", global_id("RunQueue", item.queue)},
                 {"queueName", item.queue_name},
                 {"phase", launch::state_name(item.state)},
                 {"attempt", item.attempt},
                 {"entityName", item.run_entity},
                 {"projectName", item.run_project},
                 {"runName", item.run_name}};
  live.publish(std::move(change));
}

void publish_queue(Live& live, const Queue& queue, std::string_view what) {
  Change change;
  change.kind = "queue";
  change.entity = queue.entity_name;
  if (queue.access == "USER") change.owner = queue.created_by;
  change.topics = {queue_topic(queue.id)};
  change.body = {
      {"id", global_id("RunQueue", queue.id)}, {"name", queue.name}, {"entityName", queue.entity_name}, {"what", what}};
  live.publish(std::move(change));
}

void publish_agent(Live& live, const Agent& agent, std::string_view what) {
  Change change;
  change.kind = "agent";
  change.entity = agent.entity_name;
  change.topics = {agent_topic(agent.id)};
  for (const Id queue : agent.queues) change.topics.push_back(queue_topic(queue));
  change.body = {{"id", global_id("LaunchAgent", agent.id)},
                 {"name", agent.name},
                 {"entityName", agent.entity_name},
                 {"what", what}};
  live.publish(std::move(change));
}

void publish_items(Live& live, const std::vector<Item>& items) {
  std::map<Id, Change> by_queue;
  std::map<Id, std::int64_t> counts;
  for (const auto& item : items) {
    Change& change = by_queue[item.queue];
    if (change.topics.empty()) change.topics.push_back(queue_topic(item.queue));
    change.entity = item.queue_entity;
    change.topics.push_back(item_topic(item.id));
    change.topics.push_back(run_topic(item.run_entity, item.run_project, item.run_name));
    ++counts[item.queue];
  }
  for (auto& [queue, change] : by_queue) {
    change.kind = "items";
    change.queue = queue;
    change.body = {{"queueId", global_id("RunQueue", queue)}, {"entityName", change.entity}, {"count", counts[queue]}};
    live.publish(std::move(change));
  }
}

void publish_people(Live& live, std::string_view entity, std::string_view what) {
  Change change;
  change.kind = "people";
  change.entity = entity;
  change.body = {{"entityName", entity}, {"what", what}};
  live.publish(std::move(change));
}

}  // namespace slipway::server
