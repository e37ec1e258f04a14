// Signing in to the web page with an API key: POST, GET and DELETE /api/session.
#pragma once
#include "server/api/authenticator.h"
#include "server/api/router.h"
#include "server/api/sessions.h"
#include "server/service/audit_service.h"

namespace slipway::server {

/// The cookie is HttpOnly and SameSite=Strict (and Secure when `secure`); everything but reading also needs the header X-Slipway-Csrf, which another site cannot send.
/// Signing in and out is audited.
void mount_sessions(Router& router, Authenticator& authenticator, Sessions& sessions, AuditService& audit, bool secure);

}  // namespace slipway::server
