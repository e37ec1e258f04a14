#include "server/api/resolvers.h"

namespace slipway::server {

void bind_all(graphql::Resolvers& to, UseCases& use) {
  bind_viewer(to, use);
  bind_people(to, use);
  bind_projects(to, use);
  bind_queues(to, use);
  bind_queue_changes(to, use);
  bind_items(to, use);
  bind_item_changes(to, use);
  bind_agents(to, use);
  bind_dispatch(to, use);
}

}  // namespace slipway::server
