// Reading queues: runQueue, resourceKinds and the fields of RunQueue (protocol 1.5, C-8).
#include <algorithm>
#include <map>

#include <fmt/format.h>

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
  CO_TRY(const auto known, co_await use.directory.get(hidden_id(call.parent)));
  CO_TRY(const auto changes, co_await use.queues.history(known->row));
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

ItemSort sort_from_name(std::string_view name) {
  static const std::map<std::string_view, ItemSort> kSorts = {
      {"CREATED", ItemSort::pushed},   {"PRIORITY", ItemSort::priority}, {"STATE", ItemSort::state},
      {"AUTHOR", ItemSort::author},    {"RUN", ItemSort::run},           {"STARTED", ItemSort::started},
      {"FINISHED", ItemSort::finished}};
  const auto found = kSorts.find(name);
  return found == kSorts.end() ? ItemSort::pushed : found->second;
}

ItemFilter filter_of(const Arguments& args, Id queue) {
  ItemFilter filter;
  filter.queue = queue;
  filter.newest_first = args.flag("newestFirst").value_or(false);
  for (const auto& name : args.texts("states")) {
    if (const auto state = launch::state_from_name(name)) filter.states.push_back(*state);
  }
  filter.search = args.text("search");
  if (args.has("author")) filter.author = args.text("author");
  if (args.has("project")) filter.project = args.text("project");
  filter.sort = sort_from_name(args.text("sort"));
  return filter;
}

Task<Json> items(UseCases& use, const Call& call) {
  const Arguments args(call.args);
  CO_TRY(auto page, args.page());
  const ItemFilter filter = filter_of(args, hidden_id(call.parent));
  CO_TRY(const auto found, co_await use.items.list(filter, std::move(page)));
  Json out = items_connection(found);
  if (call.selects("totalCount")) {
    CO_TRY(const auto count, co_await use.items.count(filter));
    out.get_object()["totalCount"] = count;
  }
  co_return out;
}

Json bucket_json(const MonitorBucket& bucket) {
  JsonObject out;
  out["at"] = time_json(bucket.at);
  out["waiting"] = bucket.waiting;
  out["leased"] = bucket.leased;
  out["running"] = bucket.running;
  out["finished"] = bucket.finished;
  out["failed"] = bucket.failed;
  out["stopped"] = bucket.stopped;
  out["started"] = bucket.started;
  if (bucket.started > 0) {
    out["queuedAverageSeconds"] = static_cast<double>(bucket.queued_sum) / 1000.0 / static_cast<double>(bucket.started);
    out["queuedMaxSeconds"] = static_cast<double>(bucket.queued_max) / 1000.0;
  }
  return Json(std::move(out));
}

Task<Json> monitor(UseCases& use, const Call& call) {
  const Arguments args(call.args);
  MonitorRange range;
  CO_TRY(range.from, args.time("from"));
  CO_TRY(range.to, args.time("to"));
  range.buckets = static_cast<std::size_t>(std::max<std::int64_t>(0, args.integer("buckets").value_or(120)));
  CO_TRY(const auto seen, co_await use.queues.monitor(hidden_id(call.parent), range));
  JsonArray buckets, runs, errors;
  for (const auto& bucket : seen.buckets) buckets.push_back(bucket_json(bucket));
  for (const auto& item : seen.runs) runs.push_back(item_json(item));
  for (const auto& item : seen.errors) errors.push_back(item_json(item));
  JsonObject out;
  out["buckets"] = std::move(buckets);
  out["runs"] = std::move(runs);
  out["errors"] = std::move(errors);
  out["truncated"] = seen.truncated;
  co_return Json(std::move(out));
}

Task<Json> parse_config(UseCases& use, const Call& call) {
  const Arguments args(call.args);
  CO_TRY_VOID(require_signed_in(request_of(call).principal));
  CO_TRY(auto draft, use.queues.parse(args.text("resourceType"), args.text("resourceConfig")));
  JsonArray placeholders, required, warnings;
  for (const auto& each : draft.placeholders) placeholders.push_back(Json{{"name", each.name}, {"path", each.path}});
  for (const auto& path : draft.required) required.push_back(text_value(path));
  for (const auto& warning : draft.warnings) warnings.push_back(text_value(warning));
  JsonObject out;
  out["config"] = std::move(draft.document);
  out["placeholders"] = std::move(placeholders);
  out["required"] = std::move(required);
  out["warnings"] = std::move(warnings);
  co_return Json(std::move(out));
}

Task<Json> launched_items(UseCases& use, const Call& call) {
  const Arguments args(call.args);
  CO_TRY(auto page, args.page());
  const std::string job =
      fmt::format("{}/{}/{}", text_or(call.parent, "entityName"), text_or(call.parent, "name"), args.text("job"));
  CO_TRY(const auto found, co_await use.items.of_job(request_of(call).principal, job, std::move(page)));
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
  bind(to, use, "RunQueue.monitor", monitor);
  bind(to, use, "Query.parseRunQueueConfig", parse_config);
  bind(to, use, "Project.launchedItems", launched_items);
  bind(to, use, "RunQueue.runQueueItems", items);
  bind(to, use, "RunQueue.runQueueItem", item);
}

}  // namespace slipway::server
