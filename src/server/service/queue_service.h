// QueueService: creating, changing, showing and deleting queues (S-5..S-24, D-61, D-79..D-81, C-8, C-9).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "launch/template.h"
#include "server/service/live.h"
#include "server/service/queue_directory.h"

namespace slipway::server {

class DispatchService;

/// What a person writes. Absent members leave an existing queue as it is, and mean the default for a new one.
struct QueueInput {
  std::string entity;
  std::string name;
  std::string resource;                    ///< Any alias.
  std::optional<std::string> config;       ///< JSON or YAML text, bare or wrapped.
  std::optional<Json> template_variables;  ///< The wire map; null and {} clear.
  std::optional<Json> external_links;      ///< {"links": [{"label", "url"}]} or {label: url}; null clears.
  std::optional<Json> policy;
  std::optional<bool> prioritized;
  std::optional<std::string> access;  ///< PROJECT or USER.
  std::optional<std::int64_t> lease_seconds;
  std::optional<std::int64_t> max_deliveries;
  std::optional<std::int64_t> lost_after_seconds;  ///< 0: never.
  bool dry_run = false;                            ///< Check only.
};

enum class UpsertMode { upsert, create, update };

struct SavedQueue {
  Queue queue;
  std::vector<std::string>
      warnings;  ///< Problems that do not keep the queue from being saved (configSchemaValidationErrors).
};

class QueueService {
 public:
  QueueService(Store& store, QueueDirectory& directory, Live& live, DispatchService& dispatch)
      : store_(store), directory_(directory), live_(live), dispatch_(dispatch) {}

  /// Administrators of the entity only (D-61). All problems of the document are collected. After a dry run the queue is what it would be; a new one has no id.
  Task<SavedQueue> save(Principal who, QueueInput input, UpsertMode mode);
  Task<std::vector<Queue>> list(Principal who, std::string entity);
  /// All or none are checked before the first is deleted.
  Task<> remove(Principal who, std::vector<Id> ids, bool force);
  Task<Queue> set_state(Principal who, Id id, QueueState state);
  Task<QueueCounts> counts(Id id) { return store_.counts(id); }
  /// Oldest first, each with the whole of what a person can change, before and after it.
  Task<std::vector<QueueChange>> history(Queue queue);
  Task<QueueMonitor> monitor(Id id, MonitorRange range) { return store_.monitor(id, range); }
  /// A configuration as a person writes it, read but not saved.
  struct Draft {
    JsonObject document;
    std::vector<launch::Placeholder> placeholders;
    std::vector<std::string> required;  ///< Paths that still say REQUIRED.
    std::vector<std::string> warnings;
  };
  Result<Draft> parse(const std::string& resource, const std::string& config) const;

  /// The two-step way of W&B clients: a configuration first, then the queue that takes it over (protocol 1.5).
  Task<Id> add_resource_config(Principal who, std::string entity, std::string resource, std::string config,
                               Json template_variables);
  Task<QueueStore::ResourceConfig> resource_config(Principal who, std::string entity, Id id);
  /// Without a configuration (the `default` queue that old clients make): a Docker queue with an empty one.
  Task<Queue> create_from_config(Principal who, std::string entity, std::string name, std::string access,
                                 bool prioritized, std::optional<Id> config);

 private:
  Result<std::vector<std::string>> apply(const QueueInput& input, Queue& queue) const;

  Store& store_;
  QueueDirectory& directory_;
  Live& live_;
  DispatchService& dispatch_;
};

}  // namespace slipway::server
