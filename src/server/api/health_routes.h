// /healthz, /readyz and /metrics, for whatever watches the server.
#pragma once
#include "server/api/metrics.h"
#include "server/api/router.h"
#include "server/store/store.h"

namespace slipway::server {

/// /healthz: the process answers. /readyz: the store answers too, and the server is not stopping. /metrics: names of queues only for those who may see them, so a
/// scraper sends an API key of an account with the role viewer.
void mount_health(Router& router, Metrics& metrics, Store& store, const bool& stopping);

}  // namespace slipway::server
