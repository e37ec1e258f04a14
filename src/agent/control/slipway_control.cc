#include <fmt/format.h>

#include "agent/control/control.h"
#include "agent/control/queue_lookup.h"

namespace slipway::agent {
namespace {

constexpr client::CallOptions once(Millis timeout) { return {.timeout = timeout, .retry_for = Millis(0)}; }

constexpr const char* kRegister =
    "mutation CreateLaunchAgent($input: CreateLaunchAgentInput!) { createLaunchAgent(input: $input) {"
    " launchAgentId serverId agent { name } } }";
constexpr const char* kLease =
    "mutation LeaseRunQueueItems($input: LeaseRunQueueItemsInput!) { leaseRunQueueItems(input: $input) {"
    " leases { runQueueItemId epoch attempt queueName queueEntity entityName projectName runName author runSpec "
    "takeover intent backend"
    " cancelRequested } directives { runQueueItemId directive } desire leaseSeconds } }";
constexpr const char* kReport =
    "mutation ReportRunQueueItem($input: ReportRunQueueItemInput!) { reportRunQueueItem(input: $input) { phase "
    "cancelRequested } }";
constexpr const char* kRelease =
    "mutation ReleaseRunQueueItem($input: ReleaseRunQueueItemInput!) { releaseRunQueueItem(input: $input) { success } "
    "}";
constexpr const char* kStatus =
    "mutation UpdateLaunchAgent($input: UpdateLaunchAgentInput!) { updateLaunchAgent(input: $input) { success } }";
constexpr const char* kLogSize =
    "query LaunchLogSize($entity: String!, $project: String!, $run: String!) {"
    " project(entityName: $entity, name: $project) { run(name: $run) { launchLogLineCount } } }";

Desire desire_from(std::string_view name) {
  if (name == "PAUSE") return Desire::pause;
  if (name == "DRAIN") return Desire::drain;
  if (name == "STOP") return Desire::stop;
  return Desire::run;
}

Json member(const Json& object, std::string_view key) {
  const Json* value = find(object, key);
  return value ? *value : Json();
}

const JsonArray& rows(const Json& object, std::string_view key) {
  static const JsonArray none;
  const Json* value = find(object, key);
  return value && value->is_array() ? value->get_array() : none;
}

Lease lease_from(const Json& row) {
  Lease lease;
  lease.item_id = text_or(row, "runQueueItemId");
  lease.epoch = int_or(row, "epoch", 0);
  lease.attempt = static_cast<int>(int_or(row, "attempt", 1));
  lease.queue = text_or(row, "queueName");
  lease.queue_entity = text_or(row, "queueEntity");
  lease.run_entity = text_or(row, "entityName");
  lease.run_project = text_or(row, "projectName");
  lease.run_name = text_or(row, "runName");
  lease.author = text_or(row, "author");
  lease.spec = member(row, "runSpec");
  lease.takeover = bool_or(row, "takeover", false);
  lease.intent = member(row, "intent");
  lease.backend = member(row, "backend");
  lease.cancel_requested = bool_or(row, "cancelRequested", false);
  return lease;
}

JsonObject report_input(const Held& item, const Report& report) {
  JsonObject input{{"runQueueItemId", item.item_id}, {"epoch", item.epoch}};
  const auto put_text = [&](const char* key, const std::optional<std::string>& value) {
    if (value) input[key] = text_value(*value);
  };
  const auto put_json = [&](const char* key, const std::optional<Json>& value) {
    if (value) input[key] = text_value(to_text(*value));
  };
  if (report.phase) input["phase"] = text_value(launch::state_name(*report.phase));
  put_text("stage", report.stage);
  put_text("message", report.message);
  put_text("image", report.image);
  put_text("failureClass", report.failure_class);
  put_text("warning", report.warning);
  put_json("intent", report.intent);
  put_json("backend", report.backend);
  put_json("request", report.request);
  if (report.exit_code) input["exitCode"] = *report.exit_code;
  if (report.reachable) input["reachable"] = *report.reachable;
  if (!report.reason.empty()) input["reason"] = text_value(report.reason);
  return input;
}

class SlipwayControl final : public Control {
 public:
  SlipwayControl(std::shared_ptr<client::ApiClient> api, std::vector<std::string> scopes)
      : api_(std::move(api)), scopes_(std::move(scopes)) {}

  Task<> register_agent(Registration registration) override {
    CO_TRY(entity_, co_await resolve_entity(*api_, registration.entity));
    CO_TRY(const auto queues, co_await resolve_queues(*api_, entity_, registration.queues));
    JsonArray ids;
    for (const auto& queue : queues) ids.emplace_back(text_value(queue.id));
    incarnation_ = registration.incarnation;
    JsonObject input{{"entityName", entity_},
                     {"projectName", kQueueProject},
                     {"runQueues", std::move(ids)},
                     {"hostname", registration.hostname},
                     {"agentConfig", to_text(registration.config)},
                     {"version", registration.version},
                     {"stableId", registration.stable_id},
                     {"incarnation", registration.incarnation},
                     {"maxJobs", registration.max_jobs}};
    CO_TRY(const Json reply, co_await mutate(kRegister, "createLaunchAgent", std::move(input), client::CallOptions()));
    agent_id_ = text_or(reply, "launchAgentId");
    server_id_ = text_or(reply, "serverId");
    name_ = text_or(member(reply, "agent"), "name", agent_id_);
    co_return Result<>();
  }

