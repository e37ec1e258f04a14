#include "plugins/runners/kubernetes/kubernetes_record.h"

#include "launch/policy.h"

namespace slipway::plugins::runners::kubernetes {
namespace {

constexpr std::string_view kDoc =
    R"(Runs the job in a Kubernetes cluster, as a Job or as any custom resource. The configuration is the manifest.

Without `apiVersion` it is a `batch/v1` Job. `metadata.namespace` (or `namespace`) says where; the agent's own namespace otherwise. A submitter may change what the
queue's policy lets through, but never fields that give rights over the cluster or its machines: `securityContext`, `hostPath`, host namespaces, service accounts and the like
are refused wherever they stand in the document.

This version knows the resource and keeps its queues; its agent cannot run jobs on it yet.)";

constexpr std::string_view kSchema = R"({"type": "object", "properties": {
  "apiVersion": {"type": "string", "default": "batch/v1"},
  "kind": {"type": "string", "default": "Job"},
  "namespace": {"type": "string"},
  "metadata": {"type": "object"},
  "spec": {"type": "object"},
  "additional_services": {"type": "array", "items": {"type": "object"}},
  "wait_for_ready": {"type": "boolean", "default": true},
  "wait_timeout": {"type": "integer", "minimum": 1, "default": 300}}})";

}  // namespace

RunnerPlugin plugin() {
  RunnerPlugin record;
  record.name = "kubernetes";
  record.aliases = {"k8s"};
  record.display_name = "Kubernetes";
  record.doc = kDoc;
  record.default_config = JsonObject();
  record.config_schema = boost::json::parse(kSchema);
  record.submitter_may_override = {"*"};
  record.refuse = launch::refuse_privileged_fields;
  return record;
}

}  // namespace slipway::plugins::runners::kubernetes
