// GET /api/events: changes of queues, items, agents and runs as server-sent events.
#pragma once
#include "server/api/authenticator.h"
#include "server/api/router.h"
#include "server/service/live.h"
#include "server/service/queue_directory.h"

namespace slipway::server {

/// ?topic=queue:ID, item:ID, agent:ID (global ids) or run:entity/project/name; without it everything that the caller may see. Event ids go on over a reconnect
/// (Last-Event-ID); "reset" says that changes were missed and the state has to be read anew. A comment every 15 s keeps proxies from closing the connection.
/// A change is sent to those who may see its entity and its queue at that moment (roles are looked up anew every 15 s).
void mount_events(Router& router, Authenticator& authenticator, QueueDirectory& directory, Live& live);

}  // namespace slipway::server
