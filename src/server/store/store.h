// The Store contract: everything that the server keeps, engine-neutral. store_contract_test.cc runs against every engine.
// Each call is one transaction (I1..I5 hold after every one of them); a task that ended in success is durable (I2).
// Calls resume on the caller's executor. Codes: not_found, conflict, stale, invalid_argument, resource_exhausted (disk full), internal.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "async/task.h"
#include "server/store/types.h"

namespace slipway::server {

struct Page {
  std::size_t first = 100;           ///< At most 1,000.
  std::optional<std::string> after;  ///< Opaque cursor of an earlier answer.
};
template <class T>
struct Paged {
  std::vector<T> rows;
  std::string end_cursor;
  bool has_next = false;
};

/// Who did it and why: goes into the event.
struct Cause {
  std::string actor;
  std::string reason;
};

// ---- People -------------------------------------------------------------------------------------------------------------------

class IdentityStore {
 public:
  virtual ~IdentityStore() = default;
  /// `key_hash`: SHA-256 hex of the secret part. not_found: unknown or revoked. Remembers the use at most once a minute.
  virtual Task<Principal> authenticate(std::string key_hash) = 0;
  /// Changes of people, members and keys name their cause for the audit log; without an actor the server did it by itself.
  virtual Task<Entity> create_entity(std::string name, EntityKind kind, Cause cause = {}) = 0;
  virtual Task<std::optional<Entity>> find_entity(std::string name) = 0;
  virtual Task<std::vector<Entity>> list_entities() = 0;
  /// A person gets an entity of the same name and is its admin.
  virtual Task<User> create_user(User user, Cause cause = {}) = 0;
  virtual Task<std::optional<User>> find_user(std::string name) = 0;
  virtual Task<std::optional<User>> get_user(Id id) = 0;
  virtual Task<std::vector<User>> list_users() = 0;
  virtual Task<> set_member(Id entity, Id user, std::optional<Role> role, Cause cause = {}) = 0;  ///< Nothing: removes.
  virtual Task<std::vector<std::pair<User, Role>>> list_members(Id entity) = 0;
  virtual Task<ApiKey> add_key(Id user, std::string name, std::string key_hash, Cause cause = {}) = 0;
  virtual Task<std::vector<ApiKey>> list_keys(Id user) = 0;
  virtual Task<> revoke_key(Id key, Cause cause = {}) = 0;
  /// Creates the first entity, administrator and key when the store is empty. False: it was not.
  virtual Task<bool> bootstrap(std::string entity, std::string user, std::string key_hash) = 0;
};

// ---- Audit --------------------------------------------------------------------------------------------------------------------

struct AuditFilter {
  /// Nothing: everything, the whole server's included.
  std::optional<std::vector<Id>> entities;
  std::string actor;   ///< "": everybody.
  std::string action;  ///< "queue.update", or "queue" for all that was done to queues; "": all.
};

class AuditStore {
 public:
  virtual ~AuditStore() = default;
  /// For what changes nothing else in the store, such as signing in. Id, time and entity_name are given by the store.
  virtual Task<> record(AuditEntry entry) = 0;
  /// Newest first.
  virtual Task<Paged<AuditEntry>> audit_log(AuditFilter filter, Page page) = 0;
};

// ---- Queues -------------------------------------------------------------------------------------------------------------------

struct QueueCounts {
  std::int64_t waiting = 0, leased = 0, running = 0;  ///< leased: from LEASED to STARTING.
};

struct QueueChange {
  UnixMillis at = 0;
  std::string actor;
  Json before, after;  ///< The changed members only.
};

class QueueStore {
 public:
  virtual ~QueueStore() = default;
  /// conflict: the name is taken in this entity.
  virtual Task<Queue> create_queue(Queue queue, Cause cause) = 0;
  /// Writes every member of an existing queue but id, entity, name, created_*; leaves a QueueChange.
  virtual Task<Queue> update_queue(Queue queue, Cause cause) = 0;
  virtual Task<std::optional<Queue>> find_queue(Id entity, std::string name) = 0;
  virtual Task<std::optional<Queue>> get_queue(Id id) = 0;
  virtual Task<std::vector<Queue>> list_queues(Id entity) = 0;
  /// failed_precondition while items are leased or running, unless `force`: then those are cancelled and the queue goes when the last has ended. Waiting items go with it.
  virtual Task<> delete_queue(Id id, bool force, Cause cause) = 0;
  virtual Task<QueueCounts> counts(Id id) = 0;
  virtual Task<std::vector<QueueChange>> history(Id id) = 0;
  /// A default resource configuration that is not yet a queue's (createDefaultResourceConfig before createRunQueue, protocol 1.5).
  struct ResourceConfig {
    Id id = 0;
    Id entity = 0;
    std::string resource;
    Json config;
    Json template_variables;
  };
  virtual Task<Id> add_resource_config(ResourceConfig config) = 0;
  virtual Task<std::optional<ResourceConfig>> get_resource_config(Id id) = 0;
};

// ---- Items: the dispatch core -----------------------------------------------------------------------------------------------------

struct PushItem {
  Id queue = 0;
  int priority = 2;
  std::string run_entity, run_project, run_name;
  std::string author;
  std::string job;  ///< As submitted.
  Json spec, submitted;
  std::string
      client_key;  ///< Idempotency: the same key in the same queue gives the first item again, also after it ended. "": none.
};

struct LeaseRequest {
  Id agent = 0;
  std::string incarnation;
  /// Asked in this order, one item each per round, until `slots` are filled: equal capacity is shared fairly among the queues.
  std::vector<Id> queues;
  int slots = 1;
  /// Backends that this agent reaches (Runner::scope). An item whose recorded intent has a "scope" is offered for takeover only to an agent that names it: a container
  /// on one machine cannot be adopted from another. An intent without scope, or with "", goes to any agent of the queue. Takeovers do not count against `slots`.
  std::vector<std::string> scopes;
};

struct Lease {
  Item item;
  ItemPayload payload;
  bool takeover = false;  ///< It was submitted before (backend set, or intent recorded): adopt, do not start anew.
};

/// What an agent reports about an item it holds. Absent members stay as they are.
struct ItemReport {
  std::optional<launch::ItemState> state;
  std::optional<std::string> stage;
  std::optional<std::string> message;
  std::optional<Json> intent;
  std::optional<Json> backend;
  std::optional<Json> request;
  std::optional<std::string> image;
  std::optional<int> exit_code;
  std::optional<std::string> failure_class;
  std::optional<bool> reachable;
  std::optional<Json> warning;  ///< Appended.
  std::optional<Json> file_paths;
};

struct HeldItem {
  Id item = 0;
  std::int64_t epoch = 0;
};

enum class Directive {
  cancel,
  drop
};  ///< cancel: end the job; drop: no longer yours (stale or gone): stop driving it, leave the job alone.
struct ItemDirective {
  Id item = 0;
  Directive directive = Directive::cancel;
};

enum class ItemSort { pushed, priority, state, author, run, started, finished };

struct ItemFilter {
  std::optional<Id> queue;
  std::optional<Id> entity;               ///< Of the queue.
  std::vector<launch::ItemState> states;  ///< Empty: all.
  std::optional<std::string> author;
  std::optional<std::string> run_name;
  std::optional<std::string> project;  ///< Of the run.
  std::optional<std::string> job;      ///< "entity/project/name": all versions of that job.
  std::string search;                  ///< A part of the run's name, its project, the author or the job, in any case.
  ItemSort sort = ItemSort::pushed;
  bool newest_first = false;  ///< In general: the largest first.
};

// ---- What a queue did over time -------------------------------------------------------------------------------------------------

/// A moment, and the stretch of time that ends with it.
struct MonitorBucket {
  UnixMillis at = 0;
  std::int64_t waiting = 0, leased = 0, running = 0;   ///< At that moment.
  std::int64_t finished = 0, failed = 0, stopped = 0;  ///< Ended in the stretch.
  std::int64_t started = 0;                            ///< Taken by an agent in the stretch.
  UnixMillis queued_sum = 0, queued_max = 0;           ///< Time from push to agent of those.
};

/// From what is known of the items' last attempts.
struct QueueMonitor {
  std::vector<MonitorBucket> buckets;
  std::vector<Item> runs;    ///< Overlap the time asked for and have begun; the newest.
  std::vector<Item> errors;  ///< Failed in it; the newest.
  bool truncated = false;    ///< There were more items than are counted.
};

struct MonitorRange {
  UnixMillis from = 0, to = 0;
  std::size_t buckets = 120;
};

class ItemStore {
 public:
  virtual ~ItemStore() = default;
  /// One transaction for all. Creates the run of each item (state pending) with it. When `offer` is given, the pushed items are offered to that parked agent in
  /// the same transaction, and what it got is in `leases` (B1).
  struct PushOutcome {
    std::vector<Item> items;
    std::vector<Lease> leases;
  };
  virtual Task<PushOutcome> push(std::vector<PushItem> items, std::optional<LeaseRequest> offer, Cause cause) = 0;
  /// Highest priority first (0 before 3; all equal when the queue does not prioritise), then the order of pushes; items whose lease ran out after submission (takeovers) before
  /// all others. Cost does not grow with the length of the queue. Each grant: LEASED, epoch + 1, deliveries + 1, lease until now + ttl. Empty: nothing to lease.
  /// stale: a newer incarnation of the agent has registered.
  virtual Task<std::vector<Lease>> lease(LeaseRequest request) = 0;
  /// Renews every lease that is still the caller's and says what to do about the others. Absolute state: also finds items that the store thinks are the agent's, but
  /// that it does not hold (they are given back or offered for takeover at once).
  virtual Task<std::vector<ItemDirective>> renew(Id agent, std::string incarnation, std::vector<HeldItem> held) = 0;
  /// Guarded by (item, epoch): stale when the lease has moved on, conflict ("already ended as …") on a terminal item with another outcome; the same outcome again is a success (I4).
  /// State changes must be allowed by launch/item_state.h. Sets the run's state with it. PREEMPTED puts the item back to its place with attempt + 1 while its budget lasts.
  virtual Task<Item> report(Id item, std::int64_t epoch, ItemReport report, Cause cause) = 0;
  /// Gives leases back before anything was submitted: same place in the queue, delivery not counted.
  virtual Task<> release(Id item, std::int64_t epoch, Cause cause) = 0;

