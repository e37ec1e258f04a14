// Control over the W&B fields alone (protocol 1.4, 13.2): a pop per queue, an acknowledgement instead of a lease, polls for stop requests.
#include <deque>
#include <map>

#include <fmt/format.h>

#include "agent/control/control.h"
#include "agent/control/queue_lookup.h"
#include "base/ids.h"
#include "base/log.h"
#include "net/http_client.h"

namespace slipway::agent {
namespace {

constexpr auto kPollInterval = std::chrono::seconds(2);  // The server offers no event; W&B's own agent waits 10 s.
constexpr auto kStopPoll = std::chrono::seconds(10);     // Per held item, as W&B's own agent does.

constexpr std::size_t kKeptLines = 10'000;  // Of output, per job.
constexpr int kTerminated = 143;            // What a shell says of a process that SIGTERM ended.

constexpr client::CallOptions once(Millis timeout) { return {.timeout = timeout, .retry_for = Millis(0)}; }

constexpr const char* kRegister =
    "mutation createLaunchAgent($input: CreateLaunchAgentInput!) { createLaunchAgent(input: $input) { launchAgentId } "
    "}";
constexpr const char* kAgent =
    "query LaunchAgent($agentId: ID!) { launchAgent(id: $agentId) {"
    " id name runQueues hostname agentStatus stopPolling heartbeatAt } }";
constexpr const char* kPop =
    "mutation popFromRunQueue($entity: String!, $project: String!, $queueName: String!, $launchAgentId: ID) {"
    " popFromRunQueue(input: {entityName: $entity, projectName: $project, queueName: $queueName, launchAgentId: "
    "$launchAgentId})"
    " { runQueueItemId runSpec } }";
constexpr const char* kAcknowledge =
    "mutation ackRunQueueItem($itemId: ID!, $runId: String!) {"
    " ackRunQueueItem(input: {runQueueItemId: $itemId, runName: $runId}) { success } }";
constexpr const char* kFail =
    "mutation failRunQueueItem($id: ID!, $message: String!, $stage: String!) {"
    " failRunQueueItem(input: {runQueueItemId: $id, message: $message, stage: $stage}) { success } }";
constexpr const char* kWarn =
    "mutation updateRunQueueItemWarning($id: ID!, $message: String!, $stage: String!) {"
    " updateRunQueueItemWarning(input: {runQueueItemId: $id, message: $message, stage: $stage}) { success } }";
constexpr const char* kStatus =
    "mutation updateLaunchAgent($agentId: ID!, $agentStatus: String) {"
    " updateLaunchAgent(input: {launchAgentId: $agentId, agentStatus: $agentStatus}) { success } }";
constexpr const char* kRunState =
    "query RunState($project: String!, $entity: String!, $name: String!) {"
    " project(name: $project, entityName: $entity) { run(name: $name) { state } } }";
constexpr const char* kUpsertRun =
    "mutation UpsertBucket($entity: String, $project: String, $name: String) {"
    " upsertBucket(input: {entityName: $entity, modelName: $project, name: $name}) { inserted } }";
constexpr const char* kStopped =
    "query RunStoppedStatus($projectName: String, $entityName: String, $runId: String!) {"
    " project(name: $projectName, entityName: $entityName) { run(name: $runId) { stopped } } }";

class PollingControl final : public Control {
 public:
  explicit PollingControl(std::shared_ptr<client::ApiClient> api) : api_(std::move(api)) {}

  Task<> register_agent(Registration registration) override {
    CO_TRY(entity_, co_await resolve_entity(*api_, registration.entity));
    CO_TRY(const auto queues, co_await resolve_queues(*api_, entity_, registration.queues));
    JsonArray ids;
    for (const auto& queue : queues) {
      ids.emplace_back(text_value(queue.id));
      queues_.push_back(queue.name);
    }
    JsonObject input{{"entityName", entity_},
                     {"projectName", kQueueProject},
                     {"runQueues", std::move(ids)},
                     {"hostname", registration.hostname},
                     {"agentConfig", to_text(registration.config)},
                     {"version", registration.version}};
    JsonObject variables{{"input", std::move(input)}};
    CO_TRY(const Json data, co_await api_->call(kRegister, std::move(variables)));
    const Json* payload = find(data, "createLaunchAgent");
    agent_id_ = payload ? text_or(*payload, "launchAgentId") : "";
    CO_TRY(const Json row, co_await agent_row());
    name_ = text_or(row, "name", agent_id_);
    co_return Result<>();
  }

