#include "server/service/push_service.h"

#include <fmt/format.h>

#include "base/ids.h"
#include "base/strings.h"
#include "launch/priority.h"

namespace slipway::server {
namespace {

constexpr std::size_t kMaxClientKey = 256;

Result<JsonObject> parse_values(const std::string& text) {
  if (text.empty()) return JsonObject();
  auto parsed = parse_json(text);
  if (!parsed) return std::move(parsed).error().wrap("reading templateVariableValues");
  if (parsed->is_null()) return JsonObject();
  if (!parsed->is_object()) {
    return Error(Code::invalid_argument,
                 fmt::format("templateVariableValues must be a map of names to values, got {}", kind_name(*parsed)));
  }
  return std::move(parsed->get_object());
}

/// A priority other than the default only where the queue orders by it (protocol 1.3.1).
Result<int> resolve_priority(const PushInput& input, const launch::LaunchSpec& spec, const Queue& queue) {
  if (!input.priority)
    return queue.prioritized ? spec.priority.value_or(launch::kDefaultPriority) : launch::kDefaultPriority;
  TRY(const int priority, launch::check_priority(*input.priority));
  if (!queue.prioritized && priority != launch::kDefaultPriority) {
    return Error(Code::invalid_argument,
                 fmt::format("queue '{}' has no priorities, so the item cannot have priority {}", queue.name, priority))
        .hint("Push without a priority, or let an administrator of the queue turn prioritization on.");
  }
  return priority;
}

/// The project of the run when the spec names none: the job's, as the reference does (protocol 4.7).
std::string default_project(const launch::LaunchSpec& spec) {
  const auto parts = split(spec.job, '/');
  return parts.size() == 3 && !parts[1].empty() ? parts[1] : "uncategorized";
}

void complete(launch::LaunchSpec& spec, const Queue& queue, const std::string& author) {
  if (spec.entity.empty()) spec.entity = queue.entity_name;
  if (spec.project.empty()) spec.project = default_project(spec);
  if (spec.run_id.empty()) spec.run_id = random_id();
  spec.author = author;
  spec.queue_entity = queue.entity_name;
  spec.resource = queue.resource;
}

Result<> check_resource(const launch::LaunchSpec& spec, const QueueDirectory& directory, const KnownQueue& queue) {
  if (!spec.resource.empty() && directory.catalog().runner(spec.resource) != queue.plugin) {
    return Error(Code::invalid_argument,
                 fmt::format("the launch spec asks for the resource '{}', but queue '{}' runs on '{}'", spec.resource,
                             queue.row.name, queue.row.resource))
        .hint("Leave 'resource' out, or choose another queue.");
  }
  if (!queue.plugin->needs_image && !spec.docker_image.empty()) {
    return Error(Code::invalid_argument,
                 fmt::format("queue '{}' runs processes without containers, so it cannot run the image '{}'",
                             queue.row.name, spec.docker_image),
                 {Problem{.path = "docker.docker_image",
                          .message = "images need a container resource. Choose a Docker or Kubernetes queue."}});
  }
  return {};
}

Result<launch::RenderedArgs> render(const KnownQueue& queue, const launch::LaunchSpec& spec, const PushInput& input) {
  TRY(const auto values, parse_values(input.template_values));
  auto locked = launch::check_locked_fields(queue.rules.policy, queue.rules.rules, spec);
  if (!locked.empty()) {
    return Error(Code::permission_denied,
                 fmt::format("queue '{}' does not let submitters set these fields", queue.row.name), std::move(locked));
  }
  auto rendered = launch::render_resource_args(queue.rules, spec, values);
  if (!rendered) return std::move(rendered).error().wrap(fmt::format("pushing to queue '{}'", queue.row.name));
  return rendered;
}

}  // namespace

Task<> PushService::check_run_id(const launch::LaunchSpec& spec) {
  // A requeue after preemption comes with the id of its run (protocol 4.7, _resume_count).
  if (spec.run_id.empty() || spec.resume_count > 0) co_return Result<>();
  CO_TRY(const auto other, co_await store_.find_by_run(spec.entity, spec.project, spec.run_id));
  if (!other || launch::is_terminal(other->state)) co_return Result<>();
  Error error(Code::conflict, fmt::format("run '{}' of {}/{} is in queue '{}' already", spec.run_id, spec.entity,
                                          spec.project, other->queue_name));
  co_return std::move(error).hint("Leave run_id out to start another run.");
}

Task<Pushed> PushService::push(Principal who, std::string author, PushInput input) {
  std::shared_ptr<const KnownQueue> queue;
  if (input.queue_id) {
    CO_TRY(queue, co_await directory_.get(who, *input.queue_id, Role::member));
  } else {
    CO_TRY(queue, co_await directory_.find(who, input.entity, input.queue, Role::member));
  }
  if (input.client_key.size() > kMaxClientKey) {
    co_return Error(Code::invalid_argument,
                    fmt::format("clientKey has {} characters; at most {}", input.client_key.size(), kMaxClientKey));
  }
  CO_TRY(auto submitted, parse_json(input.spec, launch::SpecLimits().json));
  CO_TRY(auto spec, launch::parse_launch_spec(submitted));
  CO_TRY_VOID(launch::check_source(spec));
  CO_TRY_VOID(check_resource(spec, directory_, *queue));
  CO_TRY(const int priority, resolve_priority(input, spec, queue->row));
  CO_TRY(auto rendered, render(*queue, spec, input));
  const bool named_run = !spec.run_id.empty();
  submitted = launch::to_json(spec);
  if (!rendered.template_values.empty())
    submitted.get_object()["template_variables"] = std::move(rendered.template_values);
  complete(spec, queue->row, author);
  if (spec.entity != queue->row.entity_name) CO_TRY_VOID(require(who, spec.entity, Role::member));
  if (!spec.job.empty() && job_check_) CO_TRY_VOID(co_await job_check_(who, spec.job));
  if (named_run && input.client_key.empty()) CO_TRY_VOID(co_await check_run_id(spec));
  spec.resource_args = JsonObject();
  spec.resource_args[queue->row.resource] = std::move(rendered.document);
  spec.template_variables = JsonObject();
  Pushed pushed;
  pushed.spec = launch::to_json(spec);
  if (input.dry_run) co_return pushed;
  PushItem item;
  item.queue = queue->row.id;
  item.priority = priority;
  item.run_entity = spec.entity;
  item.run_project = spec.project;
  item.run_name = spec.run_id;
  item.author = author;
  item.job = spec.job;
  item.spec = pushed.spec;
  item.submitted = std::move(submitted);
  item.client_key = std::move(input.client_key);
  std::vector<PushItem> items;
  items.push_back(std::move(item));
  CO_TRY(auto stored, co_await dispatch_.push(std::move(items), Cause{"user:" + who.user.name, "pushed"}));
  pushed.item = std::move(stored.front());
  co_return pushed;
}

}  // namespace slipway::server
