#include "server/service/audit_service.h"

#include <fmt/format.h>

namespace slipway::server {

Task<Paged<AuditEntry>> AuditService::log(Principal who, AuditQuery query, Page page) {
  AuditFilter filter{.actor = std::move(query.actor), .action = std::move(query.action)};
  if (!query.entity.empty()) {
    CO_TRY_VOID(require(who, query.entity, Role::admin));
    CO_TRY(const auto entity, co_await store_.find_entity(query.entity));
    if (!entity) co_return absent("entity", query.entity);
    filter.entities = {entity->id};
  } else if (!who.user.admin) {
    CO_TRY_VOID(require_signed_in(who));
    filter.entities.emplace();
    for (const auto& membership : who.memberships) {
      if (membership.role == Role::admin) filter.entities->push_back(membership.entity.id);
    }
  }
  co_return co_await store_.audit_log(std::move(filter), std::move(page));
}

Task<> AuditService::session(Principal who, std::string action, std::string peer) {
  AuditEntry entry;
  entry.entity = who.user.default_entity;
  entry.actor = "user:" + who.user.name;
  entry.action = std::move(action);
  entry.subject = who.user.name;
  entry.detail = Json{{"from", peer}};
  co_return co_await store_.record(std::move(entry));
}

}  // namespace slipway::server
