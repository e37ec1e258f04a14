#include "server/store/sqlite/lease.h"

#include <algorithm>
#include <deque>

#include <fmt/format.h>

#include "server/store/sqlite/sqlite_store.h"
#include "server/store/sqlite/transitions.h"

namespace slipway::server::sqlite {
namespace {

/// In one answer; the rest comes with the next call.
constexpr std::size_t kMostTakeovers = 1'000;

/// A queue of the request with what it can give.
struct Source {
  Id queue = 0;
  QueueState state = QueueState::active;
  bool prioritized = false;
  bool deleting = false;
  std::deque<Id> candidates;
};

Result<std::vector<Source>> load_sources(Connection& db, const LeaseRequest& request, const Turns& turns) {
  std::vector<Source> sources;
  for (const Id id : request.queues) {
    if (std::ranges::find(sources, id, &Source::queue) != sources.end()) continue;
    TRY(auto rows, db.query("SELECT state, prioritized, deleting FROM queues WHERE id = ? AND deleted_at IS NULL", id));
    TRY(const bool found, rows.next());
    if (!found) continue;
    auto& source = sources.emplace_back();
    source.queue = id;
    rows.read(source.state, source.prioritized, source.deleting);
  }
  const auto last = turns.find(request.agent);
  if (last == turns.end()) return sources;
  const auto served = std::ranges::find(sources, last->second, &Source::queue);
  if (served != sources.end()) std::rotate(sources.begin(), served + 1, sources.end());
  return sources;
}

Result<std::vector<Id>> read_ids(Result<Rows> query) {
  TRY(auto rows, std::move(query));
  std::vector<Id> ids;
  Id id = 0;
  TRY_VOID(rows.each([&] {
    rows.read(id);
    ids.push_back(id);
  }));
  return ids;
}

/// What was submitted to a backend that this agent reaches.
Result<std::vector<Id>> takeovers_of(Connection& db, Id queue, const std::vector<std::string>& scopes) {
  JsonArray reached;
  for (const auto& scope : scopes) reached.push_back(text_value(scope));
  return read_ids(
      db.query("SELECT id FROM items INDEXED BY items_for_takeover WHERE queue = ?1 AND takeover = 1"
               " AND (scope = '' OR scope IN (SELECT value FROM json_each(?2))) ORDER BY id LIMIT ?3",
               queue, to_text(reached), kMostTakeovers));
}

/// One from each source per round, until `out` has `limit` leases or nothing is left.
Result<> deal(const Tx& tx, const Holder& holder, std::vector<Source>& sources, std::size_t limit, Turns& turns,
              std::vector<LeaseRow>& out) {
  bool dealt = true;
  while (dealt && out.size() < limit) {
    dealt = false;
    for (auto& source : sources) {
      if (out.size() == limit) break;
      if (source.candidates.empty()) continue;
      TRY(auto lease, grant(tx, source.candidates.front(), holder, Protocol::epoch));
      source.candidates.pop_front();
      out.push_back(std::move(lease));
      turns[holder.agent] = source.queue;
      dealt = true;
    }
  }
  return Result<>();
}

}  // namespace

Result<Holder> current_holder(Connection& db, Id agent, const std::string& incarnation) {
  TRY(auto rows, db.query("SELECT name, incarnation FROM agents WHERE id = ?", agent));
  TRY(const bool found, rows.next());
  if (!found) return Error(Code::not_found, fmt::format("there is no agent {}", agent));
  Holder holder{.agent = agent};
  std::string current;
  rows.read(holder.name, current);
  if (current != incarnation) {
    return Error(Code::stale, fmt::format("agent {} has been started again; this process is superseded", holder.name))
        .hint("Two agents share one identity. Give each its own state directory.");
  }
  return holder;
}

Result<std::vector<Id>> next_waiting(Connection& db, Id queue, bool prioritized, int count) {
  if (prioritized) {
    return read_ids(db.query(
        "SELECT id FROM items INDEXED BY items_waiting WHERE queue = ?1 AND state = 0 ORDER BY priority, id LIMIT ?2",
        queue, count));
  }
  // Without prioritisation the oldest item of all priorities comes first. The index is ordered by priority, so its few priorities are
  // merged: one look-up for each, however long the queue is and whenever prioritisation was switched.
  return read_ids(
      db.query("SELECT id FROM (SELECT id FROM items INDEXED BY items_waiting WHERE queue = ?1 AND state = 0 AND "
               "priority = 0 ORDER BY id LIMIT ?2)"
               " UNION ALL SELECT id FROM (SELECT id FROM items INDEXED BY items_waiting WHERE queue = ?1 AND state = "
               "0 AND priority = 1 ORDER BY id LIMIT ?2)"
               " UNION ALL SELECT id FROM (SELECT id FROM items INDEXED BY items_waiting WHERE queue = ?1 AND state = "
               "0 AND priority = 2 ORDER BY id LIMIT ?2)"
               " UNION ALL SELECT id FROM (SELECT id FROM items INDEXED BY items_waiting WHERE queue = ?1 AND state = "
               "0 AND priority = 3 ORDER BY id LIMIT ?2)"
               " ORDER BY id LIMIT ?2",
               queue, count));
}

Result<LeaseRow> grant(const Tx& tx, Id id, const Holder& holder, Protocol protocol) {
  TRY(auto row, must_load_item(tx.db, id));
  LeaseRow lease{.takeover = row.takeover};
  const ItemState from = row.item.state;
  row.item.state = row.takeover ? from : ItemState::leased;
  row.item.agent = holder.agent;
  row.item.agent_name = holder.name;
  row.item.leased_at = tx.now;
  row.item.unreachable_since.reset();
  row.wire = protocol == Protocol::wire;
  row.takeover = false;
  row.item.lease_expires_at = lease_end(tx, row, row.item.state);
  const auto agent = holder.agent == 0 ? std::optional<Id>() : holder.agent;
  TRY(const auto changed,
      tx.db.run("UPDATE items SET state = ?, agent = ?, epoch = epoch + 1, deliveries = deliveries + 1, leased_at = ?,"
                " lease_expires_at = ?, takeover = 0, wire = ?, unreachable_since = NULL WHERE id = ? AND epoch = ? "
                "AND state = ?",
                row.item.state, agent, tx.now, row.item.lease_expires_at, row.wire, id, row.item.epoch, from));
  if (changed != 1) return Error(Code::stale, fmt::format("item {} has moved on", id));
  ++row.item.epoch;
  ++row.item.deliveries;
  const std::string actor = "agent:" + holder.name;
  const Cause cause{actor, lease.takeover ? "taken over" : "leased"};
  TRY_VOID(add_event(tx, id, row.item.attempt, from, row.item.state, cause));
  TRY(auto payload, load_payload(tx.db, id));
  if (payload) lease.payload = *std::move(payload);
  lease.row = std::move(row);
  return lease;
}

Result<std::vector<LeaseRow>> grant_leases(const Tx& tx, const LeaseRequest& request, Turns& turns) {
  TRY(const auto holder, current_holder(tx.db, request.agent, request.incarnation));
  TRY(auto sources, load_sources(tx.db, request, turns));
  const auto slots = static_cast<std::size_t>(std::max(request.slots, 0));
  std::vector<LeaseRow> leases;
  for (auto& source : sources) {
    TRY(const auto ids, takeovers_of(tx.db, source.queue, request.scopes));
    source.candidates.assign(ids.begin(), ids.end());
  }
  TRY_VOID(deal(tx, holder, sources, kMostTakeovers, turns, leases));
  const std::size_t limit = leases.size() + slots;
  for (auto& source : sources) {
    source.candidates.clear();
    if (slots == 0 || source.state == QueueState::paused || source.deleting) continue;
    TRY(const auto ids, next_waiting(tx.db, source.queue, source.prioritized, static_cast<int>(slots)));
    source.candidates.assign(ids.begin(), ids.end());
  }
  TRY_VOID(deal(tx, holder, sources, limit, turns, leases));
  return leases;
}

Task<std::vector<Lease>> SqliteStore::lease(LeaseRequest request) {
  const Id agent = request.agent;
  auto work = [this, request = std::move(request)](Connection& db) { return grant_leases(tx(db), request, turns_); };
  auto granted = co_await database_->write(std::move(work));
  CO_TRY(auto rows, std::move(granted));
  touch(agent);
  std::vector<Lease> leases;
  leases.reserve(rows.size());
  for (auto& row : rows) leases.push_back(parse_lease(std::move(row)));
  co_return leases;
}

}  // namespace slipway::server::sqlite
