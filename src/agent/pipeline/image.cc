#include <fmt/format.h>

#include "agent/pipeline/pipeline.h"
#include "launch/item_state.h"
#include "launch/names.h"

namespace slipway::agent {
namespace {

/// builder.accelerator.base_image, or builder.cuda.base_image of before 0.15.6 (S-143).
std::string accelerator_image(const Json& builder_args) {
  for (const char* key : {"accelerator", "cuda"}) {
    const Json* block = find(builder_args, key);
    if (block && !text_or(*block, "base_image").empty()) return text_or(*block, "base_image");
  }
  return "";
}

std::string default_base_image(const Job& job) {
  const std::string chosen = text_or(job.builder_args, "base_image");
  if (!chosen.empty()) return chosen;
  const std::string version = job.source.python_version.empty() ? "3.12" : job.source.python_version;
  return "python:" + version + "-slim";
}

/// The project's folder name for images that only this machine has: from the job's name, or the item's run.
std::string local_image_name(const Job& job) {
  const std::string& version = job.job_version;
  const auto colon = version.rfind(':');
  return launch::docker_image_name(version.empty() ? "slipway/" + job.spec.run_id : version.substr(0, colon));
}

Task<> build(Job& job) {
  job.failure_class = launch::failure::build;
  auto& log = job.log;
  plugins::BuildRequest request;
  request.source = job.source;
  request.entry_point = job.entry_point;
  request.override_dockerfile = job.spec.overrides.dockerfile;
  request.accelerator_base_image = accelerator_image(job.builder_args);
  request.resource = job.resource->name;
  request.user_id = job.spec.user_id.value_or(1000);
  request.image_name = local_image_name(job);
  request.log = [&log](std::string_view line) { log.line(fmt::format("[build] {}", line)); };
  Report building;
  building.stage = "build";
  CO_TRY_VOID(co_await job.reporter.tell(std::move(building)));
  CO_TRY(auto built, co_await job.services.builder().build(std::move(request)));
  job.image = std::move(built.reference);
  job.source_in_image = true;
  job.entry_point_in_image = built.entry_point_in_image;
  job.entry_point = std::move(built.entry_point);
  job.log.line(fmt::format("[slipway] {} {}", built.reused ? "the image exists:" : "built", job.image));
  for (auto& warning : built.warnings) {
    Report warned;
    warned.stage = "build";
    warned.warning = std::move(warning);
    CO_TRY_VOID(co_await job.reporter.tell(std::move(warned)));
  }
  co_return Result<>();
}

}  // namespace

Task<> choose_image(Job& job) {
  const auto& source = job.source;
  if (!job.resource->needs_image) {
    job.failure_class = launch::failure::refused;
    if (source.dir.empty()) {
      co_return Error(Code::invalid_argument, fmt::format("{} runs code in place and cannot run the image {}",
                                                          job.resource->display_name, source.image))
          .hint("Push the item to a queue of resource local-container.");
    }
    if (job.entry_point.empty()) {
      co_return Error(Code::invalid_argument, "the job has no entry point").hint("Give one with --entry-point.");
    }
    co_return Result<>();
  }
  if (!source.image.empty()) {
    job.image = source.image;
  } else if (!source.base_image.empty()) {
    job.image = source.base_image;
  } else if (job.services.builder().can_build()) {
    CO_TRY_VOID(co_await build(job));
  } else {
    job.image = default_base_image(job);
    job.install_dependencies = true;
    job.log.line(fmt::format("[slipway] no builder: running on {} with the source mounted", job.image));
  }
  co_return Result<>();
}

}  // namespace slipway::agent
