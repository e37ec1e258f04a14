// Reading queues: runQueue, resourceKinds and the fields of RunQueue (protocol 1.5, C-8).
#include "base/ids.h"
#include "server/api/arguments.h"
#include "server/api/resolvers.h"
#include "server/api/shapes.h"

namespace slipway::server {
namespace {

Task<Json> queue(UseCases& use, const Call& call) {
  CO_TRY(const Id id, Arguments(call.args).id("id", "RunQueue"));
  CO_TRY(const auto known, co_await use.directory.get(request_of(call).principal, id, Role::viewer));
  co_return queue_json(known->row);
}

Task<Json> kinds(UseCases& use, const Call&) {
  JsonArray out;
  for (const auto& plugin : use.directory.catalog().runners) {
    JsonObject kind;
    kind["name"] = text_value(plugin.name);
    kind["displayName"] = text_value(plugin.display_name);
    JsonArray aliases;
    for (const auto& alias : plugin.aliases) aliases.push_back(text_value(alias));
    kind["aliases"] = std::move(aliases);
    kind["doc"] = text_value(plugin.doc);
    kind["defaultConfig"] = plugin.default_config;
    kind["configSchema"] = plugin.config_schema;
    kind["runnable"] = static_cast<bool>(plugin.create);
    out.push_back(std::move(kind));
  }
  co_return Json(std::move(out));
}

Task<Json> resource_config(UseCases& use, const Call& call) {
  CO_TRY(const auto known, co_await use.directory.get(hidden_id(call.parent)));
  co_return resource_config_json(global_id("QueueResourceConfig", known->row.id), known->rules.kind, known->row.config,
                                 known->row.template_variables);
}

Task<Json> counts(UseCases& use, const Call& call) {
  CO_TRY(const auto counted, co_await use.queues.counts(hidden_id(call.parent)));
  co_return Json{{"waiting", counted.waiting}, {"leased", counted.leased}, {"running", counted.running}};
}

Task<Json> agents(UseCases& use, const Call& call) {
  CO_TRY(const auto known, co_await use.directory.get(hidden_id(call.parent)));
  CO_TRY(const auto serving, co_await use.agents.serving(known->row));
  JsonArray out;
  for (const auto& agent : serving) out.push_back(agent_json(agent, true));
  co_return Json(std::move(out));
}

Task<Json> history(UseCases& use, const Call& call) {
  CO_TRY(const auto changes, co_await use.queues.history(hidden_id(call.parent)));
  JsonArray out;
  for (const auto& change : changes) {
    JsonObject each;
    each["at"] = time_json(change.at);
    each["actor"] = text_value(change.actor);
    each["before"] = change.before;
    each["after"] = change.after;
    out.push_back(std::move(each));
  }
  co_return Json(std::move(out));
}

Task<Json> items(UseCases& use, const Call& call) {
  const Arguments args(call.args);
  CO_TRY(auto page, args.page());
  ItemFilter filter;
  filter.queue = hidden_id(call.parent);
  filter.newest_first = args.flag("newestFirst").value_or(false);
  for (const auto& name : args.texts("states")) {
    if (const auto state = launch::state_from_name(name)) filter.states.push_back(*state);
  }
  CO_TRY(const auto found, co_await use.items.list(std::move(filter), std::move(page)));
  co_return items_connection(found);
}

Task<Json> item(UseCases& use, const Call& call) {
  const auto number = parse_global_id("RunQueueItem", Arguments(call.args).text("id"));
  // W&B clients ask for items that may be gone: null says so.
  if (!number) co_return Json();
  const auto found = co_await use.items.get(request_of(call).principal, *number);
  if (found && found->queue == hidden_id(call.parent)) co_return item_json(*found);
  if (!found && found.error().code() != Code::not_found) co_return found.error();
  co_return Json();
}

}  // namespace

void bind_queues(graphql::Resolvers& to, UseCases& use) {
  bind(to, use, "Query.runQueue", queue);
  bind(to, use, "Query.resourceKinds", kinds);
  bind(to, use, "RunQueue.defaultResourceConfig", resource_config);
  bind(to, use, "RunQueue.counts", counts);
  bind(to, use, "RunQueue.agents", agents);
  bind(to, use, "RunQueue.history", history);
  bind(to, use, "RunQueue.items", items);
  bind(to, use, "RunQueue.runQueueItems", items);
  bind(to, use, "RunQueue.runQueueItem", item);
}

}  // namespace slipway::server
