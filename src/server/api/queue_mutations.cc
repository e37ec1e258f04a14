// Making, changing and deleting queues (protocol 1.5).
#include "base/ids.h"
#include "server/api/arguments.h"
#include "server/api/resolvers.h"
#include "server/api/shapes.h"

namespace slipway::server {
namespace {

/// Given as null clears; not given leaves as it is.
Result<std::optional<Json>> document_or_clear(const Arguments& input, std::string_view name) {
  if (!input.given(name)) return std::optional<Json>();
  TRY(auto document, input.document(name));
  if (!document) return std::optional<Json>(JsonObject());
  return document;
}

Result<QueueInput> queue_input(const Arguments& input) {
  QueueInput wanted;
  wanted.entity = input.text("entityName");
  wanted.name = input.text("queueName");
  wanted.resource = input.text("resourceType");
  wanted.config = input.optional_text("resourceConfig");
  TRY(wanted.template_variables, document_or_clear(input, "templateVariables"));
  TRY(wanted.external_links, document_or_clear(input, "externalLinks"));
  TRY(wanted.policy, document_or_clear(input, "policy"));
  if (input.has("prioritizationMode")) wanted.prioritized = input.text("prioritizationMode") == "V0";
  wanted.access = input.optional_text("access");
  wanted.lease_seconds = input.integer("leaseSeconds");
  wanted.max_deliveries = input.integer("maxDeliveries");
  wanted.lost_after_seconds = input.integer("lostAfterSeconds");
  wanted.dry_run = input.flag("dryRun").value_or(false);
  return wanted;
}

Task<Json> upsert_queue(UseCases& use, const Call& call) {
  const Arguments input = Arguments::input(call);
  CO_TRY(auto wanted, queue_input(input));
  const bool dry_run = wanted.dry_run;
  const std::string mode = input.text("mode");
  auto how = UpsertMode::upsert;
  if (mode == "CREATE") how = UpsertMode::create;
  if (mode == "UPDATE") how = UpsertMode::update;
  CO_TRY(const auto saved, co_await use.queues.save(request_of(call).principal, std::move(wanted), how));
  JsonArray warnings;
  for (const auto& warning : saved.warnings) warnings.push_back(text_value(warning));
  JsonObject out;
  out["success"] = true;
  out["configSchemaValidationErrors"] = warnings.empty() ? Json() : Json(std::move(warnings));
  out["clientMutationId"] = text_value(input.text("clientMutationId"));
  out["queue"] = dry_run ? Json() : queue_json(saved.queue);
  co_return Json(std::move(out));
}

Task<Json> create_config(UseCases& use, const Call& call) {
  const Arguments input = Arguments::input(call);
  CO_TRY(auto variables, input.document("templateVariables"));
  CO_TRY(const Id id, co_await use.queues.add_resource_config(request_of(call).principal, input.text("entityName"),
                                                              input.text("resource"), input.text("config"),
                                                              std::move(variables).value_or(Json(JsonObject()))));
  JsonObject out;
  out["defaultResourceConfigID"] = text_value(global_id("DefaultResourceConfig", id));
  out["success"] = true;
  co_return Json(std::move(out));
}

Task<Json> create_queue(UseCases& use, const Call& call) {
  const Arguments input = Arguments::input(call);
  std::optional<Id> config;
  if (input.has("defaultResourceConfigID")) {
    CO_TRY(config, input.id("defaultResourceConfigID", "DefaultResourceConfig"));
  }
  CO_TRY(const auto queue, co_await use.queues.create_from_config(request_of(call).principal, input.text("entityName"),
                                                                  input.text("queueName"), input.text("access"),
                                                                  input.text("prioritizationMode") == "V0", config));
  JsonObject out;
  out["success"] = true;
  out["queueID"] = text_value(global_id("RunQueue", queue.id));
  co_return Json(std::move(out));
}

Task<Json> delete_queues(UseCases& use, const Call& call) {
  const Arguments input = Arguments::input(call);
  CO_TRY(auto ids, input.ids("queueIDs", "RunQueue"));
  CO_TRY_VOID(
      co_await use.queues.remove(request_of(call).principal, std::move(ids), input.flag("force").value_or(false)));
  JsonObject out;
  out["success"] = true;
  out["clientMutationId"] = text_value(input.text("clientMutationId"));
  co_return Json(std::move(out));
}

Task<Json> set_state(UseCases& use, const Call& call) {
  const Arguments input = Arguments::input(call);
  CO_TRY(const Id id, input.id("id", "RunQueue"));
  const auto state = input.text("state") == "PAUSED" ? QueueState::paused : QueueState::active;
  CO_TRY(const auto queue, co_await use.queues.set_state(request_of(call).principal, id, state));
  JsonObject out;
  out["queue"] = queue_json(queue);
  co_return Json(std::move(out));
}

}  // namespace

void bind_queue_changes(graphql::Resolvers& to, UseCases& use) {
  bind(to, use, "Mutation.upsertRunQueue", upsert_queue);
  bind(to, use, "Mutation.createDefaultResourceConfig", create_config);
  bind(to, use, "Mutation.createRunQueue", create_queue);
  bind(to, use, "Mutation.deleteRunQueues", delete_queues);
  bind(to, use, "Mutation.setRunQueueState", set_state);
}

}  // namespace slipway::server
