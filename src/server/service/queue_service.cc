#include "server/service/queue_service.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/strings.h"
#include "launch/queue_config.h"
#include "server/service/changes.h"
#include "server/service/dispatch_service.h"
#include "server/service/queue_document.h"
#include "server/service/schema_check.h"

namespace slipway::server {
namespace {

std::string actor_of(const Principal& who) { return "user:" + who.user.name; }

Result<std::string> check_access(std::string access) {
  if (access == "PROJECT" || access == "USER") return access;
  return Error(Code::invalid_argument, fmt::format("access '{}' is not known. It is PROJECT or USER.", access));
}

std::string_view change_word(QueueState state) { return state == QueueState::paused ? "paused" : "resumed"; }

}  // namespace

Result<std::vector<std::string>> QueueService::apply(const QueueInput& input, Queue& queue) const {
  if (!input.resource.empty()) {
    TRY(const std::string resource, launch::require_resource(directory_.kinds(), input.resource));
    queue.resource = resource;
  }
  const plugins::RunnerPlugin* plugin = directory_.catalog().runner(queue.resource);
  // An empty name is an alias for those who leave the resource out of a launch; a queue says what it points at.
  if (queue.resource.empty() || plugin == nullptr) return Error(Code::invalid_argument, "a queue needs a resource");
  std::vector<std::string> warnings;
  TRY_VOID(apply_documents(input, *plugin, queue, warnings));
  if (input.prioritized) queue.prioritized = *input.prioritized;
  if (input.access) {
    TRY(queue.access, check_access(*input.access));
  }
  if (input.lease_seconds) {
    if (*input.lease_seconds < 1 || *input.lease_seconds > 86'400) {
      return Error(Code::invalid_argument,
                   fmt::format("leaseSeconds is {}; it must be from 1 to 86400", *input.lease_seconds));
    }
    queue.lease_ttl = std::chrono::seconds(*input.lease_seconds);
  }
  if (input.max_deliveries) {
    if (*input.max_deliveries < 1 || *input.max_deliveries > 1000) {
      return Error(Code::invalid_argument,
                   fmt::format("maxDeliveries is {}; it must be from 1 to 1000", *input.max_deliveries));
    }
    queue.max_deliveries = static_cast<int>(*input.max_deliveries);
  }
  if (input.lost_after_seconds) {
    constexpr std::int64_t kYear = 366LL * 86'400;
    if (*input.lost_after_seconds < 0 || *input.lost_after_seconds > kYear) {
      return Error(Code::invalid_argument, fmt::format("lostAfterSeconds is {}; it must be from 0 (never) to {}",
                                                       *input.lost_after_seconds, kYear));
    }
    queue.lost_after = std::chrono::seconds(*input.lost_after_seconds);
  }
  return warnings;
}

Task<SavedQueue> QueueService::save(Principal who, QueueInput input, UpsertMode mode) {
  CO_TRY_VOID(require(who, input.entity, Role::admin));
  CO_TRY_VOID(check_queue_name(input.name));
  CO_TRY(const auto owner, co_await store_.find_entity(input.entity));
  if (!owner) co_return absent("entity", input.entity);
  CO_TRY(auto existing, co_await store_.find_queue(owner->id, input.name));
  if (existing && mode == UpsertMode::create) {
    Error error(Code::conflict, fmt::format("queue '{}' exists already in '{}'", input.name, input.entity));
    co_return std::move(error).hint("Choose another name, or change it with: slipway queue update.");
  }
  if (!existing && mode == UpsertMode::update) co_return absent("queue", input.name);
  Queue queue;
  if (existing) queue = *existing;
  queue.entity = owner->id;
  queue.entity_name = owner->name;
  queue.name = input.name;
  if (!existing) queue.created_by = who.user.name;
  SavedQueue saved;
  CO_TRY(saved.warnings, apply(input, queue));
  if (input.dry_run) {
    saved.queue = std::move(queue);
    co_return saved;
  }
  Cause cause{actor_of(who), existing ? "the queue was changed" : "the queue was created"};
  if (existing) {
    CO_TRY(saved.queue, co_await store_.update_queue(std::move(queue), std::move(cause)));
  } else {
    CO_TRY(saved.queue, co_await store_.create_queue(std::move(queue), std::move(cause)));
  }
  directory_.forget();
  publish_queue(live_, saved.queue, existing ? "updated" : "created");
  co_return saved;
}

Task<std::vector<QueueChange>> QueueService::history(Queue queue) {
  CO_TRY(auto changes, co_await store_.history(queue.id));
  // The store keeps what has changed: the rest is found by going back from what the queue is now.
  JsonObject document = changeable_document(queue);
  for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
    change->after = document;
    apply_changed_members(document, change->before);
    change->before = document;
  }
  co_return changes;
}

