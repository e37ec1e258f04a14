#include "plugins/runners/sagemaker/sagemaker_record.h"

namespace slipway::plugins::runners::sagemaker {
namespace {

constexpr std::string_view kDoc =
    R"(Runs the job as an Amazon SageMaker training job. The configuration is the body of CreateTrainingJob; keys in snake_case are accepted.

`RoleArn` is the execution role of the training job, not the agent's own. `RoleArn`, `OutputDataConfig.S3OutputPath`, `ResourceConfig` and `StoppingCondition` have to be
filled. The image has to be in ECR before the job is submitted.

This version knows the resource and keeps its queues; its agent cannot run jobs on it yet.)";

// S-101: what the create-queue form starts with.
constexpr std::string_view kDefault = R"({
  "RoleArn": "REQUIRED",
  "ResourceConfig": {"InstanceType": "ml.m4.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 2},
  "OutputDataConfig": {"S3OutputPath": "REQUIRED"},
  "StoppingCondition": {"MaxRuntimeInSeconds": 3600}})";

// S-102: the least that a training job needs.
constexpr std::string_view kSchema = R"({"type": "object",
  "required": ["RoleArn", "OutputDataConfig", "ResourceConfig", "StoppingCondition"],
  "properties": {
    "RoleArn": {"description": "Execution role of the training job", "type": "string"},
    "TrainingJobName": {"type": "string"},
    "AlgorithmSpecification": {"type": "object"},
    "HyperParameters": {"type": "object"},
    "InputDataConfig": {"type": "array", "items": {"type": "object"}},
    "OutputDataConfig": {"type": "object", "required": ["S3OutputPath"], "properties": {"S3OutputPath": {"type": "string"}, "KmsKeyId": {"type": "string"}}},
    "ResourceConfig": {"type": "object", "properties": {
      "InstanceType": {"type": "string"}, "InstanceCount": {"type": "integer", "minimum": 1}, "VolumeSizeInGB": {"type": "integer", "minimum": 1}}},
    "StoppingCondition": {"type": "object", "properties": {
      "MaxRuntimeInSeconds": {"type": "integer", "minimum": 1}, "MaxWaitTimeInSeconds": {"type": "integer", "minimum": 1}}},
    "VpcConfig": {"type": "object"}, "Environment": {"type": "object"}, "Tags": {"type": "array", "items": {"type": "object"}},
    "EnableManagedSpotTraining": {"type": "boolean"}, "CheckpointConfig": {"type": "object"},
    "region": {"type": "string"}, "profile": {"type": "string"}}})";

}  // namespace

RunnerPlugin plugin() {
  RunnerPlugin record;
  record.name = "sagemaker";
  record.aliases = {"aws-sagemaker", "amazon sagemaker"};
  record.display_name = "SageMaker";
  record.doc = kDoc;
  record.default_config = boost::json::parse(kDefault);
  record.config_schema = boost::json::parse(kSchema);
  record.submitter_may_override = {"ResourceConfig", "StoppingCondition", "HyperParameters", "Environment", "Tags"};
  record.max_env_value = 512;
  return record;
}

}  // namespace slipway::plugins::runners::sagemaker
