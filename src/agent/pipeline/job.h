// Job: one leased item on its way through the stages. Each stage fills in its part.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "agent/pipeline/job_log.h"
#include "agent/pipeline/reporter.h"
#include "agent/services.h"
#include "async/event.h"
#include "launch/spec.h"

namespace slipway::agent {

struct Job {
  Job(Control& control, Services& all_services, Lease from, asio::any_io_executor executor);

  Services& services;
  std::string server_id;
  Lease lease;
  Reporter reporter;
  JobLog log;

  // resolve
  launch::LaunchSpec spec;
  const plugins::RunnerPlugin* resource = nullptr;
  plugins::Runner* runner = nullptr;
  plugins::Identity identity;
  JsonObject resource_args;  ///< Of this resource, without `builder`.
  Json builder_args;         ///< The `builder` part of it (S-143).
  // fetch
  plugins::FetchedSource source;
  std::string job_version;               ///< "entity/project/name:vN" of the job artifact, "" for image items.
  std::vector<std::string> entry_point;  ///< After overrides.
  // image
  std::string image;
  bool source_in_image = false;  ///< The image was built from it.
  bool entry_point_in_image = false;
  bool install_dependencies = false;
  // submit
  bool intent_recorded = false;  ///< From here on the backend may have it.
  plugins::RunHandle handle;

  std::string failure_class;  ///< Set by a stage that knows better than its default.
  /// Somebody wants it to end. Set by the loop or by a report's answer.
  bool cancel_requested = false;
  Event cancelled;
  /// This agent stops driving it (shut-down, lost lease). Set before its coroutine is cancelled.
  bool abandoned = false;
  bool lease_lost = false;

  void request_cancel() {
    cancel_requested = true;
    cancelled.notify_all();
  }
};

}  // namespace slipway::agent
