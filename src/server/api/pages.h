// The built-in pages: one HTML file for every address, style and script from /static (web/static, built into the program).
#pragma once
#include "server/api/router.h"

namespace slipway::server {

/// /, /launch, /<entity>/launch, /<entity>/<project>/runs/<run>, /static/<file>. No inline script, no other host (Content-Security-Policy).
void mount_pages(Router& router);

}  // namespace slipway::server
