#include <fmt/format.h>

#include "agent/pipeline/pipeline.h"
#include "archive/archive.h"
#include "launch/item_state.h"

namespace slipway::agent {
namespace {

Json image_job(const std::string& image) {
  JsonObject source{{"image", image}};
  return JsonObject{{"source_type", "image"}, {"source", std::move(source)}};
}

}  // namespace

Task<> fetch(Job& job) {
  job.failure_class = launch::failure::source;
  auto& log = job.log;
  plugins::FetchRequest request;
  request.log = [&log](std::string_view line) { log.line(fmt::format("[slipway] {}", line)); };
  if (job.spec.job.empty()) {
    CO_TRY_VOID(launch::check_source(job.spec));
    request.job = image_job(job.spec.docker_image);
  } else {
    job.log.line(fmt::format("[slipway] fetching the job {}", job.spec.job));
    CO_TRY(const auto artifact, co_await job.services.artifacts().fetch(job.spec.job, request.log));
    job.job_version = artifact.qualified_name;
    request.job_dir = artifact.dir;
    CO_TRY(const std::string text, archive::read_file(artifact.dir / "wandb-job.json"));
    auto document = parse_json(text);
    if (!document)
      co_return std::move(document).error().wrap(fmt::format("reading wandb-job.json of {}", artifact.qualified_name));
    request.job = *std::move(document);
  }
  CO_TRY(auto* source, job.services.source(text_or(request.job, "source_type")));
  CO_TRY(job.source, co_await source->fetch(std::move(request)));
  job.entry_point = job.spec.overrides.entry_point.empty() ? job.source.entry_point : job.spec.overrides.entry_point;
  co_return Result<>();
}

}  // namespace slipway::agent
