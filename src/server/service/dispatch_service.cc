// The long poll. Reports and the W&B agents' calls: dispatch_reports.cc.
#include "server/service/dispatch_service.h"

#include <algorithm>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include "server/service/changes.h"

namespace slipway::server {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::int64_t kMaxSlots = 10'000;
constexpr std::size_t kMaxHeld = 100'000;

Result<> check_call(const LeaseCall& call) {
  if (call.incarnation.empty() || call.incarnation.size() > 128) {
    return Error(Code::invalid_argument, "leasing: 'incarnation' must have 1 to 128 characters");
  }
  if (call.slots < 0 || call.slots > kMaxSlots) {
    return Error(Code::invalid_argument,
                 fmt::format("leasing: 'slots' is {}; it must be from 0 to {}", call.slots, kMaxSlots));
  }
  if (call.held.size() > kMaxHeld)
    return Error(Code::invalid_argument, fmt::format("leasing: 'held' has more than {} items", kMaxHeld));
  return {};
}

LeaseRequest lease_request(const LeaseCall& call, const Agent& agent) {
  const bool takes_work = agent.desire == AgentDesire::run;
  return {.agent = call.agent,
          .incarnation = call.incarnation,
          .queues = agent.queues,
          .slots = takes_work ? static_cast<int>(call.slots) : 0,
          .scopes = call.scopes};
}

asio::awaitable<bool> is_cancelled() {
  const auto state = co_await asio::this_coro::cancellation_state;
  co_return state.cancelled() != asio::cancellation_type::none;
}

}  // namespace

DispatchService::DispatchService(asio::any_io_executor executor, Store& store, QueueDirectory& directory, Live& live)
    : store_(store), directory_(directory), live_(live), waiters_(std::move(executor)) {}

void DispatchService::agent_changed(Id agent) {
  const auto found = sessions_.find(agent);
  if (found == sessions_.end()) return;
  found->second.known = false;
  if (found->second.parked) waiters_.wake(*found->second.parked);
}

std::optional<AgentLoad> DispatchService::load(Id agent) const {
  const auto found = sessions_.find(agent);
  if (found == sessions_.end() || found->second.incarnation.empty()) return std::nullopt;
  return found->second.load;
}

void DispatchService::close() {
  closed_ = true;
  waiters_.wake_everybody();
}

Task<> DispatchService::refresh(Principal who, Id agent) {
  if (!sessions_[agent].known) {
    CO_TRY(auto row, co_await store_.get_agent(agent));
    if (!row) {
      sessions_.erase(agent);
      co_return absent("agent", std::to_string(agent));
    }
    Session& session = sessions_[agent];
    session.agent = *std::move(row);
    session.known = true;
  }
  const Agent& row = sessions_[agent].agent;
  if (!role_in(who, row.entity_name)) co_return absent("agent", std::to_string(agent));
  co_return require(who, row.entity_name, Role::agent);
}

Result<bool> DispatchService::enter(const LeaseCall& call) {
  Session& session = sessions_[call.agent];
  if (session.agent.incarnation != call.incarnation) {
    return Error(Code::stale,
                 fmt::format("agent '{}' has been started anew: this process is superseded", session.agent.name))
        .hint("Stop this agent process; its jobs go on under the new one.");
  }
  if (session.incarnation != call.incarnation) {
    session.incarnation = call.incarnation;
    session.sequence = -1;
    session.told = AgentDesire::run;
    session.may_hold = true;
  }
  if (call.sequence < session.sequence) return false;
  session.sequence = call.sequence;
  session.load = {.held = static_cast<std::int64_t>(call.held.size()), .slots = call.slots};
  if (session.parked) {
    session.parked->superseded = true;
    waiters_.wake(*session.parked);
    session.parked.reset();
  }
  return true;
}

Task<LeaseAnswer> DispatchService::lease(Principal who, LeaseCall call) {
  CO_TRY_VOID(check_call(call));
  CO_TRY_VOID(co_await refresh(who, call.agent));
  CO_TRY(const bool current, enter(call));
  store_.touch(call.agent);
  if (!current) co_return co_await answer(call.agent, {}, {});
  co_return co_await listen(std::move(who), std::move(call));
}

Task<LeaseAnswer> DispatchService::listen(Principal who, LeaseCall call) {
  std::vector<Lease> leases;
  std::vector<ItemDirective> directives;
  CO_TRY(const Millis ttl, co_await lease_ttl(sessions_[call.agent].agent.queues));
  // What the agent holds has to be renewed in time whatever it asks for.
  auto wait = call.wait;
  if (!call.held.empty()) wait = std::min<Steady::duration>(wait, ttl / 3);
  const auto deadline = Steady::now() + wait;
  for (;;) {
    CO_TRY_VOID(co_await refresh(who, call.agent));
    if (sessions_[call.agent].agent.incarnation != call.incarnation) {
      co_return Error(Code::stale, "this agent has been started anew: this process is superseded");
    }
    CO_TRY(directives, co_await renew(call));
    const Session& session = sessions_[call.agent];
    if (closed_ || !directives.empty() || session.told != session.agent.desire || session.sequence != call.sequence)
      break;
    const LeaseRequest request = lease_request(call, session.agent);
    const std::uint64_t generation = waiters_.generation(request.queues);
    // An agent that pauses, drains or stops takes nothing over either.
    if (session.agent.desire == AgentDesire::run) {
      CO_TRY(leases, co_await take(request));
    }
    const bool over = Steady::now() >= deadline;
    if (closed_ || !leases.empty() || over || sessions_[call.agent].sequence != call.sequence) break;
    if (!sessions_[call.agent].known || waiters_.generation(request.queues) != generation) continue;
    CO_TRY(leases, co_await park(request, deadline));
    if (!leases.empty() || Steady::now() >= deadline) break;
  }
  co_return co_await answer(call.agent, std::move(leases), std::move(directives));
}