  /// The W&B way: pop one item (lease without epoch), acknowledge with the run's name, fail. Guarded by the agent that popped.
  virtual Task<std::optional<Lease>> pop(Id queue, std::optional<Id> agent) = 0;
  virtual Task<bool> acknowledge(Id item, std::string run_name, Cause cause) = 0;
  virtual Task<bool> fail(Id item, std::string message, std::string stage, Json file_paths, Cause cause) = 0;
  virtual Task<bool> warn(Id item, Json warning) = 0;

  /// Waiting items end at once as STOPPED; held ones get the directive. Bulk: one transaction. The value counts the items that changed.
  /// `force`: also those that were submitted and that no agent holds end at once; their jobs may go on.
  virtual Task<std::int64_t> cancel(std::vector<Id> items, Cause cause, bool force = false) = 0;
  virtual Task<std::int64_t> set_priority(std::vector<Id> items, int priority, Cause cause) = 0;
  /// Waiting or ended items only. failed_precondition otherwise.
  virtual Task<> remove(Id item, Cause cause) = 0;
  /// An ended item runs again: same item, attempt + 1, at its old place. `force`: also one that was submitted and that no agent holds.
  virtual Task<Item> requeue(Id item, Cause cause, bool force = false) = 0;

  virtual Task<std::optional<Item>> get(Id item) = 0;
  virtual Task<std::optional<ItemPayload>> payload(Id item) = 0;
  virtual Task<std::vector<ItemEvent>> events(Id item) = 0;
  virtual Task<Paged<Item>> list(ItemFilter filter, Page page) = 0;
  virtual Task<std::int64_t> count(ItemFilter filter) = 0;
  /// Not more than 1,000 buckets.
  virtual Task<QueueMonitor> monitor(Id queue, MonitorRange range) = 0;
  /// How many waiting items of its queue would be leased before it; what is more than kMostCounted is not counted.
  static constexpr std::int64_t kMostCounted = 10'000;
  virtual Task<std::int64_t> position(Id item) = 0;
  virtual Task<std::optional<Item>> find_by_run(std::string entity, std::string project, std::string run_name) = 0;

