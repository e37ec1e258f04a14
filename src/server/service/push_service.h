// PushService: from a submitted launch spec to a stored item, in the order of architecture 4.1.
#pragma once
#include <functional>
#include <optional>
#include <string>

#include "server/service/dispatch_service.h"
#include "server/service/queue_directory.h"

namespace slipway::server {

struct PushInput {
  std::string entity;  ///< Of the queue.
  std::string queue;   ///< Its name, or `queue_id` instead of both.
  std::optional<Id> queue_id;
  std::string spec;  ///< JSON text.
  std::optional<std::int64_t> priority;
  std::string template_values;  ///< JSON text of name → value; "": none.
  std::string client_key;       ///< The same key in the same queue gives the first item again.
  bool dry_run = false;
};

struct Pushed {
  std::optional<Item> item;  ///< Nothing after a dry run.
  Json spec;                 ///< As stored: rendered and completed.
};

/// Is there such a job ("entity/project/name:alias"), and may the caller read it? not_found otherwise.
using JobCheck = std::function<Task<>(Principal who, std::string job)>;

class PushService {
 public:
  /// `author`: whom the work belongs to (RequestContext::author).
  PushService(QueueDirectory& directory, Store& store, DispatchService& dispatch, JobCheck job_check)
      : directory_(directory), store_(store), dispatch_(dispatch), job_check_(std::move(job_check)) {}

  /// Codes: invalid_argument with the paths of all problems, permission_denied (role, policy), not_found (queue, job), conflict (the run id is queued already),
  /// resource_exhausted (disk full).
  Task<Pushed> push(Principal who, std::string author, PushInput input);

 private:
  Task<> check_run_id(const launch::LaunchSpec& spec);

  QueueDirectory& directory_;
  Store& store_;
  DispatchService& dispatch_;
  JobCheck job_check_;
};

}  // namespace slipway::server
