#include "server/service/changes.h"

#include "base/ids.h"

namespace slipway::server {

void publish_item(Live& live, const Item& item) {
  Change change;
  change.kind = "item";
  change.entity = item.queue_entity;
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

}  // namespace slipway::server
