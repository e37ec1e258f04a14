#include "launch/policy.h"
#include "plugins/runners/kubernetes/kubernetes_runner.h"

namespace slipway::plugins::runners::kubernetes {
namespace {

constexpr std::string_view kDoc =
    R"(Runs the job in a Kubernetes cluster, as a Job or as any custom resource. The configuration is the manifest.

Without `apiVersion` it is a `batch/v1` Job. `metadata.namespace` (or `namespace`) says where; the agent's own namespace otherwise. A submitter may change what the
queue's policy lets through, but never fields that give rights over the cluster or its machines: `securityContext`, `hostPath`, host namespaces, service accounts and the like
are refused wherever they stand in the document.

Where the job runs: `configFile` and `context` name a kubeconfig on the agent's machine; otherwise `KUBECONFIG`, `~/.kube/config`, or the pod's own account.

What is added where nothing is written: `backoffLimit: 0`, `ttlSecondsAfterFinished: 60`, `restartPolicy: Never` (Jobs), and for every container
`allowPrivilegeEscalation: false`, `capabilities: {drop: [ALL]}`, `seccompProfile: RuntimeDefault`. The image goes to the containers without one, the job's command to those
that run its image and have none. A Job is removed when its end and output are safe, unless the configuration has a `ttlSecondsAfterFinished` of its own.

A custom resource says how it is by `status.state.phase`, `status.jobStatus`, `status.phase`, `status.state` or its conditions; where it uses words of its own, the queue maps them:

    status_mapping:
      path: status.jobDeploymentStatus
      running: [Running]
      finished: [Complete]
      failed: [Failed])";

constexpr std::string_view kSchema = R"({"type": "object", "properties": {
  "apiVersion": {"type": "string", "default": "batch/v1"},
  "kind": {"type": "string", "default": "Job"},
  "namespace": {"type": "string"},
  "metadata": {"type": "object"},
  "spec": {"type": "object"},
  "configFile": {"type": "string"},
  "context": {"type": "string"},
  "status_mapping": {"type": "object", "required": ["path"]},
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
  record.create = [](Context& context, std::shared_ptr<Environment>) -> Result<std::unique_ptr<Runner>> {
    return std::unique_ptr<Runner>(std::make_unique<KubernetesRunner>(context));
  };
  return record;
}

}  // namespace slipway::plugins::runners::kubernetes
