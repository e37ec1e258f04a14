// The moves of an item. Each saves the row, writes its event and updates the run in the caller's transaction (I5).
#pragma once
#include "server/store/sqlite/item_rows.h"

namespace slipway::server::sqlite {

/// Preemptions that put an item back; the next one fails it.
inline constexpr int kPreemptionBudget = 5;
/// Terms of the queue's lease_ttl that an acknowledged item of a W&B agent stays its own without a sign of life.
inline constexpr int kWireLeaseTerms = 5;

/// The row's state and times become `to`; everything else of the row must be set already. Ends the queue that only waited for this item.
Result<> move_item(const Tx& tx, ItemRow& row, ItemState to, const Cause& cause);
/// Back to its place before anything was submitted; STOPPED when somebody asked for that meanwhile.
Result<> put_back(const Tx& tx, ItemRow& row, const Cause& cause);
/// PREEMPTED, and from there PENDING with attempt + 1, or FAILED when the budget is used up, or STOPPED when somebody asked for that.
Result<> preempt(const Tx& tx, ItemRow& row, const Cause& cause);
/// PENDING at its old place as a new attempt: nothing of the last attempt is left but its events.
Result<> start_attempt(const Tx& tx, ItemRow& row, const Cause& cause);
/// FAILED, dead_letter, with the names of the last agents that had it.
Result<> dead_letter(const Tx& tx, ItemRow& row);
/// FAILED, node_lost: nobody has reached it for longer than its queue waits.
Result<> give_up_lost(const Tx& tx, ItemRow& row);
/// What happens to a lease that is given up by time or by its holder: back, taken over, or dead-lettered.
Result<> lose_lease(const Tx& tx, ItemRow& row, const Cause& cause);

/// When a lease of `row` in `state` ends that begins or is renewed now: the queue's ttl, several of them for an acknowledged item of a W&B agent.
UnixMillis lease_end(const Tx& tx, const ItemRow& row, ItemState state);

}  // namespace slipway::server::sqlite
