// project, model and upsertModel. Projects are names: each exists in each entity. The queues of an entity are shown in every project of it, because
// W&B clients look for them in the project "model-registry" (protocol 0.1).
#include "server/api/arguments.h"
#include "server/api/resolvers.h"
#include "server/api/shapes.h"

namespace slipway::server {
namespace {

std::string entity_or_default(const Arguments& args, const Principal& who) {
  std::string name = args.text("entityName");
  if (!name.empty()) return name;
  for (const auto& membership : who.memberships) {
    if (membership.entity.id == who.user.default_entity) return membership.entity.name;
  }
  return who.memberships.empty() ? "" : who.memberships.front().entity.name;
}

Result<std::string> project_name(std::string name) {
  if (name.empty()) return std::string("uncategorized");
  if (name.size() <= 128 && name.find('/') == std::string::npos) return name;
  return Error(Code::invalid_argument, "a project's name has at most 128 characters and no '/'");
}

Task<Json> project(UseCases& use, const Call& call) {
  const Arguments args(call.args);
  const auto& who = request_of(call).principal;
  CO_TRY(const auto owner, co_await use.people.entity(who, entity_or_default(args, who)));
  CO_TRY(const auto name, project_name(args.text("name")));
  co_return project_json(owner.name, name);
}

Task<Json> upsert_model(UseCases& use, const Call& call) {
  const Arguments input = Arguments::input(call);
  const auto& who = request_of(call).principal;
  CO_TRY(const auto owner, co_await use.people.entity(who, entity_or_default(input, who)));
  CO_TRY_VOID(require(who, owner.name, Role::agent));
  CO_TRY(const auto name, project_name(input.text("name")));
  JsonObject out;
  out["project"] = project_json(owner.name, name);
  out["model"] = project_json(owner.name, name);
  out["inserted"] = false;
  co_return Json(std::move(out));
}

Task<Json> entity_of_project(UseCases& use, const Call& call) {
  CO_TRY(const auto owner, co_await use.people.entity(request_of(call).principal, text_or(call.parent, "entityName")));
  co_return entity_json(owner);
}

Task<Json> queues_of_project(UseCases& use, const Call& call) {
  CO_TRY(const auto queues, co_await use.queues.list(request_of(call).principal, text_or(call.parent, "entityName")));
  JsonArray out;
  for (const auto& queue : queues) out.push_back(queue_json(queue));
  co_return Json(std::move(out));
}

Task<Json> queue_of_project(UseCases& use, const Call& call) {
  const std::string name = Arguments(call.args).text("name");
  const auto known =
      co_await use.directory.find(request_of(call).principal, text_or(call.parent, "entityName"), name, Role::viewer);
  if (known) co_return queue_json((*known)->row);
  // W&B clients ask whether a queue is there: null says no.
  if (known.error().code() == Code::not_found) co_return Json();
  co_return known.error();
}

}  // namespace

void bind_projects(graphql::Resolvers& to, UseCases& use) {
  bind(to, use, "Query.project", project);
  bind(to, use, "Query.model", project);
  bind(to, use, "Mutation.upsertModel", upsert_model);
  bind(to, use, "Project.entity", entity_of_project);
  bind(to, use, "Project.runQueues", queues_of_project);
  bind(to, use, "Project.runQueue", queue_of_project);
}

}  // namespace slipway::server
