#include "server/store/sqlite/transitions.h"

#include <vector>

#include <fmt/format.h>

#include "base/strings.h"

namespace slipway::server::sqlite {
namespace {

constexpr int kNamedAgents = 10;

void clear_lease(ItemRow& row) {
  row.item.lease_expires_at.reset();
  row.takeover = false;
}

void set_times(const Tx& tx, Item& item) {
  const bool started = item.state == ItemState::starting || item.state == ItemState::running;
  if (started && !item.started_at) item.started_at = tx.now;
  if (item.state == ItemState::running && !item.running_at) item.running_at = tx.now;
  if (launch::is_terminal(item.state)) item.finished_at = tx.now;
}

/// A queue that was deleted by force goes when its last item has ended.
Result<> end_deleted_queue(const Tx& tx, const ItemRow& row) {
  if (!row.queue_deleting) return Result<>();
  TRY_VOID(
      tx.db.run("UPDATE queues SET deleted_at = ? WHERE id = ? AND deleting = 1 AND deleted_at IS NULL"
                " AND NOT EXISTS (SELECT 1 FROM items WHERE queue = queues.id AND state BETWEEN 1 AND 5)",
                tx.now, row.item.queue));
  return Result<>();
}

/// "agent:host-1" of the last deliveries, the oldest first.
Result<std::vector<std::string>> last_agents(Connection& db, Id item) {
  std::vector<std::string> names;
  std::string actor;
  TRY(auto rows, db.query("SELECT actor FROM item_events WHERE item = ? AND reason IN ('leased', 'taken over')"
                          " ORDER BY id DESC LIMIT ?",
                          item, kNamedAgents));
  TRY_VOID(rows.each([&] {
    rows.read(actor);
    names.insert(names.begin(), actor.starts_with("agent:") ? actor.substr(6) : actor);
  }));
  return names;
}

}  // namespace

UnixMillis lease_end(const Tx& tx, const ItemRow& row, ItemState state) {
  const bool acknowledged = row.wire && state != ItemState::leased;
  return tx.now + row.lease_ttl.count() * (acknowledged ? kWireLeaseTerms : 1);
}

Result<> move_item(const Tx& tx, ItemRow& row, ItemState to, const Cause& cause) {
  const ItemState from = row.item.state;
  row.item.state = to;
  set_times(tx, row.item);
  if (launch::may_be_submitted(to)) row.submitted = true;
  if (launch::is_terminal(to)) {
    clear_lease(row);
    row.item.unreachable_since.reset();
  }
  TRY_VOID(save_item(tx, row, from));
  TRY_VOID(add_event(tx, row.item.id, row.item.attempt, from, to, cause));
  TRY_VOID(update_run(tx, row));
  return launch::is_terminal(to) ? end_deleted_queue(tx, row) : Result<>();
}

Result<> put_back(const Tx& tx, ItemRow& row, const Cause& cause) {
  if (row.item.cancel_requested) return move_item(tx, row, ItemState::stopped, cause);
  clear_lease(row);
  row.wire = false;
  row.item.agent = 0;
  row.item.agent_name.clear();
  row.item.stage.clear();
  row.item.leased_at.reset();
  row.item.unreachable_since.reset();
  return move_item(tx, row, ItemState::pending, cause);
}

Result<> start_attempt(const Tx& tx, ItemRow& row, const Cause& cause) {
  Item& item = row.item;
  ++item.attempt;
  item.deliveries = 0;
  row.submitted = false;
  item.started_at.reset();
  item.running_at.reset();
  item.finished_at.reset();
  item.exit_code.reset();
  item.failure_class.clear();
  item.message.clear();
  item.scope.clear();
  TRY_VOID(
      tx.db.run("UPDATE item_payloads SET intent = NULL, backend = NULL, request = NULL, image = '', file_paths = NULL"
                " WHERE item = ?",
                item.id));
  return put_back(tx, row, cause);
}

Result<> preempt(const Tx& tx, ItemRow& row, const Cause& cause) {
  clear_lease(row);
  TRY_VOID(move_item(tx, row, ItemState::preempted, cause));
  if (row.item.cancel_requested) return move_item(tx, row, ItemState::stopped, Cause{"server", "cancel was asked for"});
  if (row.preemptions >= kPreemptionBudget) {
    row.item.failure_class = launch::failure::preemption;
    row.item.message = fmt::format("preempted {} times, more often than the budget of {} allows", row.preemptions + 1,
                                   kPreemptionBudget);
    return move_item(tx, row, ItemState::failed, Cause{"server", row.item.message});
  }
  ++row.preemptions;
  return start_attempt(
      tx, row,
      Cause{"server", fmt::format("runs again after preemption {} of {}", row.preemptions, kPreemptionBudget)});
}

Result<> dead_letter(const Tx& tx, ItemRow& row) {
  TRY(const auto agents, last_agents(tx.db, row.item.id));
  row.item.failure_class = launch::failure::dead_letter;
  row.item.message = fmt::format("given up after {} deliveries; every agent that had it dropped it. The last were: {}",
                                 row.item.deliveries, join(agents, ", "));
  return move_item(tx, row, ItemState::failed, Cause{"server", row.item.message});
}

Result<> give_up_lost(const Tx& tx, ItemRow& row) {
  row.item.failure_class = launch::failure::node_lost;
  row.item.message = fmt::format(
      "agent '{}' and the machine of the job have not been heard of for {}; the queue waits {}. The job may still run "
      "there.",
      row.item.agent_name, human_duration(tx.now - row.item.unreachable_since.value_or(tx.now)),
      human_duration(row.lost_after.count()));
  return move_item(tx, row, ItemState::failed, Cause{"server", row.item.message});
}

Result<> lose_lease(const Tx& tx, ItemRow& row, const Cause& cause) {
  const bool acknowledged = row.wire && row.item.state != ItemState::leased;
  if (acknowledged) {
    clear_lease(row);
    row.item.unreachable_since = tx.now;
    TRY_VOID(save_item(tx, row, row.item.state));
    return add_note(tx, row, cause);
  }
  const bool exhausted = row.item.deliveries >= row.max_deliveries;
  if (exhausted && (row.submitted || !row.item.cancel_requested)) return dead_letter(tx, row);
  if (!row.submitted) return put_back(tx, row, cause);
  clear_lease(row);
  row.takeover = true;
  if (!row.item.unreachable_since) row.item.unreachable_since = tx.now;
  TRY_VOID(save_item(tx, row, row.item.state));
  return add_note(tx, row, Cause{cause.actor, cause.reason + "; offered for takeover"});
}

}  // namespace slipway::server::sqlite
