// Items as rows: reading, guarded writing, events, and the run that belongs to an item. All inside a writer's transaction.
#pragma once
#include "server/store/sqlite/tx.h"

namespace slipway::server::sqlite {

using launch::ItemState;

/// One row of `items` with what decisions need of its queue. `item.agent` is the last holder here, also without a lease.
struct ItemRow {
  Item item;
  int preemptions = 0;
  bool submitted = false;  ///< A backend object of this attempt may exist.
  bool takeover = false;   ///< Offered for takeover.
  bool wire = false;       ///< Popped by a W&B agent.
  std::optional<Id> run;
  Millis lease_ttl{0};
  int max_deliveries = 0;
  Millis lost_after{0};
  bool queue_deleting = false;

  bool held() const { return item.lease_expires_at.has_value(); }
  /// It was submitted, or may have been, and no agent holds it.
  bool out_of_reach() const { return !held() && item.unreachable_since.has_value(); }
};

/// Documents as stored text: parsed on the caller's thread, not on the writer's.
struct PayloadText {
  std::string spec, submitted;
  std::optional<std::string> intent, backend, request;
  std::string image, warnings;
  std::optional<std::string> file_paths;
};

struct LeaseRow {
  ItemRow row;
  PayloadText payload;
  bool takeover = false;
};

/// As the contract shows it: `agent` only while the lease is held.
Item public_item(const ItemRow& row);
ItemPayload parse_payload(const PayloadText& text);
Lease parse_lease(LeaseRow row);

/// SELECT … FROM of every ItemRow; append WHERE (aliases: i item, q queue, e entity, a agent).
extern const std::string kSelectItem;
void read_item(Rows& rows, ItemRow& out);

Result<std::optional<ItemRow>> load_item(Connection& db, Id id);
/// not_found when there is none.
Result<ItemRow> must_load_item(Connection& db, Id id);
Result<std::optional<PayloadText>> load_payload(Connection& db, Id item);
/// Writes every member that changes during an item's life but the epoch and the priority. stale: the row is no longer in the state and epoch in which it was read.
Result<> save_item(const Tx& tx, const ItemRow& row, ItemState was);

/// Nothing as state: before the push, after the removal.
Result<> add_event(const Tx& tx, Id item, int attempt, std::optional<ItemState> from, std::optional<ItemState> to,
                   const Cause& cause);
/// A line of history without a change of state.
Result<> add_note(const Tx& tx, const ItemRow& row, const Cause& cause);
/// The run follows its item.
Result<> update_run(const Tx& tx, const ItemRow& row);
/// For the processes that ask about their run (`stopped` of the protocol).
Result<> ask_run_to_stop(const Tx& tx, const ItemRow& row);

}  // namespace slipway::server::sqlite