  std::string agent_name() const override { return name_; }
  std::string entity() const override { return entity_; }
  /// A W&B server has no id that we could ask for; its address tells its jobs from those of another server.
  std::string server_id() const override { return sha256_hex(api_->connection().base_url).substr(0, 16); }

  Task<LeaseReply> lease(LeaseCall call) override {
    LeaseReply reply;
    const auto until = std::chrono::steady_clock::now() + call.wait;
    for (;;) {
      CO_TRY(const Json row, co_await agent_row());
      if (bool_or(row, "stopPolling", false)) reply.desire = Desire::stop;
      if (reply.desire == Desire::run) CO_TRY_VOID(co_await pop_into(reply, call.slots));
      CO_TRY_VOID(co_await look_for_stops(reply, call.held));
      const bool something = !reply.leases.empty() || !reply.directives.empty() || reply.desire != Desire::run;
      if (something || std::chrono::steady_clock::now() >= until) co_return reply;
      CO_TRY_VOID(co_await sleep_for(kPollInterval));
    }
  }

  Task<bool> report(Held item, Report report) override {
    const std::string stage = report.stage.value_or("agent");
    if (report.warning) {
      JsonObject variables{{"id", item.item_id}, {"message", *report.warning}, {"stage", stage}};
      CO_TRY_VOID(co_await api_->call(kWarn, std::move(variables)));
    }
    if (!report.phase || !launch::is_terminal(*report.phase)) co_return false;
    auto held = runs_.extract(item.item_id);
    const bool stopped = report.phase == launch::ItemState::stopped;
    if (held && (report.exit_code || stopped || report.phase == launch::ItemState::finished)) {
      const int code = report.exit_code.value_or(stopped ? kTerminated : 0);
      CO_TRY_VOID(co_await end_run(std::move(held.mapped()), code));
    } else if (report.phase == launch::ItemState::failed) {
      JsonObject variables{{"id", item.item_id}, {"message", report.message.value_or("failed")}, {"stage", stage}};
      CO_TRY_VOID(co_await api_->call(kFail, std::move(variables)));
    }
    co_return false;
  }

  /// The W&B fields have no way to give an acknowledged item back: it fails with the reason, so that nobody waits for it.
  Task<> release(Held item, std::string reason) override {
    Report failed;
    failed.phase = launch::ItemState::failed;
    failed.message = "the agent gave the item back: " + reason;
    CO_TRY_VOID(co_await report(std::move(item), std::move(failed)));
    co_return Result<>();
  }

