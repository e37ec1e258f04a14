#include "server/store/sqlite/queue_rows.h"

#include <fmt/format.h>

namespace slipway::server::sqlite {
namespace {

const std::string kSelectQueue =
    "SELECT q.id, q.entity, e.name, q.name, q.resource, q.access, q.prioritized, q.state, q.config, "
    "q.template_variables,"
    " q.external_links, q.policy, q.created_by, q.created_at, q.updated_at, q.lease_ttl, q.max_deliveries, q.lost_after"
    " FROM queues q JOIN entities e ON e.id = q.entity WHERE q.deleted_at IS NULL AND ";

Queue read_queue(Rows& rows) {
  Queue queue;
  std::string config, variables, links, policy;
  std::int64_t ttl = 0;
  std::int64_t lost_after = 0;
  rows.read(queue.id, queue.entity, queue.entity_name, queue.name, queue.resource, queue.access, queue.prioritized,
            queue.state, config, variables, links, policy, queue.created_by, queue.created_at, queue.updated_at, ttl,
            queue.max_deliveries, lost_after);
  queue.config = document(config);
  queue.template_variables = document(variables);
  queue.external_links = document(links);
  queue.policy = document(policy);
  queue.lease_ttl = Millis(ttl);
  queue.lost_after = Millis(lost_after);
  return queue;
}

Result<std::optional<Queue>> first_queue(Result<Rows> query) {
  TRY(auto rows, std::move(query));
  TRY(const bool found, rows.next());
  std::optional<Queue> queue;
  if (found) queue = read_queue(rows);
  return queue;
}

}  // namespace

Result<std::optional<Queue>> load_queue(Connection& db, Id id) {
  static const std::string sql = kSelectQueue + "q.id = ?";
  return first_queue(db.query(sql, id));
}

Result<std::optional<Queue>> load_queue(Connection& db, Id entity, const std::string& name) {
  static const std::string sql = kSelectQueue + "q.entity = ? AND q.name = ?";
  return first_queue(db.query(sql, entity, name));
}

Result<std::vector<Queue>> load_queues(Connection& db, Id entity) {
  static const std::string sql = kSelectQueue + "q.entity = ? ORDER BY q.name";
  std::vector<Queue> queues;
  TRY(auto rows, db.query(sql, entity));
  TRY_VOID(rows.each([&] { queues.push_back(read_queue(rows)); }));
  return queues;
}

Result<Queue> must_load_queue(Connection& db, Id id) {
  TRY(auto queue, load_queue(db, id));
  if (!queue) return Error(Code::not_found, fmt::format("there is no queue {}", id));
  return *std::move(queue);
}

}  // namespace slipway::server::sqlite
