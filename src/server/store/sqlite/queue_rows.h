// Queues as rows. Deleted ones are not found.
#pragma once
#include "server/store/sqlite/tx.h"

namespace slipway::server::sqlite {

Result<std::optional<Queue>> load_queue(Connection& db, Id id);
Result<std::optional<Queue>> load_queue(Connection& db, Id entity, const std::string& name);
Result<std::vector<Queue>> load_queues(Connection& db, Id entity);
/// not_found when there is none.
Result<Queue> must_load_queue(Connection& db, Id id);

}  // namespace slipway::server::sqlite
