#include "server/api/session_routes.h"

#include <fmt/format.h>

#include "server/api/shapes.h"
#include "server/service/key.h"

namespace slipway::server {
namespace {

struct Door {
  Authenticator& authenticator;
  Sessions& sessions;
  AuditService& audit;
  bool secure = false;
};

std::string cookie(const Door& door, std::string_view value, int max_age) {
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{}", kSessionCookie, value, max_age,
                     door.secure ? "; Secure" : "");
}

Json who_json(const Principal& who) {
  // The one that a person works in by default comes first.
  JsonArray entities, memberships;
  Json by_default;
  for (const bool wanted : {true, false}) {
    for (const auto& [entity, role] : who.memberships) {
      if ((entity.id == who.user.default_entity) != wanted) continue;
      if (wanted) by_default = text_value(entity.name);
      entities.push_back(text_value(entity.name));
      memberships.push_back(
          Json{{"name", entity.name}, {"role", role_name(role)}, {"isTeam", entity.kind == EntityKind::team}});
    }
  }
  return Json{{"username", who.user.name},       {"admin", who.user.admin},
              {"service", who.user.service},     {"defaultEntity", std::move(by_default)},
              {"entities", std::move(entities)}, {"memberships", std::move(memberships)}};
}

Task<> sign_in(RouteCall& call, Door door) {
  const auto& request = call.exchange.request();
  if (!request.headers.has("X-Slipway-Csrf"))
    co_return Error(Code::permission_denied, "signing in needs the header X-Slipway-Csrf");
  CO_TRY(const auto body, co_await call.json_body(4));
  const Secret key(text_or(body, "key"));
  if (!looks_like_key(key.reveal())) co_return Error(Code::unauthenticated, "this is no API key");
  const std::string hash = key_hash(key.reveal());
  CO_TRY(const auto who, co_await door.authenticator.principal_of_key(hash));
  auto response = net::ServerResponse::json(200, to_text(who_json(who)));
  CO_TRY_VOID(co_await door.audit.session(who, "session.open", call.context->peer));
  const Secret opened = door.sessions.open(hash);
  response.headers.set("Set-Cookie", cookie(door, opened.reveal(), 7 * 24 * 60 * 60));
  response.headers.set("Cache-Control", "no-store");
  co_return co_await call.exchange.respond(std::move(response));
}

Task<> show(RouteCall& call) {
  auto response = net::ServerResponse::json(200, to_text(who_json(call.context->principal)));
  response.headers.set("Cache-Control", "no-store");
  co_return co_await call.exchange.respond(std::move(response));
}

Task<> sign_out(RouteCall& call, Door door) {
  if (call.context->credential == Credential::session) {
    CO_TRY_VOID(co_await door.audit.session(call.context->principal, "session.close", call.context->peer));
  }
  door.sessions.close(cookie_value(call.exchange.request(), kSessionCookie));
  auto response = net::ServerResponse::json(200, "{}");
  response.headers.set("Set-Cookie", cookie(door, "", 0));
  co_return co_await call.exchange.respond(std::move(response));
}

}  // namespace

void mount_sessions(Router& router, Authenticator& authenticator, Sessions& sessions, AuditService& audit,
                    bool secure) {
  const Door door{authenticator, sessions, audit, secure};
  RouteOptions open;
  open.auth = AuthNeed::none;
  open.max_body = 4 << 10;
  RouteOptions known = open;
  known.auth = AuthNeed::any;
  router.add("POST", "/api/session", open, [door](RouteCall& call) { return sign_in(call, door); });
  router.add("GET", "/api/session", known, show);
  router.add("DELETE", "/api/session", known, [door](RouteCall& call) { return sign_out(call, door); });
}

}  // namespace slipway::server
