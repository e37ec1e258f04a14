#include "server/service/queue_directory.h"

#include <fmt/format.h>

#include "base/strings.h"

namespace slipway::server {

std::vector<launch::ResourceKind> resource_kinds(const plugins::Catalog& catalog) {
  std::vector<launch::ResourceKind> kinds;
  for (const auto& runner : catalog.runners) kinds.push_back({runner.name, runner.aliases});
  return kinds;
}

bool may_see(const Principal& who, const Queue& queue) {
  const auto role = role_in(who, queue.entity_name);
  if (!role) return false;
  return queue.access != "USER" || queue.created_by == who.user.name || *role == Role::admin;
}

QueueDirectory::QueueDirectory(Store& store, const plugins::Catalog& catalog)
    : store_(store), catalog_(catalog), kinds_(resource_kinds(catalog)) {}

void QueueDirectory::forget() {
  by_id_.clear();
  by_name_.clear();
}

void QueueDirectory::drop_when_old() {
  // Another server on the same database may change a queue; a few seconds bound how long this one does not know.
  constexpr auto kKeep = std::chrono::seconds(5);
  const auto now = std::chrono::steady_clock::now();
  if (now - filled_at_ < kKeep) return;
  forget();
  filled_at_ = now;
}

Result<QueueDirectory::Known> QueueDirectory::remember(Queue queue) {
  auto known = std::make_shared<KnownQueue>();
  known->plugin = catalog_.runner(queue.resource);
  if (known->plugin == nullptr) {
    return Error(Code::failed_precondition,
                 fmt::format("queue '{}' points at the resource '{}', which this version does not know", queue.name,
                             queue.resource));
  }
  auto& rules = known->rules;
  if (queue.config.is_object()) rules.document = queue.config.get_object();
  TRY(rules.templates, launch::parse_template_schema(queue.template_variables));
  TRY(rules.policy, launch::parse_policy(queue.policy));
  rules.rules.resource = known->plugin->name;
  rules.rules.submitter_may_override = known->plugin->submitter_may_override;
  rules.rules.refuse = known->plugin->refuse;
  rules.rules.ask = fmt::format("an administrator of '{}'", queue.entity_name);
  rules.kind = launch::ResourceKind{known->plugin->name, known->plugin->aliases};
  known->row = std::move(queue);
  by_id_[known->row.id] = known;
  by_name_[known->row.entity_name + "/" + known->row.name] = known;
  return Known(std::move(known));
}

Task<> QueueDirectory::explain_absence(Id entity, std::string entity_name, std::string name) {
  CO_TRY(const auto queues, co_await store_.list_queues(entity));
  std::vector<std::string> names;
  for (const auto& queue : queues) {
    if (queue.access != "USER") names.push_back(queue.name);
  }
  Error error(Code::not_found,
              fmt::format("queue '{}' was not found in '{}'.{}", name, entity_name, did_you_mean(name, names)));
  co_return std::move(error).hint("List queues with: slipway queue list. Create one with: slipway queue create.");
}

Task<std::shared_ptr<const KnownQueue>> QueueDirectory::find(Principal who, std::string entity, std::string name,
                                                             Role needed) {
  // Membership first, then existence, then the role: the answer to a stranger never depends on what exists.
  CO_TRY_VOID(require(who, entity, Role::viewer));
  drop_when_old();
  Known known;
  if (const auto found = by_name_.find(entity + "/" + name); found != by_name_.end()) {
    known = found->second;
  } else {
    CO_TRY(const auto owner, co_await store_.find_entity(entity));
    if (!owner) co_return absent("entity", entity);
    CO_TRY(auto row, co_await store_.find_queue(owner->id, name));
    if (!row) {
      CO_TRY_VOID(co_await explain_absence(owner->id, entity, name));
      co_return absent("queue", name);
    }
    CO_TRY(known, remember(*std::move(row)));
  }
  if (!may_see(who, known->row)) co_return absent("queue", name);
  CO_TRY_VOID(require(who, entity, needed));
  co_return known;
}

Task<std::shared_ptr<const KnownQueue>> QueueDirectory::get(Id id) {
  drop_when_old();
  if (const auto found = by_id_.find(id); found != by_id_.end()) co_return found->second;
  CO_TRY(auto row, co_await store_.get_queue(id));
  if (!row) co_return absent("queue", std::to_string(id));
  co_return remember(*std::move(row));
}

Task<std::shared_ptr<const KnownQueue>> QueueDirectory::get(Principal who, Id id, Role needed) {
  if (who.user.id == 0) co_return require(who, "", needed).error();
  CO_TRY(Known known, co_await get(id));
  if (!may_see(who, known->row)) co_return absent("queue", std::to_string(id));
  CO_TRY_VOID(require(who, known->row.entity_name, needed));
  co_return known;
}

}  // namespace slipway::server
