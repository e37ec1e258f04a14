// SqliteStore: server/store/store.h on one SQLite file. Each facet is in a file of its own; the moves of items are in transitions.h.
#pragma once
#include <memory>
#include <mutex>
#include <unordered_map>

#include "server/store/sqlite/lease.h"
#include "server/store/sqlite/principals.h"
#include "server/store/sqlite/tx.h"

namespace slipway::server::sqlite {

class SqliteStore final : public Store {
 public:
  /// `path`: a file or ":memory:". Leases that ran out while nobody could renew them get a full term again.
  static Result<std::unique_ptr<SqliteStore>> open(const std::string& path, const Clock& clock);
  ~SqliteStore() override { close(); }

  // identity.cc
  Task<Principal> authenticate(std::string key_hash) override;
  Task<Entity> create_entity(std::string name, EntityKind kind, Cause cause) override;
  Task<std::optional<Entity>> find_entity(std::string name) override;
  Task<std::vector<Entity>> list_entities() override;
  Task<User> create_user(User user, Cause cause) override;
  Task<std::optional<User>> find_user(std::string name) override;
  Task<std::optional<User>> get_user(Id id) override;
  Task<std::vector<User>> list_users() override;
  Task<> set_member(Id entity, Id user, std::optional<Role> role, Cause cause) override;
  Task<std::vector<std::pair<User, Role>>> list_members(Id entity) override;
  Task<ApiKey> add_key(Id user, std::string name, std::string key_hash, Cause cause) override;
  Task<std::vector<ApiKey>> list_keys(Id user) override;
  Task<> revoke_key(Id key, Cause cause) override;
  Task<bool> bootstrap(std::string entity, std::string user, std::string key_hash) override;

  // audit.cc
  Task<> record(AuditEntry entry) override;
  Task<Paged<AuditEntry>> audit_log(AuditFilter filter, Page page) override;

  // queues.cc, queue_delete.cc
  Task<Queue> create_queue(Queue queue, Cause cause) override;
  Task<Queue> update_queue(Queue queue, Cause cause) override;
  Task<std::optional<Queue>> find_queue(Id entity, std::string name) override;
  Task<std::optional<Queue>> get_queue(Id id) override;
  Task<std::vector<Queue>> list_queues(Id entity) override;
  Task<> delete_queue(Id id, bool force, Cause cause) override;
  Task<QueueCounts> counts(Id id) override;
  Task<std::vector<QueueChange>> history(Id id) override;
  Task<Id> add_resource_config(ResourceConfig config) override;
  Task<std::optional<ResourceConfig>> get_resource_config(Id id) override;

  // push.cc, lease.cc, renew.cc, report.cc, expiry.cc
  Task<PushOutcome> push(std::vector<PushItem> items, std::optional<LeaseRequest> offer, Cause cause) override;
  Task<std::vector<Lease>> lease(LeaseRequest request) override;
  Task<std::vector<ItemDirective>> renew(Id agent, std::string incarnation, std::vector<HeldItem> held) override;
  Task<Item> report(Id item, std::int64_t epoch, ItemReport report, Cause cause) override;
  Task<> release(Id item, std::int64_t epoch, Cause cause) override;
  Task<Expired> expire_leases() override;
  Task<std::optional<UnixMillis>> next_expiry() override;

  // wire.cc
  Task<std::optional<Lease>> pop(Id queue, std::optional<Id> agent) override;
  Task<bool> acknowledge(Id item, std::string run_name, Cause cause) override;
  Task<bool> fail(Id item, std::string message, std::string stage, Json file_paths, Cause cause) override;
  Task<bool> warn(Id item, Json warning) override;

  // manage.cc
  Task<std::int64_t> cancel(std::vector<Id> items, Cause cause, bool force) override;
  Task<std::int64_t> set_priority(std::vector<Id> items, int priority, Cause cause) override;
  Task<> remove(Id item, Cause cause) override;
  Task<Item> requeue(Id item, Cause cause, bool force) override;

  // item_reads.cc
  Task<std::optional<Item>> get(Id item) override;
  Task<std::optional<ItemPayload>> payload(Id item) override;
  Task<std::vector<ItemEvent>> events(Id item) override;
  Task<Paged<Item>> list(ItemFilter filter, Page page) override;
  Task<std::int64_t> count(ItemFilter filter) override;
  Task<std::int64_t> position(Id item) override;
  Task<std::optional<Item>> find_by_run(std::string entity, std::string project, std::string run_name) override;

  // monitor.cc
  Task<QueueMonitor> monitor(Id queue, MonitorRange range) override;

  // agents.cc
  Task<Agent> register_agent(Agent agent) override;
  Task<std::optional<Agent>> get_agent(Id id) override;
  Task<std::vector<Agent>> list_agents(Id entity) override;
  Task<> set_agent_status(Id id, std::string status) override;
  Task<> set_agent_desire(Id id, AgentDesire desire, Cause cause) override;
  void touch(Id id) override;

  void close() override { database_->close(); }

  /// For the tracking part, which keeps its tables in the same file.
  Database& database() { return *database_; }
  const Clock& clock() const { return *clock_; }

 private:
  SqliteStore(std::unique_ptr<Database> database, const Clock& clock)
      : clock_(&clock), opened_at_(clock.now()), database_(std::move(database)) {}
  Tx tx(Connection& connection) const { return Tx{connection, clock_->now()}; }

  const Clock* clock_;
  UnixMillis opened_at_;
  Turns turns_;  ///< Used on the writer's thread only.
  PrincipalCache principals_;
  std::mutex touched_mutex_;
  std::unordered_map<Id, UnixMillis> touched_;  ///< When an agent's last heartbeat was written.
  std::unique_ptr<Database> database_;          ///< Last: its threads use everything above.
};

}  // namespace slipway::server::sqlite
