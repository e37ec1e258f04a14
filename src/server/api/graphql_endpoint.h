// POST /graphql: the one door for people, agents and W&B clients (protocol 1.1).
#pragma once
#include <memory>

#include "graphql/engine.h"
#include "server/api/router.h"

namespace slipway::server {

/// Statuses: 200 without errors; otherwise that of the first error, always one that W&B clients do not retry unless trying again can help (protocol 1.1.1). The body
/// is a GraphQL document in every case. `path`: "/graphql".
void mount_graphql(Router& router, std::string path, std::shared_ptr<const graphql::Engine> engine,
                   std::size_t max_body);

}  // namespace slipway::server
