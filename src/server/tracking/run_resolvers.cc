#include "server/tracking/run_resolvers.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ids.h"
#include "base/strings.h"
#include "server/api/request_context.h"
#include "server/service/access.h"
#include "server/store/run_query.h"
#include "server/tracking/sdk_json.h"
#include "server/tracking/shapes.h"

namespace slipway::server {

using namespace tracking;

namespace {

constexpr std::size_t kMaxLogBytes = 4u << 20;

Result<std::optional<Json>> document_arg(const JsonObject& input, std::string_view key) {
  const auto text = optional_text(input, key);
  if (!text) return std::optional<Json>();
  auto document = parse_json(strict_json(*text));
  if (!document) return std::move(document).error().wrap(fmt::format("reading {}", key));
  if (!document->is_object())
    return Error(Code::invalid_argument, fmt::format("{}: expected an object, got {}", key, kind_name(*document)));
  return std::optional<Json>(std::move(*document));
}

Result<RunChange> change_of(const JsonObject& input, const Principal& who) {
  RunChange change;
  // Clients that resume send the id of the run instead of its name.
  const auto named = parse_run_global_id(text_arg(input, "id"));
  change.key.entity = text_arg(input, "entityName");
  if (change.key.entity.empty()) change.key.entity = named ? named->entity : default_entity(who);
  change.key.project = text_arg(input, "modelName");
  if (change.key.project.empty()) change.key.project = named ? named->project : "uncategorized";
  change.key.name = text_arg(input, "name", named ? named->name : "");
  if (change.key.name.empty()) change.key.name = random_id();
  change.display_name = optional_text(input, "displayName");
  change.host = optional_text(input, "host");
  change.program = optional_text(input, "jobProgram");
  change.job_type = optional_text(input, "jobType");
  change.group = optional_text(input, "groupName");
  change.notes = optional_text(input, "notes");
  if (!change.notes) change.notes = optional_text(input, "description");
  change.commit = optional_text(input, "commit");
  change.repo = optional_text(input, "jobRepo");
  change.sweep = optional_text(input, "sweep");
  // The SDK names its run. People who change a run through the public API give its id: that does not make it run again.
  change.revives = named == std::nullopt && text_arg(input, "state") != "pending";
  TRY(change.config, document_arg(input, "config"));
  TRY(change.summary, document_arg(input, "summaryMetrics"));
  if (const Json* tags = find(input, "tags"); tags && tags->is_array()) change.tags = *tags;
  return change;
}

/// The runs of a project as the `filters` and `order` of the call say.
Result<RunFilter> filter_of(const graphql::FieldCall& call) {
  RunFilter filter{.entity = text_or(call.parent, "entityName"), .project = text_or(call.parent, "name")};
  TRY(RunQuery query, RunQuery::parse(text_arg(call.args, "filters"), text_arg(call.args, "order")));
  filter.query = std::make_shared<const RunQuery>(std::move(query));
  return filter;
}

RunKey key_of(const Json& parent, std::string_view name) {
  return {.entity = text_or(parent, "entityName"), .project = text_or(parent, "name"), .name = std::string(name)};
}

}  // namespace

void RunResolvers::bind(graphql::Resolvers& resolvers) {
  resolvers.bind("Entity.projects", [this](const Call& call) { return projects_of_entity(call); });
  resolvers.bind_sync("Project.internalId",
                      [](const Call& call) -> Result<Json> { return text_value(text_or(call.parent, "id")); });
  resolvers.bind("Project.run", [this](const Call& call) { return run_of_project(call); });
  resolvers.bind("Project.bucket", [this](const Call& call) { return run_of_project(call); });
  resolvers.bind("Project.runs", [this](const Call& call) { return runs_of_project(call); });
  resolvers.bind("Project.runCount", [this](const Call& call) { return count_of_project(call); });
  resolvers.bind_sync("Project.readOnly", [](const Call&) -> Result<Json> { return Json(false); });
  resolvers.bind("RunQueueItem.run", [this](const Call& call) { return run_of_item(call); });
  resolvers.bind("Run.user", [this](const Call& call) { return user(call); });
  resolvers.bind("Run.heartbeatAt", [this](const Call& call) { return heartbeat(call); });
  resolvers.bind_sync("Run.wandbConfig", [](const Call& call) -> Result<Json> {
    const auto keys = list_arg(call.args, "keys");
    const Json* config = find(call.parent, "_sdkConfig");
    JsonObject wanted;
    if (config && config->is_object()) {
      for (const auto& [key, value] : config->as_object()) {
        if (keys.empty() || std::ranges::find(keys, std::string_view(key)) != keys.end()) wanted[key] = value;
      }
    }
    return text_value(to_text(wanted));
  });
  bind_lines(resolvers);
  bind_files(resolvers);
  resolvers.bind("Mutation.upsertBucket", [this](const Call& call) { return upsert_bucket(call); });
  resolvers.bind("Mutation.deleteRun", [this](const Call& call) { return delete_run(call); });
  resolvers.bind("Mutation.stopRun", [this](const Call& call) { return stop_run(call); });
}

void RunResolvers::bind_lines(graphql::Resolvers& resolvers) {
  const auto count = [this](std::string_view file) {
    return [this, name = std::string(file)](const Call& call) { return lines(call, name); };
  };
  resolvers.bind("Run.historyLineCount", count(kHistory));
  resolvers.bind("Run.eventsLineCount", count(kEvents));
  resolvers.bind("Run.logLineCount", count(kConsoleLog));
  resolvers.bind("Run.launchLogLineCount", count(kLaunchLog));
  const auto last = [this](std::string_view file) {
    return [this, name = std::string(file)](const Call& call) { return tail(call, name); };
  };
  resolvers.bind("Run.historyTail", last(kHistory));
  resolvers.bind("Run.eventsTail", last(kEvents));
  resolvers.bind("Run.launchLog", [this](const Call& call) { return launch_log(call); });
  resolvers.bind("Run.logLines", [this](const Call& call) { return log_lines(call); });
}

// ---- Reading ------------------------------------------------------------------------------------------------------------------

Task<Json> RunResolvers::run_of_project(const Call& call) {
  CO_TRY(const auto run, co_await store_.find_run(key_of(call.parent, text_arg(call.args, "name"))));
  co_return run ? run_json(*run) : Json();
}

Task<Json> RunResolvers::runs_of_project(const Call& call) {
  CO_TRY(RunFilter filter, filter_of(call));
  CO_TRY(const auto runs, co_await store_.list_runs(std::move(filter), page_of(call.args)));
  co_return connection_of(runs, run_json);
}

Task<Json> RunResolvers::count_of_project(const Call& call) {
  CO_TRY(RunFilter filter, filter_of(call));
  CO_TRY(const std::int64_t count, co_await store_.count_runs(std::move(filter)));
  co_return Json(count);
}

Task<Json> RunResolvers::projects_of_entity(const Call& call) {
  const std::string entity = text_or(call.parent, "name");
  const Page page = page_of(call.args);
  CO_TRY(const auto names, co_await store_.list_projects(entity));
  std::vector<Json> nodes;
  std::string cursor;
  bool more = false;
  for (const std::string& name : names) {
    if (page.after && name <= *page.after) continue;
    more = nodes.size() == page.first;
    if (more) break;
    nodes.push_back(project_json(entity, name));
    cursor = name;
  }
  co_return connection_json(std::move(nodes), cursor, more);
}

Task<Json> RunResolvers::run_of_item(const Call& call) {
  CO_TRY(const auto item,
         co_await services_.store.get(parse_global_id("RunQueueItem", text_or(call.parent, "id")).value_or(0)));
  if (!item) co_return Json();
  RunKey key{.entity = item->run_entity, .project = item->run_project, .name = item->run_name};
  const RequestContext& request = request_of(call);
  // The run may be of another entity than the queue.
  if (!require(request.principal, key.entity, Role::viewer)) co_return Json();
  CO_TRY(const auto run, co_await store_.find_run(std::move(key)));
  co_return run ? run_json(*run) : Json();
}

Task<Json> RunResolvers::user(const Call& call) {
  const std::string name = text_or(call.parent, "_user");
  if (name.empty()) co_return Json();
  CO_TRY(const auto found, co_await services_.store.find_user(name));
  JsonObject json;
  json["__typename"] = "User";
  json["id"] = global_id("User", found ? found->id : 0);
  json["name"] = name;
  json["username"] = name;
  json["service"] = found && found->service;
  co_return json;
}

Task<Json> RunResolvers::heartbeat(const Call& call) {
  CO_TRY(const auto at, co_await streams_.last_touch(hidden_id(call.parent, "_run")));
  co_return time_json(at);
}

Task<StreamKey> RunResolvers::newest_attempt(Id run, std::string file, std::optional<std::int64_t> attempt) {
  StreamKey key{.run = run, .file = std::move(file)};
  if (attempt) {
    key.attempt = static_cast<int>(std::clamp<std::int64_t>(*attempt, 1, 1'000'000));
    co_return key;
  }
  CO_TRY(const auto infos, co_await streams_.list(run));
  for (const StreamInfo& info : infos) {
    if (info.key.file == key.file) key.attempt = std::max(key.attempt, info.key.attempt);
  }
  co_return key;
}

Task<Json> RunResolvers::lines(const Call& call, std::string file) {
  CO_TRY(StreamKey key, co_await newest_attempt(hidden_id(call.parent, "_run"), std::move(file),
                                                optional_number(call.args, "attempt")));
  CO_TRY(const auto piece, co_await streams_.read(std::move(key), 0, 0, 0));
  co_return Json(piece.info.next_offset);
}

Task<Json> RunResolvers::tail(const Call& call, std::string file) {
  CO_TRY(const StreamKey key, co_await newest_attempt(hidden_id(call.parent, "_run"), std::move(file), std::nullopt));
  CO_TRY(const auto size, co_await streams_.read(key, 0, 0, 0));
  const std::int64_t last = std::max<std::int64_t>(size.info.lines - 1, 0);
  CO_TRY(const auto piece, co_await streams_.read(key, last, 1, 1));
  JsonArray lines;
  for (const std::string& line : piece.lines) lines.push_back(text_value(line));
  co_return text_value(to_text(lines));
}

Task<Json> RunResolvers::launch_log(const Call& call) {
  const auto first =
      static_cast<std::size_t>(std::clamp<std::int64_t>(optional_number(call.args, "first").value_or(1000), 0, 10'000));
  const std::int64_t from = std::max<std::int64_t>(optional_number(call.args, "from").value_or(0), 0);
  CO_TRY(StreamKey key, co_await newest_attempt(hidden_id(call.parent, "_run"), std::string(kLaunchLog),
                                                optional_number(call.args, "attempt")));
  CO_TRY(const auto piece, co_await streams_.read(std::move(key), from, first, kMaxLogBytes));
  JsonArray lines;
  for (const std::string& line : piece.lines) lines.push_back(text_value(line));
  co_return lines;
}

Task<Json> RunResolvers::log_lines(const Call& call) {
  const Page page = page_of(call.args, 1000);
  const std::int64_t from = std::max<std::int64_t>(std::atoll(page.after.value_or("0").c_str()), 0);
  CO_TRY(StreamKey key,
         co_await newest_attempt(hidden_id(call.parent, "_run"), std::string(kConsoleLog), std::nullopt));
  CO_TRY(const auto piece, co_await streams_.read(std::move(key), from, page.first, kMaxLogBytes));
  std::vector<Json> nodes;
  for (std::size_t i = 0; i < piece.lines.size(); ++i) {
    JsonObject node;
    node["number"] = from + static_cast<std::int64_t>(i);
    node["line"] = piece.lines[i];
    nodes.emplace_back(std::move(node));
  }
  const std::int64_t end = from + static_cast<std::int64_t>(piece.lines.size());
  co_return connection_json(std::move(nodes), std::to_string(end), end < piece.info.lines);
}

// ---- Changing -----------------------------------------------------------------------------------------------------------------

Task<Json> RunResolvers::upsert_bucket(const Call& call) {
  const RequestContext& request = request_of(call);
  CO_TRY(RunChange change, change_of(input_of(call.args), request.principal));
  CO_TRY(const auto upserted, co_await runs_.upsert(request.principal, std::move(change)));
  JsonObject payload;
  payload["bucket"] = run_json(upserted.run);
  payload["inserted"] = upserted.inserted;
  payload["serverSettings"] = Json{{"serverMessages", JsonArray()}};
  payload["clientMutationId"] = text_arg(input_of(call.args), "clientMutationId");
  co_return payload;
}

Task<Json> RunResolvers::delete_run(const Call& call) {
  const auto key = parse_run_global_id(text_arg(input_of(call.args), "id"));
  if (!key) co_return Error(Code::not_found, "run not found");
  CO_TRY_VOID(co_await runs_.remove(request_of(call).principal, *key));
  JsonObject payload;
  payload["clientMutationId"] = text_arg(input_of(call.args), "clientMutationId");
  co_return payload;
}

Task<Json> RunResolvers::stop_run(const Call& call) {
  const auto key = parse_run_global_id(text_arg(input_of(call.args), "id"));
  if (!key) co_return Error(Code::not_found, "run not found");
  CO_TRY(const bool asked, co_await runs_.stop(request_of(call).principal, *key));
  JsonObject payload;
  payload["success"] = asked;
  payload["clientMutationId"] = text_arg(input_of(call.args), "clientMutationId");
  co_return payload;
}

}  // namespace slipway::server
