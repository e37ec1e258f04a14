// What the resolvers of queues, items, agents and people are bound to. One bind function a subject, called by app.cc.
#pragma once
#include "graphql/engine.h"
#include "server/api/request_context.h"
#include "server/service/agent_service.h"
#include "server/service/audit_service.h"
#include "server/service/dispatch_service.h"
#include "server/service/item_service.h"
#include "server/service/people_service.h"
#include "server/service/push_service.h"
#include "server/service/queue_service.h"

namespace slipway::server {

/// Outlives the engine.
struct UseCases {
  std::string server_id;
  QueueDirectory& directory;
  DispatchService& dispatch;
  QueueService& queues;
  PushService& pushes;
  AgentService& agents;
  ItemService& items;
  PeopleService& people;
  AuditService& audit;
};

using Call = graphql::FieldCall;

/// Binds a coroutine function (UseCases&, const Call&): no captured value lives in the coroutine itself.
inline void bind(graphql::Resolvers& to, UseCases& use, std::string coordinate,
                 Task<Json> (*resolve)(UseCases&, const Call&)) {
  to.bind(std::move(coordinate), [&use, resolve](const Call& call) { return resolve(use, call); });
}

void bind_viewer(graphql::Resolvers& to, UseCases& use);
void bind_people(graphql::Resolvers& to, UseCases& use);
void bind_projects(graphql::Resolvers& to, UseCases& use);
void bind_queues(graphql::Resolvers& to, UseCases& use);
void bind_queue_changes(graphql::Resolvers& to, UseCases& use);
void bind_items(graphql::Resolvers& to, UseCases& use);
void bind_item_changes(graphql::Resolvers& to, UseCases& use);
void bind_agents(graphql::Resolvers& to, UseCases& use);
void bind_dispatch(graphql::Resolvers& to, UseCases& use);
/// All of them.
void bind_all(graphql::Resolvers& to, UseCases& use);

}  // namespace slipway::server
