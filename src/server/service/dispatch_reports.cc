// What agents say about items that they hold, and the pop, acknowledge, fail and warn of W&B agents (protocol 1.4).
#include <fmt/format.h>

#include "server/service/changes.h"
#include "server/service/dispatch_service.h"

namespace slipway::server {
namespace {

constexpr std::size_t kMaxText = 64 << 10;

Cause by_agent(const Principal& who, const Item& item, std::string reason) {
  return {item.agent_name.empty() ? "user:" + who.user.name : "agent:" + item.agent_name, std::move(reason)};
}

std::string standard_reason(launch::ItemState state) {
  switch (state) {
    case launch::ItemState::claimed:
      return "the agent prepares the job";
    case launch::ItemState::starting:
      return "the agent submits the job";
    case launch::ItemState::running:
      return "the job runs";
    case launch::ItemState::preempted:
      return "the backend took the job away";
    case launch::ItemState::finished:
      return "the job ended well";
    case launch::ItemState::failed:
      return "the job failed";
    case launch::ItemState::stopped:
      return "the job was stopped";
    default:
      return fmt::format("the agent reports {}", launch::state_name(state));
  }
}

Result<> check_texts(const ItemReport& report) {
  const auto too_long = [](const std::optional<std::string>& text) { return text && text->size() > kMaxText; };
  if (too_long(report.message) || too_long(report.stage) || too_long(report.image) || too_long(report.failure_class)) {
    return Error(Code::invalid_argument, fmt::format("reporting: a text is longer than {} bytes", kMaxText));
  }
  return {};
}

}  // namespace

Task<Item> DispatchService::held_item(Principal who, Id item) {
  if (who.user.id == 0) co_return require(who, "", Role::agent).error();
  CO_TRY(auto row, co_await store_.get(item));
  if (!row || !role_in(who, row->queue_entity)) co_return absent("item", std::to_string(item));
  CO_TRY_VOID(require(who, row->queue_entity, Role::agent));
  co_return *std::move(row);
}

Task<Item> DispatchService::report(Principal who, Id item, std::int64_t epoch, ItemReport report, std::string reason) {
  CO_TRY_VOID(check_texts(report));
  CO_TRY(const Item before, co_await held_item(who, item));
  if (reason.empty()) {
    if (report.state) reason = standard_reason(*report.state);
    if (report.state && report.message && launch::is_terminal(*report.state)) reason = *report.message;
  }
  store_.touch(before.agent);
  CO_TRY(auto after, co_await store_.report(item, epoch, std::move(report), by_agent(who, before, std::move(reason))));
  publish_item(live_, after);
  if (after.state == launch::ItemState::pending) waiters_.wake_one(after.queue);
  co_return after;
}

Task<> DispatchService::release(Principal who, Id item, std::int64_t epoch, std::string reason) {
  CO_TRY(const Item before, co_await held_item(who, item));
  CO_TRY_VOID(co_await store_.release(item, epoch, by_agent(who, before, std::move(reason))));
  CO_TRY(const auto after, co_await store_.get(item));
  if (after) publish_item(live_, *after);
  waiters_.wake_one(before.queue);
  co_return Result<>();
}

Task<std::optional<Lease>> DispatchService::pop(Principal who, std::string entity, std::string queue,
                                                std::optional<Id> agent) {
  CO_TRY(const auto known, co_await directory_.find(who, std::move(entity), std::move(queue), Role::agent));
  if (agent) {
    CO_TRY_VOID(co_await refresh(who, *agent));
    store_.touch(*agent);
    if (sessions_[*agent].agent.desire != AgentDesire::run) co_return std::optional<Lease>();
  }
  CO_TRY(auto lease, co_await store_.pop(known->row.id, agent));
  if (lease) {
    publish_item(live_, lease->item);
    if (on_grant && lease->item.lease_expires_at) on_grant(*lease->item.lease_expires_at);
  }
  co_return lease;
}

Task<bool> DispatchService::acknowledge(Principal who, Id item, std::string run_name) {
  CO_TRY(const Item before, co_await held_item(who, item));
  store_.touch(before.agent);
  CO_TRY(const bool done, co_await store_.acknowledge(item, std::move(run_name),
                                                      by_agent(who, before, "the agent has acknowledged it")));
  CO_TRY(const auto after, co_await store_.get(item));
  if (after) publish_item(live_, *after);
  co_return done;
}

Task<bool> DispatchService::fail(Principal who, Id item, std::string message, std::string stage, Json file_paths) {
  CO_TRY(const Item before, co_await held_item(who, item));
  store_.touch(before.agent);
  Cause cause = by_agent(who, before, message.empty() ? "the agent reports a failure" : message);
  CO_TRY(const bool done,
         co_await store_.fail(item, std::move(message), std::move(stage), std::move(file_paths), std::move(cause)));
  CO_TRY(const auto after, co_await store_.get(item));
  if (after) publish_item(live_, *after);
  co_return done;
}

Task<bool> DispatchService::warn(Principal who, Id item, Json warning) {
  CO_TRY(const Item before, co_await held_item(who, item));
  store_.touch(before.agent);
  CO_TRY(const bool done, co_await store_.warn(item, std::move(warning)));
  if (done) publish_item(live_, before);
  co_return done;
}

}  // namespace slipway::server