Task<std::vector<ItemDirective>> DispatchService::renew(const LeaseCall& call) {
  if (call.held.empty() && !sessions_[call.agent].may_hold) co_return std::vector<ItemDirective>();
  sessions_[call.agent].may_hold = !call.held.empty();
  co_return co_await store_.renew(call.agent, call.incarnation, call.held);
}

Task<std::vector<Lease>> DispatchService::take(LeaseRequest request) {
  const auto slots = static_cast<std::size_t>(request.slots);
  CO_TRY(auto leases, co_await store_.lease(std::move(request)));
  announce(leases);
  // This call may have left something that the next one can take.
  if (!leases.empty() && leases.size() >= slots) {
    for (const auto& lease : leases) waiters_.wake_one(lease.item.queue);
  }
  co_return leases;
}

Task<std::vector<Lease>> DispatchService::park(LeaseRequest request, Steady::time_point deadline) {
  const Id agent = request.agent;
  auto parked = waiters_.park(std::move(request));
  sessions_[agent].parked = parked;
  struct Leave {
    DispatchService& service;
    std::shared_ptr<Parked> parked;
    ~Leave() {
      service.waiters_.leave(parked);
      auto& current = service.sessions_[parked->request.agent].parked;
      if (current == parked) current.reset();
    }
  } leave{*this, parked};
  while (!parked->woken || parked->offered) {
    parked->timer.expires_at(parked->offered ? Steady::time_point::max() : deadline);
    co_await parked->timer.async_wait(asio::as_tuple(asio::use_awaitable));
    const bool cancelled = co_await is_cancelled();
    if (cancelled) break;
    if (!parked->offered && Steady::now() >= deadline) break;
  }
  const bool cancelled = co_await is_cancelled();
  if (!cancelled && !parked->superseded) co_return std::move(parked->granted);
  if (!parked->granted.empty()) {
    CO_TRY_VOID(co_await give_back(std::move(parked->granted)));
  }
  if (cancelled) co_return Error(Code::cancelled, "the agent has hung up");
  co_return std::vector<Lease>();
}

Task<LeaseAnswer> DispatchService::answer(Id agent, std::vector<Lease> leases, std::vector<ItemDirective> directives) {
  CO_TRY(const Millis ttl, co_await lease_ttl(sessions_[agent].agent.queues));
  Session& session = sessions_[agent];
  session.told = session.agent.desire;
  session.load.held += static_cast<std::int64_t>(leases.size());
  session.load.slots = std::max<std::int64_t>(0, session.load.slots - static_cast<std::int64_t>(leases.size()));
  if (!leases.empty() || !directives.empty()) session.may_hold = true;
  LeaseAnswer said;
  said.leases = std::move(leases);
  said.directives = std::move(directives);
  said.desire = session.agent.desire;
  said.lease_ttl = ttl;
  co_return said;
}

Task<Millis> DispatchService::lease_ttl(std::vector<Id> queues) {
  Millis shortest{60'000};
  for (const Id queue : queues) {
    auto known = co_await directory_.get(queue);
    if (known) shortest = std::min(shortest, (*known)->row.lease_ttl);
  }
  co_return shortest;
}

Task<std::vector<Item>> DispatchService::push(std::vector<PushItem> items, Cause cause) {
  const Id queue = items.front().queue;
  const std::size_t count = items.size();
  auto parked = waiters_.reserve(queue);
  // However this ends, the parked call must not wait for it for ever.
  struct Reservation {
    Waiters& waiters;
    std::shared_ptr<Parked> parked;
    ~Reservation() {
      if (parked) waiters.deliver(parked, {});
    }
  } reservation{waiters_, parked};
  std::optional<LeaseRequest> offer;
  if (parked) offer = parked->request;
  CO_TRY(auto outcome, co_await store_.push(std::move(items), std::move(offer), std::move(cause)));
  for (const auto& item : outcome.items) publish_item(live_, item);
  announce(outcome.leases);
  const std::size_t taken = outcome.leases.size();
  bool heard = false;
  if (parked) {
    reservation.parked.reset();
    auto leases = outcome.leases;
    heard = waiters_.deliver(parked, std::move(leases));
  }
  if (!heard && taken > 0) {
    CO_TRY_VOID(co_await give_back(std::move(outcome.leases)));
  } else if (taken < count) {
    waiters_.wake_one(queue);
  }
  co_return std::move(outcome.items);
}

void DispatchService::announce(const std::vector<Lease>& leases) {
  std::optional<UnixMillis> next;
  for (const auto& lease : leases) {
    publish_item(live_, lease.item);
    if (const auto found = sessions_.find(lease.item.agent); found != sessions_.end()) found->second.may_hold = true;
    const auto ends = lease.item.lease_expires_at;
    if (ends && (!next || *ends < *next)) next = ends;
  }
  if (next && on_grant) on_grant(*next);
}

Task<> DispatchService::give_back(std::vector<Lease> leases) {
  co_await tolerate_cancellation();
  for (const auto& lease : leases) {
    Cause cause{"server", "the agent hung up before it heard of it"};
    auto released = co_await store_.release(lease.item.id, lease.item.epoch, std::move(cause));
    // Stale: the lease has moved on by itself.
    if (!released && released.error().code() != Code::stale) co_return released;
    waiters_.wake_one(lease.item.queue);
  }
  co_return Result<>();
}

}  // namespace slipway::server
