// The web app (web/): one HTML file for every address of it, style and script from /static.
#pragma once
#include "server/api/router.h"

namespace slipway::server {

/// The addresses are those of web/src/routes.ts, which a deep link may name. No inline script, no other host (Content-Security-Policy).
void mount_pages(Router& router);

}  // namespace slipway::server