Result<QueueService::Draft> QueueService::parse(const std::string& resource, const std::string& config) const {
  TRY(const std::string name, launch::require_resource(directory_.kinds(), resource));
  const plugins::RunnerPlugin* plugin = directory_.catalog().runner(name);
  TRY(auto parsed, launch::parse_queue_config(config, {plugin->name, plugin->aliases}));
  Draft draft;
  const Json document(parsed.document);
  draft.placeholders = launch::find_placeholders(document);
  draft.required = launch::find_required(document);
  for (const auto& notice : parsed.notices) draft.warnings.push_back(notice.to_string());
  for (const auto& problem : check_schema(plugin->config_schema, document))
    draft.warnings.push_back(problem.to_string());
  draft.document = std::move(parsed.document);
  return draft;
}

Task<std::vector<Queue>> QueueService::list(Principal who, std::string entity) {
  CO_TRY_VOID(require(who, entity, Role::viewer));
  CO_TRY(const auto owner, co_await store_.find_entity(entity));
  if (!owner) co_return absent("entity", entity);
  CO_TRY(auto queues, co_await store_.list_queues(owner->id));
  std::erase_if(queues, [&](const Queue& queue) { return !may_see(who, queue); });
  co_return queues;
}

Task<> QueueService::remove(Principal who, std::vector<Id> ids, bool force) {
  std::vector<std::shared_ptr<const KnownQueue>> queues;
  for (const Id id : ids) {
    CO_TRY(auto known, co_await directory_.get(who, id, Role::admin));
    queues.push_back(std::move(known));
  }
  for (const auto& known : queues) {
    Cause cause{actor_of(who), "the queue was deleted"};
    CO_TRY_VOID(co_await store_.delete_queue(known->row.id, force, std::move(cause)));
    directory_.forget();
    publish_queue(live_, known->row, "deleted");
    // Agents that hold its items hear at once that these are to end.
    dispatch_.queue_changed(known->row.id);
  }
  co_return Result<>();
}

Task<Queue> QueueService::set_state(Principal who, Id id, QueueState state) {
  CO_TRY(const auto known, co_await directory_.get(who, id, Role::admin));
  Queue queue = known->row;
  queue.state = state;
  Cause cause{actor_of(who), fmt::format("the queue was {}", change_word(state))};
  CO_TRY(auto saved, co_await store_.update_queue(std::move(queue), std::move(cause)));
  directory_.forget();
  publish_queue(live_, saved, change_word(state));
  if (state == QueueState::active) dispatch_.queue_changed(id);
  co_return saved;
}

Task<Id> QueueService::add_resource_config(Principal who, std::string entity, std::string resource, std::string config,
                                           Json template_variables) {
  CO_TRY_VOID(require(who, entity, Role::admin));
  CO_TRY(const auto owner, co_await store_.find_entity(entity));
  if (!owner) co_return absent("entity", entity);
  QueueInput input;
  input.resource = std::move(resource);
  input.config = std::move(config);
  input.template_variables = std::move(template_variables);
  Queue checked;
  CO_TRY_VOID(apply(input, checked));
  QueueStore::ResourceConfig row;
  row.entity = owner->id;
  row.resource = checked.resource;
  row.config = checked.config;
  row.template_variables = checked.template_variables;
  co_return co_await store_.add_resource_config(std::move(row));
}

Task<QueueStore::ResourceConfig> QueueService::resource_config(Principal who, std::string entity, Id id) {
  CO_TRY_VOID(require(who, entity, Role::viewer));
  CO_TRY(const auto owner, co_await store_.find_entity(entity));
  CO_TRY(auto row, co_await store_.get_resource_config(id));
  if (!owner || !row || row->entity != owner->id) co_return absent("resource configuration", std::to_string(id));
  co_return *std::move(row);
}

Task<Queue> QueueService::create_from_config(Principal who, std::string entity, std::string name, std::string access,
                                             bool prioritized, std::optional<Id> config) {
  QueueInput input;
  input.entity = entity;
  input.name = std::move(name);
  input.access = std::move(access);
  input.prioritized = prioritized;
  input.resource = "local-container";
  if (config) {
    CO_TRY_VOID(require(who, entity, Role::admin));
    CO_TRY(const auto row, co_await resource_config(who, entity, *config));
    input.resource = row.resource;
    input.config = to_text(row.config);
    input.template_variables = row.template_variables;
  }
  CO_TRY(auto saved, co_await save(std::move(who), std::move(input), UpsertMode::create));
  co_return std::move(saved.queue);
}

}  // namespace slipway::server
