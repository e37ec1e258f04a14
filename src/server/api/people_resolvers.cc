// createTeam, createUser, setMember, createApiKey, revokeApiKey.
#include "base/ids.h"
#include "server/api/arguments.h"
#include "server/api/resolvers.h"
#include "server/api/shapes.h"

namespace slipway::server {
namespace {

Json success() { return Json{{"success", true}}; }

Task<Json> create_team(UseCases& use, const Call& call) {
  CO_TRY(const auto team,
         co_await use.people.create_team(request_of(call).principal, Arguments::input(call).text("name")));
  co_return Json{{"entity", entity_json(team)}};
}

Task<Json> create_user(UseCases& use, const Call& call) {
  const Arguments input = Arguments::input(call);
  UserInput wanted;
  wanted.username = input.text("username");
  wanted.email = input.text("email");
  wanted.service = input.flag("service").value_or(false);
  wanted.entity = input.text("entityName");
  wanted.role = role_from_name(input.text("role"));
  CO_TRY(const auto made, co_await use.people.create_user(request_of(call).principal, std::move(wanted)));
  JsonObject out;
  out["user"] = user_json(made.user);
  out["apiKey"] = text_value(made.key.reveal());
  co_return Json(std::move(out));
}

Task<Json> set_member(UseCases& use, const Call& call) {
  const Arguments input = Arguments::input(call);
  CO_TRY_VOID(co_await use.people.set_member(request_of(call).principal, input.text("entityName"),
                                             input.text("username"), role_from_name(input.text("role"))));
  co_return success();
}

Task<Json> create_key(UseCases& use, const Call& call) {
  const Arguments input = Arguments::input(call);
  CO_TRY(const auto made,
         co_await use.people.create_key(request_of(call).principal, input.text("name"), input.text("username")));
  JsonObject out;
  out["id"] = text_value(global_id("ApiKey", made.first));
  out["apiKey"] = text_value(made.second.reveal());
  co_return Json(std::move(out));
}

Task<Json> revoke_key(UseCases& use, const Call& call) {
  CO_TRY(const Id key, Arguments::input(call).id("id", "ApiKey"));
  CO_TRY_VOID(co_await use.people.revoke_key(request_of(call).principal, key));
  co_return success();
}

Task<Json> entities(UseCases& use, const Call& call) {
  CO_TRY(const auto found, co_await use.people.entities(request_of(call).principal));
  JsonArray out;
  for (const auto& entity : found) out.push_back(entity_json(entity));
  co_return Json(std::move(out));
}

Task<Json> users(UseCases& use, const Call& call) {
  CO_TRY(const auto found, co_await use.people.users(request_of(call).principal));
  JsonArray out;
  for (const auto& user : found) out.push_back(user_json(user));
  co_return Json(std::move(out));
}

Json audit_json(const AuditEntry& entry) {
  JsonObject out;
  out["id"] = text_value(global_id("AuditLogEntry", entry.id));
  out["at"] = time_json(entry.at);
  out["entityName"] = entry.entity_name.empty() ? Json() : text_value(entry.entity_name);
  out["actor"] = text_value(entry.actor);
  out["action"] = text_value(entry.action);
  out["subject"] = text_value(entry.subject);
  out["detail"] = entry.detail;
  return Json(std::move(out));
}

Task<Json> audit_log(UseCases& use, const Call& call) {
  const Arguments args(call.args);
  CO_TRY(auto page, args.page());
  AuditQuery query{.entity = args.text("entityName"), .actor = args.text("actor"), .action = args.text("action")};
  CO_TRY(const auto found, co_await use.audit.log(request_of(call).principal, std::move(query), std::move(page)));
  co_return connection_json(found, audit_json);
}

}  // namespace

void bind_people(graphql::Resolvers& to, UseCases& use) {
  bind(to, use, "Query.entities", entities);
  bind(to, use, "Query.users", users);
  bind(to, use, "Query.auditLog", audit_log);
  bind(to, use, "Mutation.createTeam", create_team);
  bind(to, use, "Mutation.createUser", create_user);
  bind(to, use, "Mutation.setMember", set_member);
  bind(to, use, "Mutation.createApiKey", create_key);
  bind(to, use, "Mutation.revokeApiKey", revoke_key);
}

}  // namespace slipway::server