  /// Leases that ran out: before anything was submitted → PENDING at the old place; after → offered for takeover; too many deliveries → FAILED, dead_letter, with the
  /// names of the agents. Items out of reach for longer than their queue's lost_after → FAILED, node_lost; the time in which the store was closed does not count.
  /// Bounded batch; call again while `more`.
  struct Expired {
    std::vector<Id> queues;   ///< In which something can be leased now.
    std::vector<Item> items;  ///< All that changed.
    bool more = false;
  };
  virtual Task<Expired> expire_leases() = 0;
  /// When the next lease or the patience with the next lost item runs out; nothing when there is none.
  virtual Task<std::optional<UnixMillis>> next_expiry() = 0;
};

// ---- Agents ---------------------------------------------------------------------------------------------------------------------

class AgentStore {
 public:
  virtual ~AgentStore() = default;
  /// With a stable_id that is known: the same agent, new incarnation (its held leases stay its own). Otherwise a new one with a name of its own.
  virtual Task<Agent> register_agent(Agent agent) = 0;
  virtual Task<std::optional<Agent>> get_agent(Id id) = 0;
  virtual Task<std::vector<Agent>> list_agents(Id entity) = 0;
  virtual Task<> set_agent_status(Id id, std::string status) = 0;
  virtual Task<> set_agent_desire(Id id, AgentDesire desire, Cause cause) = 0;
  /// Kept in memory and written at most every few seconds: liveness is not history.
  virtual void touch(Id id) = 0;
};

/// All facets on one engine. Runs, logs and artifacts: server/store/tracking.h.
class Store : public IdentityStore, public AuditStore, public QueueStore, public ItemStore, public AgentStore {
 public:
  /// Everything durable, threads joined. No call may be in flight.
  virtual void close() = 0;
};

struct StoreOptions {
  std::string url;  ///< "sqlite:PATH" or "sqlite::memory:" (tests).
  const Clock* clock = &system_clock();
};
/// Opens, creates and migrates. invalid_argument for an unknown scheme; failed_precondition when a newer version wrote it.
Result<std::unique_ptr<Store>> open_store(const StoreOptions& options);

}  // namespace slipway::server
