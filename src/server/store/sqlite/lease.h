// Granting leases: shared by lease, push with an offer, and the W&B pop. On the writer's thread.
#pragma once
#include <unordered_map>

#include "server/store/sqlite/item_rows.h"

namespace slipway::server::sqlite {

/// The queue that each agent was served from last: the next round starts behind it. Kept in memory, because only fairness depends on it.
using Turns = std::unordered_map<Id, Id>;

enum class Protocol { epoch, wire };

struct Holder {
  Id agent = 0;  ///< 0: a W&B pop without an agent.
  std::string name;
};

/// not_found for an unknown agent, stale when a newer incarnation has registered.
Result<Holder> current_holder(Connection& db, Id agent, const std::string& incarnation);
/// Takeovers first, then waiting items; one item per queue per round.
Result<std::vector<LeaseRow>> grant_leases(const Tx& tx, const LeaseRequest& request, Turns& turns);
/// The next waiting items of a queue in the order in which they are leased.
Result<std::vector<Id>> next_waiting(Connection& db, Id queue, bool prioritized, int count);
Result<LeaseRow> grant(const Tx& tx, Id item, const Holder& holder, Protocol protocol);

}  // namespace slipway::server::sqlite
