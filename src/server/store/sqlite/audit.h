// Writing the audit log, inside the transaction of the change.
#pragma once
#include <string_view>

#include "server/store/sqlite/tx.h"

namespace slipway::server::sqlite {

/// What was changed: `entity` is nothing for what concerns the whole server.
struct Audited {
  std::optional<Id> entity;
  std::string_view action;
  std::string subject;
  JsonObject detail;
};
Result<> add_audit(const Tx& tx, const Cause& cause, const Audited& audited);
/// One entry for items of one queue: how many, and the ids of the first few.
Result<> add_items_audit(const Tx& tx, const Cause& cause, std::string_view action, Id queue,
                         const std::vector<Id>& items);

}  // namespace slipway::server::sqlite
