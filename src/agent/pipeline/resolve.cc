#include <fmt/format.h>

#include "agent/pipeline/pipeline.h"
#include "launch/item_state.h"
#include "launch/names.h"
#include "launch/policy.h"

namespace slipway::agent {
namespace {

/// The resource's document out of resource_args, under its wire name or any alias.
JsonObject document_of(const JsonObject& resource_args, const plugins::RunnerPlugin& resource) {
  for (const auto& member : resource_args) {
    if (plugins::catalog().runner(member.key()) == &resource && member.value().is_object())
      return member.value().get_object();
  }
  return {};
}

}  // namespace

Result<> read_spec(Job& job) {
  TRY(job.spec, launch::parse_launch_spec(job.lease.spec));
  if (job.spec.run_id.empty()) job.spec.run_id = job.lease.run_name;
  if (job.spec.entity.empty()) job.spec.entity = job.lease.run_entity;
  if (job.spec.project.empty()) job.spec.project = job.lease.run_project;
  if (job.spec.author.empty()) job.spec.author = job.lease.author;

  const launch::BackendLabels labels{.server = job.server_id,
                                     .item = job.lease.item_id,
                                     .attempt = job.lease.attempt,
                                     .queue = job.lease.queue,
                                     .run = job.spec.run_id};
  job.identity.name = launch::backend_name(job.spec.run_id, job.lease.attempt);
  job.identity.labels = launch::backend_labels(labels);
  if (job.spec.resource.empty()) job.spec.resource = "local-container";
  return {};
}

void use_target(Job& job, const Services::Target& target) {
  job.resource = target.plugin;
  job.runner = target.runner;
  job.resource_args = document_of(job.spec.resource_args, *job.resource);
  if (const Json* builder = find(job.resource_args, "builder")) {
    job.builder_args = *builder;
    job.resource_args.erase("builder");
  }
}

Task<> resolve(Job& job) {
  job.failure_class = launch::failure::refused;
  CO_TRY_VOID(read_spec(job));
  job.failure_class = launch::failure::backend;
  CO_TRY(const auto target, co_await job.services.target(job.spec.resource));
  use_target(job, target);
  if (job.services.config().secure_mode) {
    auto problems = launch::check_secure_mode(job.spec, Json(job.resource_args));
    if (problems.empty() && job.resource->refuse) problems = job.resource->refuse(Json(job.resource_args));
    if (!problems.empty()) {
      job.failure_class = launch::failure::refused;
      co_return Error(Code::permission_denied, "this agent runs in secure mode and refuses the item",
                      std::move(problems));
    }
  }
  co_return Result<>();
}

}  // namespace slipway::agent
