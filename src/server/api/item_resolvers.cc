// Reading items: runQueueItem, Run.item and the fields of RunQueueItem.
#include "base/ids.h"
#include "server/api/arguments.h"
#include "server/api/resolvers.h"
#include "server/api/shapes.h"

namespace slipway::server {
namespace {

Task<Json> item(UseCases& use, const Call& call) {
  CO_TRY(const Id id, Arguments(call.args).id("id", "RunQueueItem"));
  CO_TRY(const auto found, co_await use.items.get(request_of(call).principal, id));
  co_return item_json(found);
}

Task<Json> item_of_run(UseCases& use, const Call& call) {
  const auto id = parse_global_id("RunQueueItem", text_or(call.parent, "itemId"));
  if (!id) co_return Json();
  const auto found = co_await use.items.get(request_of(call).principal, *id);
  if (found) co_return item_json(*found);
  if (found.error().code() == Code::not_found) co_return Json();
  co_return found.error();
}

Task<Json> queue(UseCases& use, const Call& call) {
  const auto known = co_await use.directory.get(hidden_id(call.parent, "_queue"));
  if (known) co_return queue_json((*known)->row);
  if (known.error().code() == Code::not_found) co_return Json();
  co_return known.error();
}

Task<Json> agent(UseCases& use, const Call& call) {
  const Id id = hidden_id(call.parent, "_agent");
  if (id == 0) co_return Json();
  const auto found = co_await use.agents.get(request_of(call).principal, id);
  if (found) co_return agent_json(*found, use.agents.alive(*found));
  if (found.error().code() == Code::not_found) co_return Json();
  co_return found.error();
}

Task<Json> position(UseCases& use, const Call& call) {
  CO_TRY(auto found, co_await use.items.get(request_of(call).principal, hidden_id(call.parent)));
  CO_TRY(const auto ahead, co_await use.items.position(std::move(found)));
  co_return ahead ? Json(*ahead) : Json();
}

Task<Json> wait_reason(UseCases& use, const Call& call) {
  CO_TRY(auto found, co_await use.items.get(request_of(call).principal, hidden_id(call.parent)));
  CO_TRY(const auto reason, co_await use.items.why_it_waits(std::move(found)));
  co_return reason ? text_value(*reason) : Json();
}

Task<Json> events(UseCases& use, const Call& call) {
  CO_TRY(const auto found, co_await use.items.events(hidden_id(call.parent)));
  JsonArray out;
  for (const auto& event : found) {
    JsonObject each;
    each["at"] = time_json(event.at);
    each["attempt"] = event.attempt;
    each["from"] = text_value(event.from);
    each["to"] = text_value(event.to);
    each["actor"] = text_value(event.actor);
    each["reason"] = text_value(event.reason);
    out.push_back(std::move(each));
  }
  co_return Json(std::move(out));
}

template <class Pick>
Task<Json> from_payload(UseCases& use, const Call& call, Pick pick) {
  CO_TRY(auto payload, co_await use.items.payload(hidden_id(call.parent)));
  co_return payload ? pick(*payload) : Json();
}

Json or_null(const Json& list) { return list.is_array() && list.get_array().empty() ? Json() : list; }

Task<Json> run_spec(UseCases& use, const Call& call) {
  return from_payload(use, call, [](ItemPayload& payload) { return std::move(payload.spec); });
}
Task<Json> submitted(UseCases& use, const Call& call) {
  return from_payload(use, call, [](ItemPayload& payload) { return std::move(payload.submitted); });
}
Task<Json> request(UseCases& use, const Call& call) {
  return from_payload(use, call, [](ItemPayload& payload) { return std::move(payload.request); });
}
Task<Json> image(UseCases& use, const Call& call) {
  return from_payload(use, call,
                      [](ItemPayload& payload) { return payload.image.empty() ? Json() : text_value(payload.image); });
}
Task<Json> warnings(UseCases& use, const Call& call) {
  return from_payload(use, call, [](ItemPayload& payload) { return or_null(payload.warnings); });
}
Task<Json> file_paths(UseCases& use, const Call& call) {
  return from_payload(use, call, [](ItemPayload& payload) { return or_null(payload.file_paths); });
}

}  // namespace

void bind_items(graphql::Resolvers& to, UseCases& use) {
  bind(to, use, "Query.runQueueItem", item);
  bind(to, use, "Run.item", item_of_run);
  bind(to, use, "RunQueueItem.queue", queue);
  bind(to, use, "RunQueueItem.agent", agent);
  bind(to, use, "RunQueueItem.position", position);
  bind(to, use, "RunQueueItem.waitReason", wait_reason);
  bind(to, use, "RunQueueItem.events", events);
  bind(to, use, "RunQueueItem.runSpec", run_spec);
  bind(to, use, "RunQueueItem.submittedSpec", submitted);
  bind(to, use, "RunQueueItem.backendRequest", request);
  bind(to, use, "RunQueueItem.image", image);
  bind(to, use, "RunQueueItem.warnings", warnings);
  bind(to, use, "RunQueueItemError.filePaths", file_paths);
}

}  // namespace slipway::server