  std::string agent_name() const override { return name_; }
  std::string entity() const override { return entity_; }
  std::string server_id() const override { return server_id_; }

  Task<LeaseReply> lease(LeaseCall call) override {
    JsonArray held;
    for (const auto& item : call.held)
      held.push_back(JsonObject{{"runQueueItemId", item.item_id}, {"epoch", item.epoch}});
    JsonArray scopes;
    for (const auto& scope : scopes_) scopes.emplace_back(text_value(scope));
    JsonObject input{{"launchAgentId", agent_id_},  {"incarnation", incarnation_},
                     {"slots", call.slots},         {"held", std::move(held)},
                     {"scopes", std::move(scopes)}, {"waitSeconds", static_cast<double>(call.wait.count()) / 1000},
                     {"sequence", ++sequence_}};
    CO_TRY(const Json reply,
           co_await mutate(kLease, "leaseRunQueueItems", std::move(input), once(call.wait + Millis(15'000))));
    LeaseReply out;
    for (const auto& row : rows(reply, "leases")) out.leases.push_back(lease_from(row));
    for (const auto& row : rows(reply, "directives")) {
      const auto directive = text_or(row, "directive") == "CANCEL" ? Directive::cancel : Directive::drop;
      out.directives.emplace_back(text_or(row, "runQueueItemId"), directive);
    }
    out.desire = desire_from(text_or(reply, "desire"));
    if (const Json* seconds = find(reply, "leaseSeconds"); seconds && seconds->is_number()) {
      out.lease_time = Millis(static_cast<std::int64_t>(seconds->to_number<double>() * 1000));
    }
    co_return out;
  }

  Task<bool> report(Held item, Report report) override {
    CO_TRY(const Json reply,
           co_await mutate(kReport, "reportRunQueueItem", report_input(item, report), once(Millis(30'000))));
    co_return bool_or(reply, "cancelRequested", false);
  }

  Task<> release(Held item, std::string reason) override {
    JsonObject input{{"runQueueItemId", item.item_id}, {"epoch", item.epoch}, {"reason", reason}};
    CO_TRY_VOID(co_await mutate(kRelease, "releaseRunQueueItem", std::move(input), once(Millis(10'000))));
    co_return Result<>();
  }

  Task<> set_status(std::string status) override {
    JsonObject input{{"launchAgentId", agent_id_}, {"agentStatus", status}};
    CO_TRY_VOID(co_await mutate(kStatus, "updateLaunchAgent", std::move(input), once(Millis(5'000))));
    co_return Result<>();
  }

  Task<> append_log(Lease lease, std::uint64_t offset, std::vector<std::string> lines) override {
    JsonArray content;
    for (const auto& line : lines) content.emplace_back(text_value(line));
    JsonObject chunk{{"offset", offset}, {"content", std::move(content)}};
    co_return co_await send_log(std::move(lease), std::move(chunk), Millis(30'000));
  }

  Task<> end_log(Lease lease, std::uint64_t lines) override {
    JsonObject chunk{{"offset", lines}, {"content", JsonArray()}, {"complete", true}};
    co_return co_await send_log(std::move(lease), std::move(chunk), Millis(5'000));
  }

  Task<std::uint64_t> log_size(Lease lease) override {
    JsonObject variables{{"entity", lease.run_entity}, {"project", lease.run_project}, {"run", lease.run_name}};
    CO_TRY(const Json data, co_await api_->call(kLogSize, std::move(variables), once(Millis(10'000))));
    const Json* run = find_path(data, "project.run");
    co_return static_cast<std::uint64_t>(run ? int_or(*run, "launchLogLineCount", 0) : 0);
  }

 private:
  Task<> send_log(Lease lease, JsonObject chunk, Millis timeout) {
    JsonObject files{{"launch.log", std::move(chunk)}};
    JsonObject body{{"files", std::move(files)}};
    const std::string path = fmt::format("/files/{}/{}/{}/file_stream", net::url_encode(lease.run_entity),
                                         net::url_encode(lease.run_project), net::url_encode(lease.run_name));
    CO_TRY_VOID(co_await api_->post_json(path, to_text(body), once(timeout)));
    co_return Result<>();
  }

  Task<Json> mutate(std::string document, std::string field, JsonObject input, client::CallOptions options) {
    JsonObject variables{{"input", std::move(input)}};
    CO_TRY(Json data, co_await api_->call(std::move(document), std::move(variables), options));
    Json* payload = data.is_object() ? data.get_object().if_contains(field) : nullptr;
    if (!payload || !payload->is_object())
      co_return Error(Code::internal, "the server answered " + field + " with nothing");
    co_return std::move(*payload);
  }

  std::shared_ptr<client::ApiClient> api_;
  std::vector<std::string> scopes_;
  std::string entity_, agent_id_, name_, server_id_, incarnation_;
  std::int64_t sequence_ = 0;
};

}  // namespace

std::unique_ptr<Control> make_slipway_control(std::shared_ptr<client::ApiClient> api, std::vector<std::string> scopes) {
  return std::make_unique<SlipwayControl>(std::move(api), std::move(scopes));
}

Task<std::unique_ptr<Control>> connect(std::shared_ptr<client::ApiClient> api, std::vector<std::string> scopes) {
  CO_TRY(const bool leases, co_await api->has_field("Mutation", "leaseRunQueueItems"));
  if (leases) co_return make_slipway_control(std::move(api), std::move(scopes));
  co_return make_polling_control(std::move(api));
}

}  // namespace slipway::agent
