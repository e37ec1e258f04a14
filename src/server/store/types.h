// What the server keeps: plain values, the rows of the store without its SQL. Times are UnixMillis on the server's clock, ids are the store's own
// (the API shows them as global_id("RunQueueItem", id) and so on).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "launch/item_state.h"

namespace slipway::server {

using Id = std::int64_t;

enum class EntityKind { person, team };
/// What a member of an entity may do; each role may do what those after it may. `agent`: lease and report, nothing else.
enum class Role { admin, member, viewer, agent };

struct Entity {
  Id id = 0;
  std::string name;
  EntityKind kind = EntityKind::person;
};

struct User {
  Id id = 0;
  std::string name;  ///< Login name, also the name of the person's own entity. Service accounts have none of their own.
  std::string email;
  bool service = false;  ///< A service account: acts for the person named in X-WANDB-USERNAME (S-32).
  bool admin = false;    ///< Of the whole server.
  Id default_entity = 0;
};

struct Membership {
  Entity entity;
  Role role = Role::viewer;
};

/// Who asks. Loaded once per request from the key.
struct Principal {
  User user;
  std::vector<Membership> memberships;
  Id key_id = 0;
  std::string acting_for;  ///< X-WANDB-USERNAME of a service account, "" otherwise.
};

struct ApiKey {
  Id id = 0;
  Id user = 0;
  std::string name;
  UnixMillis created_at = 0;
  std::optional<UnixMillis> last_used_at;
};

enum class QueueState {
  active,
  paused
};  ///< Paused: accepts pushes, starts nothing; a job that runs already is still taken over.

struct Queue {
  Id id = 0;
  Id entity = 0;
  std::string entity_name;
  std::string name;
  std::string resource;            ///< Canonical: RunnerPlugin::name.
  std::string access = "PROJECT";  ///< PROJECT: all members of the entity; USER: only its creator (S-14).
  bool prioritized = false;
  QueueState state = QueueState::active;
  Json config;              ///< The bare configuration document of the resource.
  Json template_variables;  ///< {"name": {"schema": {…}, "description": …}} or {}.
  Json external_links;      ///< {"links": [{"label", "url"}]}.
  Json policy;              ///< launch/policy.h; {} is the default.
  std::string created_by;
  UnixMillis created_at = 0;
  UnixMillis updated_at = 0;
  Millis lease_ttl{
      60'000};  ///< A lease that is not renewed for that long is given back or taken over (protocol 13.1 item 8).
  int max_deliveries = 5;  ///< Then the item is dead-lettered (A10).
  /// An item that was submitted and that no agent has reached for that long fails as node_lost: its machine does not come back. 0: it stays as it is.
  Millis lost_after{0};
};

/// An item without its payload: the hot row.
struct Item {
  Id id = 0;
  Id queue = 0;
  std::string queue_name;
  std::string queue_entity;
  launch::ItemState state = launch::ItemState::pending;
  int priority = 2;
  int attempt = 1;         ///< Grows when the same item runs again (preemption, requeue).
  std::int64_t epoch = 0;  ///< Of the lease; only grows. Writes with an older one are stale.
  int deliveries = 0;
  bool cancel_requested = false;
  std::string run_entity, run_project, run_name;
  std::string author;
  std::string job;         ///< "entity/project/name:alias" as submitted, "" for other sources.
  Id agent = 0;            ///< Holds the lease, 0: none.
  std::string scope;       ///< `scope` of the recorded intent: who may take it over (LeaseRequest::scopes).
  std::string agent_name;  ///< Of the last holder, also after the item ended.
  UnixMillis pushed_at = 0;
  std::optional<UnixMillis> leased_at, lease_expires_at, started_at, running_at, finished_at;
  std::optional<UnixMillis> unreachable_since;  ///< The backend does not answer its agent, or no agent holds the item.
  std::optional<int> exit_code;
  std::string failure_class;
  std::string message;  ///< Why it failed, or why it waits at the agent.
  std::string
      stage;  ///< What the agent does now: "fetch", "build", "submit", "run" … (also the reference's failure stages).
};

struct ItemPayload {
  Json spec;       ///< What the agent gets: the submitted spec with rendered resource_args.
  Json submitted;  ///< As submitted, with template values.
  Json intent;     ///< {"name", "request_hash"}: recorded before the backend call; null before.
  Json backend;    ///< RunHandle as JSON; null before the backend call returned.
  Json request;    ///< The exact backend request, for people.
  std::string image;
  Json warnings;    ///< [{"message", "stage", "filePaths", "at"}].
  Json file_paths;  ///< Of failRunQueueItem.
};

/// One line of an item's history (I5). Written in the transaction of the change.
struct ItemEvent {
  Id id = 0;
  UnixMillis at = 0;
  int attempt = 1;
  std::string from, to;  ///< State names; equal for notes without a change of state.
  std::string actor;     ///< "user:ann", "agent:host-1", "server".
  std::string reason;
};

/// Somebody has changed something. Written in the transaction of the change.
struct AuditEntry {
  Id id = 0;
  UnixMillis at = 0;
  Id entity = 0;            ///< 0: of the whole server.
  std::string entity_name;  ///< "" for the whole server.
  std::string actor;        ///< "user:ann", "server".
  std::string action;       ///< "queue.update", "key.revoke": the kind of thing and what was done to it.
  std::string subject;      ///< Name of the thing; ids of items.
  Json detail;              ///< What a reader wants to know besides; never a secret.
};

enum class AgentDesire { run, pause, drain, stop };

struct Agent {
  Id id = 0;
  std::string name;  ///< Given by the server, unique.
  Id entity = 0;
  std::string entity_name;
  std::string stable_id;    ///< Kept on the agent's disk; "" for W&B agents.
  std::string incarnation;  ///< Of the running process; a call with an older one is superseded.
  std::string hostname;
  std::string version;
  std::string status;  ///< POLLING, RUNNING, KILLED (protocol 2.1).
  AgentDesire desire = AgentDesire::run;
  std::vector<Id> queues;
  Json config;
  int max_jobs = 1;  ///< -1: no limit.
  UnixMillis created_at = 0;
  UnixMillis heartbeat_at = 0;
};

}  // namespace slipway::server
