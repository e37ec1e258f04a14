// AuditService: who changed what, for those who answer for an entity.
#pragma once
#include <optional>
#include <string>

#include "server/service/access.h"
#include "server/store/store.h"

namespace slipway::server {

struct AuditQuery {
  std::string entity;  ///< "": all that the caller may see.
  std::string actor;
  std::string action;
};

class AuditService {
 public:
  explicit AuditService(Store& store) : store_(store) {}

  /// Administrators of the server see everything, administrators of an entity what happened in it. Newest first.
  Task<Paged<AuditEntry>> log(Principal who, AuditQuery query, Page page);
  /// Somebody signed in to the web page ("session.open") or out of it ("session.close").
  Task<> session(Principal who, std::string action, std::string peer);

 private:
  Store& store_;
};

}  // namespace slipway::server