  Task<> set_status(std::string status) override {
    JsonObject variables{{"agentId", agent_id_}, {"agentStatus", status}};
    CO_TRY_VOID(co_await api_->call(kStatus, std::move(variables), once(Millis(5'000))));
    co_return Result<>();
  }

  /// The only place that a W&B server has for output is the run's console, which belongs to the job's SDK: kept until it is known that the job has none.
  Task<> append_log(Lease lease, std::uint64_t, std::vector<std::string> lines) override {
    const auto run = runs_.find(lease.item_id);
    if (run == runs_.end()) co_return Result<>();
    auto& output = run->second.output;
    for (auto& line : lines) output.push_back(std::move(line));
    if (output.size() > kKeptLines) output.erase(output.begin(), output.end() - kKeptLines);
    co_return Result<>();
  }
  Task<std::uint64_t> log_size(Lease) override { co_return std::uint64_t{0}; }

 private:
  struct HeldRun {
    std::string entity, project, run;
    std::chrono::steady_clock::time_point last_poll;
    std::deque<std::string> output;
  };

  /// The job's SDK says how its run ended. For a job without one, or whose SDK was killed, the agent does: a W&B server takes no end from anybody else.
  Task<> end_run(HeldRun run, int exit_code) {
    JsonObject who{{"entity", run.entity}, {"project", run.project}, {"name", run.run}};
    CO_TRY(const Json data, co_await api_->call(kRunState, who));
    const Json* found = find_path(data, "project.run");
    const std::string state = found ? text_or(*found, "state") : "";
    const bool silent = state.empty() || state == "pending";
    if (!silent && state != "running") co_return Result<>();
    JsonObject body{{"complete", true}, {"exitcode", exit_code}};
    if (silent) {
      CO_TRY_VOID(co_await api_->call(kUpsertRun, std::move(who)));
      JsonArray lines;
      for (const auto& line : run.output) lines.push_back(text_value(line));
      body["files"] = Json{{"output.log", Json{{"offset", 0}, {"content", std::move(lines)}}}};
    }
    const std::string path = fmt::format("/files/{}/{}/{}/file_stream", net::url_encode(run.entity),
                                         net::url_encode(run.project), net::url_encode(run.run));
    CO_TRY_VOID(co_await api_->post_json(path, to_text(Json(std::move(body)))));
    co_return Result<>();
  }

  Task<Json> agent_row() {
    JsonObject variables{{"agentId", agent_id_}};
    CO_TRY(const Json data, co_await api_->call(kAgent, std::move(variables)));
    const Json* row = find(data, "launchAgent");
    if (!row || !row->is_object()) co_return Error(Code::not_found, "the server does not know this agent any more");
    co_return *row;
  }

  /// A queue that yielded goes to the end: round robin among queues that have something (C-22).
  Task<> pop_into(LeaseReply& reply, int slots) {
    std::size_t empty_in_a_row = 0;
    while (static_cast<int>(reply.leases.size()) < slots && empty_in_a_row < queues_.size()) {
      const std::string queue = queues_.front();
      queues_.pop_front();
      queues_.push_back(queue);
      CO_TRY(auto lease, co_await pop(queue));
      empty_in_a_row = lease ? 0 : empty_in_a_row + 1;
      if (lease) reply.leases.push_back(*std::move(lease));
    }
    co_return Result<>();
  }

  Task<std::optional<Lease>> pop(std::string queue) {
    JsonObject variables{
        {"entity", entity_}, {"project", kQueueProject}, {"queueName", queue}, {"launchAgentId", agent_id_}};
    CO_TRY(const Json data, co_await api_->call(kPop, std::move(variables), once(Millis(30'000))));
    const Json* row = find(data, "popFromRunQueue");
    if (!row || !row->is_object()) co_return std::optional<Lease>();
    Lease lease;
    lease.item_id = text_or(*row, "runQueueItemId");
    lease.queue = queue;
    lease.queue_entity = entity_;
    if (const Json* spec = find(*row, "runSpec")) lease.spec = *spec;
    lease.run_entity = text_or(lease.spec, "entity", entity_);
    lease.run_project = text_or(lease.spec, "project");
    lease.run_name = text_or(lease.spec, "run_id");
    if (lease.run_name.empty()) lease.run_name = random_id();
    lease.author = text_or(lease.spec, "author");
    CO_TRY(const bool ours, co_await acknowledge(lease));
    if (ours) co_return std::optional<Lease>(std::move(lease));
    log::warn("somebody else has acknowledged the item", {{"item", lease.item_id}});
    co_return std::optional<Lease>();
  }

  Task<bool> acknowledge(Lease lease) {
    JsonObject variables{{"itemId", lease.item_id}, {"runId", lease.run_name}};
    CO_TRY(const Json data, co_await api_->call(kAcknowledge, std::move(variables)));
    runs_[lease.item_id] = HeldRun{lease.run_entity, lease.run_project, lease.run_name, {}, {}};
    const Json* payload = find(data, "ackRunQueueItem");
    co_return payload&& bool_or(*payload, "success", false);
  }

  Task<> look_for_stops(LeaseReply& reply, std::vector<Held> held) {
    const auto now = std::chrono::steady_clock::now();
    for (const auto& item : held) {
      const auto poll = runs_.find(item.item_id);
      if (poll == runs_.end() || now - poll->second.last_poll < kStopPoll) continue;
      poll->second.last_poll = now;
      JsonObject variables{
          {"entityName", poll->second.entity}, {"projectName", poll->second.project}, {"runId", poll->second.run}};
      // A run that the job has not created yet is not stopped; an unreachable server is asked again in ten seconds.
      auto data = co_await api_->call(kStopped, std::move(variables));
      const Json* run = data ? find_path(*data, "project.run") : nullptr;
      if (run && bool_or(*run, "stopped", false)) reply.directives.emplace_back(item.item_id, Directive::cancel);
    }
    co_return Result<>();
  }

  std::shared_ptr<client::ApiClient> api_;
  std::string entity_, agent_id_, name_;
  std::deque<std::string> queues_;
  std::map<std::string, HeldRun> runs_;  ///< By item.
};

}  // namespace

std::unique_ptr<Control> make_polling_control(std::shared_ptr<client::ApiClient> api) {
  return std::make_unique<PollingControl>(std::move(api));
}

}  // namespace slipway::agent
