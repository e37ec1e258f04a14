#include <fmt/format.h>

#include "agent/pipeline/pipeline.h"
#include "async/timeout.h"
#include "base/fault_point.h"
#include "base/ids.h"
#include "base/log.h"
#include "base/retry.h"
#include "launch/environment.h"
#include "launch/item_state.h"
#include "launch/macro.h"

namespace slipway::agent {
namespace {

/// Macros see the finished image; that is why they are filled here and not in resolve.
Result<Json> fill(const Job& job, const Json& document, std::string root) {
  const auto& config = job.services.config();
  launch::MacroScope scope;
  scope.builtins = {{"project_name", job.spec.project}, {"entity_name", job.spec.entity}, {"run_id", job.spec.run_id},
                    {"run_name", job.spec.name},        {"image_uri", job.image},         {"author", job.spec.author}};
  if (job.spec.name.empty()) scope.builtins["run_name"] = job.spec.run_id;
  const auto& environment = job.services.context().env;
  scope.environment.insert(environment.begin(), environment.end());
  scope.mode = config.macro_mode;
  scope.allowed = config.macro_allowed;
  return launch::fill_macros(document, scope, std::move(root));
}

}  // namespace

namespace {

/// What a submitter wants beside the job (protocol 7.3.4), where the resource has such things. It never gets more rights
/// that way than in the job itself.
Result<> add_services(const Job& job, JsonObject& arguments) {
  constexpr std::string_view kKey = "additional_services";
  const auto& wanted = job.spec.additional_services;
  if (wanted.empty() || find_path(job.resource->config_schema, "properties.additional_services") == nullptr) return {};
  TRY(Json services, fill(job, Json(wanted), std::string(kKey)));
  auto problems = job.resource->refuse ? job.resource->refuse(services) : std::vector<Problem>();
  if (!problems.empty()) {
    return Error(Code::permission_denied, "additional_services ask for what a submitter may not have",
                 std::move(problems));
  }
  if (const Json* admins = find(arguments, kKey); admins != nullptr && admins->is_array()) {
    const auto& own = admins->get_array();
    services.get_array().insert(services.get_array().begin(), own.begin(), own.end());
  }
  arguments[kKey] = std::move(services);
  return {};
}

}  // namespace

Result<plugins::SubmitRequest> make_request(const Job& job) {
  TRY(Json filled, fill(job, Json(job.resource_args), "resource_args." + job.resource->name));
  JsonObject arguments = std::move(filled).as_object();
  TRY_VOID(add_services(job, arguments));
  const auto& api = job.services.context().api->connection();
  launch::EnvironmentInput input;
  input.base_url = api.base_url;
  input.agent_key = api.api_key;
  input.run_id = job.spec.run_id;
  input.image = job.image;
  input.queue = job.lease.queue;
  input.queue_entity = job.lease.queue_entity;
  input.item_id = job.lease.item_id;
  input.max_value = job.resource->max_env_value;
  auto environment = launch::job_environment(job.spec, input);
  if (job.lease.attempt > 1) environment.plain["WANDB_RESUME"] = "allow";

  plugins::SubmitRequest request;
  request.identity = job.identity;
  request.image = job.image;
  // In an image that was built from it the source is there already; everywhere else it is mounted or run in
  // place.
  if (!job.source_in_image) request.source_dir = job.source.dir;
  request.entry_point = job.entry_point;
  request.entry_point_in_image = job.entry_point_in_image && job.spec.overrides.entry_point.empty();
  request.args = job.spec.overrides.args;
  request.working_dir = job.spec.overrides.working_dir;
  request.install_dependencies = job.install_dependencies;
  request.env = std::move(environment.plain);
  request.secret_env = std::move(environment.secret);
  request.resource_args = std::move(arguments);
  return request;
}

namespace {

Task<> tell_reachable(Job& job, bool reachable, std::string message) {
  Report report;
  report.reachable = reachable;
  report.message = std::move(message);
  return job.reporter.tell(std::move(report));
}

/// Looks the name up until the backend answers.
Task<std::optional<plugins::RunHandle>> look_up(Job& job) {
  Backoff backoff({.first = Millis(500), .max = Millis(15'000)});
  bool told = false;
  for (;;) {
    auto found = co_await job.runner->find(job.identity);
    if (found || !retryable(found.error().code())) {
      if (told) CO_TRY_VOID(co_await tell_reachable(job, true, ""));
      co_return found;
    }
    if (!told) CO_TRY_VOID(co_await tell_reachable(job, false, found.error().message()));
    told = true;
    CO_TRY_VOID(co_await sleep_for(*backoff.next()));
  }
}

/// An answer that got lost may mean that the job exists: after such an error the name is looked up before
/// anything is sent again (I1).
Task<plugins::RunHandle> create(Job& job, plugins::SubmitRequest request) {
  for (;;) {
    auto created = co_await shielded(job.runner->submit(request));
    if (created) co_return created;
    if (!retryable(created.error().code())) {
      job.failure_class = plugins::submit_failure_class(created.error().code());
      co_return created;
    }
    log::warn("the backend's answer got lost, looking the job up",
              {{"job", job.identity.name}, {"error", created.error().message()}});
    CO_TRY(auto found, co_await look_up(job));
    if (found) co_return *std::move(found);
  }
}

Task<> record_reference(Job& job) {
  Report created;
  created.backend = job.handle.to_json();
  created.stage = "watch";
  created.reason = "submitted as " + job.identity.name;
  CO_TRY_VOID(co_await job.reporter.tell(std::move(created)));
  fault_point("after_reference");
  co_return Result<>();
}

}  // namespace

Task<> ready_backend(Job& job) {
  job.failure_class = launch::failure::template_;
  CO_TRY(auto request, make_request(job));
  auto& log = job.log;
  request.progress = [&log](std::string_view line) { log.line(fmt::format("[slipway] {}", line)); };
  const auto limit = job.services.config().start_timeout;
  auto preparing = job.runner->prepare(std::move(request));
  Result<> ready;
  if (limit.count() > 0) {
    ready = co_await with_timeout(limit, std::move(preparing));
  } else {
    ready = co_await std::move(preparing);
  }
  if (ready) co_return ready;
  const Code code = ready.error().code();
  job.failure_class =
      code == Code::deadline_exceeded ? launch::failure::start_timeout : plugins::submit_failure_class(code);
  co_return ready;
}

Task<> submit(Job& job) {
  job.failure_class = launch::failure::template_;
  CO_TRY(auto request, make_request(job));
  job.failure_class = launch::failure::refused;
  CO_TRY(Json rendered, job.runner->render(request));

  CO_TRY_VOID(co_await job.log.flush());
  job.log.begin_output();
  Report intent;
  intent.phase = launch::ItemState::starting;
  intent.stage = "submit";
  intent.image = job.image;
  intent.intent = JsonObject{{"name", job.identity.name},
                             {"scope", job.runner->scope()},
                             {"request_hash", sha256_hex(canonical_text(rendered))},
                             {"log_offset", job.log.output_start()}};
  intent.request = std::move(rendered);
  fault_point("before_intent");
  CO_TRY_VOID(co_await job.reporter.tell(std::move(intent)));
  job.intent_recorded = true;
  fault_point("after_intent");

  job.failure_class = launch::failure::backend;
  CO_TRY(job.handle, co_await create(job, std::move(request)));
  fault_point("after_create");
  co_return co_await record_reference(job);
}

Task<bool> adopt(Job& job) {
  job.intent_recorded = true;
  CO_TRY_VOID(co_await job.log.open());
  job.log.begin_output_at(static_cast<std::uint64_t>(int_or(job.lease.intent, "log_offset", 0)));
  if (job.lease.backend.is_object()) {
    CO_TRY(job.handle, plugins::RunHandle::from_json(job.lease.backend));
    co_return true;
  }
  CO_TRY(auto found, co_await look_up(job));
  if (!found) co_return false;
  job.handle = *std::move(found);
  CO_TRY_VOID(co_await record_reference(job));
  co_return true;
}

}  // namespace slipway::agent
