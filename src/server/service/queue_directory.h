// QueueDirectory: queues by name and by id with their parsed rules, kept in memory for a few seconds. Every push and every lease asks it.
#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <unordered_map>

#include "launch/overrides.h"
#include "plugins/plugins.h"
#include "server/service/access.h"
#include "server/store/store.h"

namespace slipway::server {

/// A queue and what a push needs of it. Immutable.
struct KnownQueue {
  Queue row;
  launch::QueueRules rules;
  const plugins::RunnerPlugin* plugin = nullptr;  ///< Never null.
};

/// Wire names and aliases of all kinds of the catalog, for launch/resource.h.
std::vector<launch::ResourceKind> resource_kinds(const plugins::Catalog& catalog);
/// USER queues are their creator's and the entity's administrators' only (S-14).
bool may_see(const Principal& who, const Queue& queue);

class QueueDirectory {
 public:
  QueueDirectory(Store& store, const plugins::Catalog& catalog);

  /// Codes: not_found, also for what the caller may not see; permission_denied when the role is too low.
  Task<std::shared_ptr<const KnownQueue>> find(Principal who, std::string entity, std::string name, Role needed);
  Task<std::shared_ptr<const KnownQueue>> get(Principal who, Id id, Role needed);
  /// Without an access check: for ids that come out of the store.
  Task<std::shared_ptr<const KnownQueue>> get(Id id);
  /// After every change of queues.
  void forget();

  const plugins::Catalog& catalog() const { return catalog_; }
  const std::vector<launch::ResourceKind>& kinds() const { return kinds_; }

 private:
  using Known = std::shared_ptr<const KnownQueue>;
  Result<Known> remember(Queue queue);
  Task<> explain_absence(Id entity, std::string entity_name, std::string name);
  void drop_when_old();

  Store& store_;
  const plugins::Catalog& catalog_;
  std::vector<launch::ResourceKind> kinds_;
  std::unordered_map<Id, Known> by_id_;
  std::unordered_map<std::string, Known> by_name_;  ///< "entity/name".
  std::chrono::steady_clock::time_point filled_at_{};
};

}  // namespace slipway::server
