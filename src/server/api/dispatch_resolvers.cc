// What agents call: the long poll, reports, releases, and the W&B agents' pop, acknowledge, fail and warn (protocol 1.4).
#include <algorithm>
#include <cmath>

#include "base/ids.h"
#include "server/api/arguments.h"
#include "server/api/resolvers.h"
#include "server/api/shapes.h"

namespace slipway::server {
namespace {

constexpr double kLongestWait = 55.0;

Result<LeaseCall> lease_call(const Arguments& input) {
  LeaseCall wanted;
  TRY(wanted.agent, input.id("launchAgentId", "LaunchAgent"));
  wanted.incarnation = input.text("incarnation");
  wanted.slots = input.integer("slots").value_or(0);
  for (const auto& each : input.objects("held")) {
    TRY(const Id item, each.id("runQueueItemId", "RunQueueItem"));
    wanted.held.push_back({item, each.integer("epoch").value_or(0)});
  }
  wanted.scopes = input.texts("scopes");
  const double wait = input.number("waitSeconds").value_or(25);
  if (!std::isfinite(wait)) return Error(Code::invalid_argument, "leasing: 'waitSeconds' is no number");
  wanted.wait = std::chrono::milliseconds(std::llround(std::clamp(wait, 0.0, kLongestWait) * 1000));
  wanted.sequence = input.integer("sequence").value_or(0);
  return wanted;
}

Task<Json> lease(UseCases& use, const Call& call) {
  CO_TRY(auto wanted, lease_call(Arguments::input(call)));
  CO_TRY(const auto answer, co_await use.dispatch.lease(request_of(call).principal, std::move(wanted)));
  JsonArray leases;
  for (const auto& each : answer.leases) leases.push_back(lease_json(each));
  JsonArray directives;
  for (const auto& each : answer.directives) {
    JsonObject directive;
    directive["runQueueItemId"] = text_value(global_id("RunQueueItem", each.item));
    directive["directive"] = text_value(each.directive == Directive::cancel ? "CANCEL" : "DROP");
    directives.push_back(std::move(directive));
  }
  JsonObject out;
  out["leases"] = std::move(leases);
  out["directives"] = std::move(directives);
  out["desire"] = text_value(desire_name(answer.desire));
  out["leaseSeconds"] = static_cast<double>(answer.lease_ttl.count()) / 1000.0;
  co_return Json(std::move(out));
}

Json warning_json(const Arguments& input, std::string message) {
  JsonObject out;
  out["message"] = text_value(message);
  out["stage"] = input.has("stage") ? text_value(input.text("stage")) : Json();
  JsonArray paths;
  for (const auto& path : input.texts("filePaths")) paths.push_back(text_value(path));
  out["filePaths"] = std::move(paths);
  out["at"] = text_value(to_iso8601(system_clock().now()));
  return Json(std::move(out));
}

Result<std::optional<Json>> optional_paths(const Arguments& input) {
  if (!input.has("filePaths")) return std::optional<Json>();
  JsonArray paths;
  for (const auto& path : input.texts("filePaths")) paths.push_back(text_value(path));
  return std::optional<Json>(std::move(paths));
}

Result<ItemReport> item_report(const Arguments& input) {
  ItemReport report;
  if (input.has("phase")) report.state = launch::state_from_name(input.text("phase"));
  report.stage = input.optional_text("stage");
  report.message = input.optional_text("message");
  TRY(report.intent, input.document("intent", 64 << 10));
  TRY(report.backend, input.document("backend", 256 << 10));
  TRY(report.request, input.document("request"));
  report.image = input.optional_text("image");
  if (const auto code = input.integer("exitCode")) report.exit_code = static_cast<int>(*code);
  report.failure_class = input.optional_text("failureClass");
  report.reachable = input.flag("reachable");
  if (input.has("warning")) {
    report.warning = warning_json(input, input.text("warning"));
  } else {
    TRY(report.file_paths, optional_paths(input));
  }
  return report;
}

Task<Json> report(UseCases& use, const Call& call) {
  const Arguments input = Arguments::input(call);
  CO_TRY(const Id id, input.id("runQueueItemId", "RunQueueItem"));
  CO_TRY(auto said, item_report(input));
  CO_TRY(const auto item,
         co_await use.dispatch.report(request_of(call).principal, id, input.integer("epoch").value_or(0),
                                      std::move(said), input.text("reason")));
  JsonObject out;
  out["phase"] = text_value(launch::state_name(item.state));
  out["cancelRequested"] = item.cancel_requested;
  co_return Json(std::move(out));
}

Task<Json> release(UseCases& use, const Call& call) {
  const Arguments input = Arguments::input(call);
  CO_TRY(const Id id, input.id("runQueueItemId", "RunQueueItem"));
  CO_TRY_VOID(co_await use.dispatch.release(request_of(call).principal, id, input.integer("epoch").value_or(0),
                                            input.text("reason")));
  co_return Json{{"success", true}};
}

Task<Json> pop(UseCases& use, const Call& call) {
  const Arguments input = Arguments::input(call);
  std::optional<Id> agent;
  if (input.has("launchAgentId")) {
    CO_TRY(agent, input.id("launchAgentId", "LaunchAgent"));
  }
  CO_TRY(const auto lease, co_await use.dispatch.pop(request_of(call).principal, input.text("entityName"),
                                                     input.text("queueName"), agent));
  if (!lease) co_return Json();
  JsonObject out;
  out["runQueueItemId"] = text_value(global_id("RunQueueItem", lease->item.id));
  out["runSpec"] = lease->payload.spec;
  out["clientMutationId"] = text_value(input.text("clientMutationId"));
  co_return Json(std::move(out));
}

Json outcome(bool done, const Arguments& input) {
  JsonObject out;
  out["success"] = done;
  out["clientMutationId"] = text_value(input.text("clientMutationId"));
  return Json(std::move(out));
}

Task<Json> acknowledge(UseCases& use, const Call& call) {
  const Arguments input = Arguments::input(call);
  CO_TRY(const Id id, input.id("runQueueItemId", "RunQueueItem"));
  CO_TRY(const bool done, co_await use.dispatch.acknowledge(request_of(call).principal, id, input.text("runName")));
  co_return outcome(done, input);
}

Task<Json> fail(UseCases& use, const Call& call) {
  const Arguments input = Arguments::input(call);
  CO_TRY(const Id id, input.id("runQueueItemId", "RunQueueItem"));
  CO_TRY(auto paths, optional_paths(input));
  CO_TRY(const bool done,
         co_await use.dispatch.fail(request_of(call).principal, id, input.text("message"), input.text("stage"),
                                    std::move(paths).value_or(Json(JsonArray()))));
  co_return outcome(done, input);
}

Task<Json> warn(UseCases& use, const Call& call) {
  const Arguments input = Arguments::input(call);
  CO_TRY(const Id id, input.id("runQueueItemId", "RunQueueItem"));
  CO_TRY(const bool done,
         co_await use.dispatch.warn(request_of(call).principal, id, warning_json(input, input.text("message"))));
  co_return outcome(done, input);
}

}  // namespace

void bind_dispatch(graphql::Resolvers& to, UseCases& use) {
  bind(to, use, "Mutation.leaseRunQueueItems", lease);
  bind(to, use, "Mutation.reportRunQueueItem", report);
  bind(to, use, "Mutation.releaseRunQueueItem", release);
  bind(to, use, "Mutation.popFromRunQueue", pop);
  bind(to, use, "Mutation.ackRunQueueItem", acknowledge);
  bind(to, use, "Mutation.failRunQueueItem", fail);
  bind(to, use, "Mutation.updateRunQueueItemWarning", warn);
}

}  // namespace slipway::server
