// The manifest that a queue's configuration becomes (S-77..S-85, D-89, D-90; protocol 7.3.2, 7.3.5). Pure: what the
// cluster has to be asked for comes later.
#pragma once
#include <string>
#include <vector>

#include "plugins/runners/api.h"

namespace slipway::plugins::runners::kubernetes {

/// Keys of a queue's document that are slipway's own and no part of the manifest.
struct QueueSettings {
  std::string config_file;  ///< "configFile": a kubeconfig on the agent's machine.
  std::string context;
  std::string space;   ///< "namespace", or metadata.namespace, which wins. "": the connection's own.
  JsonArray services;  ///< "additional_services": manifests under "config", created before the job.
  bool wait_for_ready = true;
  int wait_timeout = 300;  ///< Seconds.
  Json status_mapping;     ///< Where a custom resource says how it is: {"path": "status.phase", "finished": [words]…}.
};

struct Manifest {
  JsonObject object;
  QueueSettings settings;
  bool plain_job = false;     ///< batch/v1 Job.
  bool keeps_itself = false;  ///< The admin wrote how long it stays after its end: it is not removed earlier.
  std::vector<std::string> notices;

  std::string api_version() const;
  std::string kind() const;
  std::string name() const;
};

/// Adds what is missing and replaces nothing that the configuration says: labels, name, image, command, environment,
/// limits, security. invalid_argument names the field.
Result<Manifest> build_manifest(const SubmitRequest& request);
/// An additional service of the job: labels, environment, security; a name made legal.
Result<JsonObject> build_service(const JsonObject& config, const SubmitRequest& request, const std::string& space);

std::map<std::string, std::string> service_labels(const Identity& identity);
/// Name of the Secret with the run's secret environment, in the job's namespace.
std::string secret_name(const SubmitRequest& request);
/// Name of the i-th Secret with the job's packed source.
std::string source_secret_name(const std::string& job, std::size_t part);

inline constexpr std::string_view kItemLabel = "slipway.dev/item";
/// On additional services and their pods instead of the item's: they say neither the job's state nor its output.
inline constexpr std::string_view kServiceLabel = "slipway.dev/service-of";
inline constexpr std::string_view kStopAnnotation = "slipway.dev/stop-requested";
inline constexpr std::string_view kSourceVolume = "slipway-packed-source";
inline constexpr std::string_view kSourceContainer = "slipway-source";

}  // namespace slipway::plugins::runners::kubernetes
