// Pushing and changing items (protocol 1.3).
#include "base/ids.h"
#include "server/api/arguments.h"
#include "server/api/resolvers.h"
#include "server/api/shapes.h"

namespace slipway::server {
namespace {

PushInput push_input(const Arguments& input) {
  PushInput wanted;
  wanted.entity = input.text("entityName");
  wanted.queue = input.text("queueName");
  wanted.spec = input.text("runSpec");
  wanted.priority = input.integer("priority");
  wanted.template_values = input.text("templateVariableValues");
  wanted.client_key = input.text("clientKey");
  wanted.dry_run = input.flag("dryRun").value_or(false);
  return wanted;
}

Json changed(std::int64_t count) { return Json{{"changed", count}}; }

Task<Json> push_by_name(UseCases& use, const Call& call) {
  const Arguments input = Arguments::input(call);
  const auto& request = request_of(call);
  CO_TRY(auto pushed, co_await use.pushes.push(request.principal, request.author(), push_input(input)));
  JsonObject out;
  out["runQueueItemId"] = pushed.item ? text_value(global_id("RunQueueItem", pushed.item->id)) : Json();
  if (call.selects("runSpec")) out["runSpec"] = text_value(to_text(pushed.spec));
  out["clientMutationId"] = text_value(input.text("clientMutationId"));
  out["item"] = pushed.item ? item_json(*pushed.item) : Json();
  co_return Json(std::move(out));
}

Task<Json> push_by_id(UseCases& use, const Call& call) {
  const Arguments input = Arguments::input(call);
  const auto& request = request_of(call);
  PushInput wanted = push_input(input);
  CO_TRY(wanted.queue_id, input.id("queueID", "RunQueue"));
  CO_TRY(const auto pushed, co_await use.pushes.push(request.principal, request.author(), std::move(wanted)));
  JsonObject out;
  out["runQueueItemId"] = text_value(global_id("RunQueueItem", pushed.item->id));
  out["clientMutationId"] = text_value(input.text("clientMutationId"));
  co_return Json(std::move(out));
}

Task<Json> delete_item(UseCases& use, const Call& call) {
  const Arguments input = Arguments::input(call);
  CO_TRY(const Id queue, input.id("queueID", "RunQueue"));
  CO_TRY(const Id item, input.id("runQueueItemId", "RunQueueItem"));
  CO_TRY_VOID(co_await use.items.remove(request_of(call).principal, queue, item));
  JsonObject out;
  out["success"] = true;
  out["clientMutationId"] = text_value(input.text("clientMutationId"));
  co_return Json(std::move(out));
}

Task<Json> cancel_items(UseCases& use, const Call& call) {
  const Arguments input = Arguments::input(call);
  CO_TRY(auto ids, input.ids("ids", "RunQueueItem"));
  CO_TRY(const auto count, co_await use.items.cancel(request_of(call).principal, std::move(ids), input.text("reason"),
                                                     input.flag("force").value_or(false)));
  co_return changed(count);
}

Task<Json> set_priority(UseCases& use, const Call& call) {
  const Arguments input = Arguments::input(call);
  CO_TRY(auto ids, input.ids("ids", "RunQueueItem"));
  CO_TRY(const auto count, co_await use.items.set_priority(request_of(call).principal, std::move(ids),
                                                           input.integer("priority").value_or(-1)));
  co_return changed(count);
}

Task<Json> requeue_item(UseCases& use, const Call& call) {
  const Arguments input = Arguments::input(call);
  CO_TRY(const Id id, input.id("id", "RunQueueItem"));
  CO_TRY(const auto item,
         co_await use.items.requeue(request_of(call).principal, id, input.flag("force").value_or(false)));
  JsonObject out;
  out["item"] = item_json(item);
  co_return Json(std::move(out));
}

}  // namespace

void bind_item_changes(graphql::Resolvers& to, UseCases& use) {
  bind(to, use, "Mutation.pushToRunQueueByName", push_by_name);
  bind(to, use, "Mutation.pushToRunQueue", push_by_id);
  bind(to, use, "Mutation.deleteFromRunQueue", delete_item);
  bind(to, use, "Mutation.cancelRunQueueItems", cancel_items);
  bind(to, use, "Mutation.setRunQueueItemPriority", set_priority);
  bind(to, use, "Mutation.requeueRunQueueItem", requeue_item);
}

}  // namespace slipway::server
