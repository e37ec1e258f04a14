// Services: what every part of the server that answers requests is built with. Owned by the App; outlives all of them.
#pragma once
#include <string>

#include <boost/asio/thread_pool.hpp>

#include "async/scope.h"
#include "server/config.h"
#include "server/service/live.h"
#include "server/store/store.h"

namespace slipway::server {

/// All on one executor. A part that answers GraphQL fields offers `void bind(graphql::Resolvers&)`; one that answers paths offers `void mount(Router&)`; both
/// are called once by app.cc before the engine is made. Background loops go into `scope`.
///
/// Who binds what. server/api: viewer, serverInfo, entity, project, model, upsertModel, everything of queues, items, agents, people and resource kinds; of Project the
/// fields entity, runQueues, runQueue. server/tracking: artifact, clientIDMapping, Entity.projects, everything of runs, files and artifacts; of Project the other fields;
/// RunQueueItem.run; Run.item through the parent's "itemId" (a global id that server/api resolves). A Project's JSON is {"id", "name", "entityName"}: projects are names,
/// each exists in each entity. An access check by require() has been made for the parent, so that fields below need none.
struct Services {
  const ServerConfig& config;
  std::string server_id;
  asio::any_io_executor executor;
  asio::thread_pool& blocking;  ///< For hashing and files: on_pool(services.blocking, …).
  const Clock& clock;
  Store& store;
  Live& live;
  Scope& scope;
};

}  // namespace slipway::server
