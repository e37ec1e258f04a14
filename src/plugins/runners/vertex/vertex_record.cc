#include "plugins/runners/vertex/vertex_record.h"

namespace slipway::plugins::runners::vertex {
namespace {

constexpr std::string_view kDoc = R"(Runs the job as a Google Cloud Vertex AI custom training job.

`spec` holds what describes the job (`worker_pool_specs`, `staging_bucket`, `base_output_dir`, `encryption_spec_key_name`, `labels`), `run` what describes this run of it
(`service_account`, `network`, `timeout`, `restart_job_on_worker_restart`, …). `spec.service_account` is accepted too and wins. `spec.worker_pool_specs` must not be empty and
`spec.staging_bucket` has to be filled. The image has to be public or in a registry of Google Cloud.

This version knows the resource and keeps its queues; its agent cannot run jobs on it yet.)";

// S-115: what the create-queue form starts with.
constexpr std::string_view kDefault = R"({
  "spec": {
    "worker_pool_specs": [{
      "machine_spec": {"machine_type": "n1-standard-4", "accelerator_type": "ACCELERATOR_TYPE_UNSPECIFIED", "accelerator_count": 0},
      "replica_count": 1,
      "container_spec": {"image_uri": "${image_uri}"}}],
    "staging_bucket": "REQUIRED"},
  "run": {"restart_job_on_worker_restart": false}})";

// S-117: the least that a custom job needs.
constexpr std::string_view kSchema = R"({"type": "object", "required": ["spec"], "properties": {
  "spec": {"type": "object", "required": ["worker_pool_specs", "staging_bucket"], "properties": {
    "worker_pool_specs": {"type": "array", "minItems": 1, "items": {"type": "object", "properties": {
      "machine_spec": {"type": "object", "properties": {
        "machine_type": {"type": "string"}, "accelerator_type": {"type": "string"}, "accelerator_count": {"type": "integer", "minimum": 0}}},
      "replica_count": {"type": "integer", "minimum": 1},
      "container_spec": {"type": "object", "properties": {"image_uri": {"type": "string"}}},
      "disk_spec": {"type": "object"}}}},
    "staging_bucket": {"type": "string"}, "base_output_dir": {"type": "string"}, "encryption_spec_key_name": {"type": "string"},
    "labels": {"type": "object"}, "service_account": {"type": "string"}}},
  "run": {"type": "object", "properties": {
    "timeout": {"type": "integer", "minimum": 1}, "service_account": {"type": "string"}, "network": {"type": "string"},
    "enable_web_access": {"type": "boolean", "default": false}, "experiment": {"type": "string"}, "experiment_run": {"type": "string"},
    "tensorboard": {"type": "string"}, "restart_job_on_worker_restart": {"type": "boolean", "default": false}}}}})";

}  // namespace

RunnerPlugin plugin() {
  RunnerPlugin record;
  record.name = "gcp-vertex";
  record.aliases = {"vertex", "vertex-ai", "vertexai", "gcp vertex", "google cloud vertex ai", "google vertex ai"};
  record.display_name = "GCP Vertex";
  record.doc = kDoc;
  record.default_config = boost::json::parse(kDefault);
  record.config_schema = boost::json::parse(kSchema);
  record.submitter_may_override = {"spec.worker_pool_specs.machine_spec", "spec.worker_pool_specs.replica_count",
                                   "run.timeout", "run.restart_job_on_worker_restart"};
  return record;
}

}  // namespace slipway::plugins::runners::vertex
