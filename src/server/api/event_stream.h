// GET /api/events: changes of queues, items, agents and runs as server-sent events.
#pragma once
#include "server/api/authenticator.h"
#include "server/api/router.h"
#include "server/service/live.h"

namespace slipway::server {

/// ?topic=queue:ID, item:ID, agent:ID (global ids) or run:entity/project/name; without it everything that the caller may see. Event ids go on over a reconnect
/// (Last-Event-ID); "reset" says that changes were missed and the state has to be read anew. A comment every 15 s keeps proxies from closing the connection.
void mount_events(Router& router, Authenticator& authenticator, Live& live);

}  // namespace slipway::server
