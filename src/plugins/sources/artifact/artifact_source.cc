#include "plugins/sources/artifact/artifact_source.h"

#include "launch/job.h"
#include "plugins/sources/artifact/artifact_fetcher.h"
#include "plugins/sources/code_job.h"

namespace slipway::plugins::sources::artifact {
namespace {

class ArtifactSource final : public Source {
 public:
  explicit ArtifactSource(Context& context) : fetcher_(context) {}

  Task<FetchedSource> fetch(FetchRequest request) override {
    CO_TRY(const auto job, launch::parse_job_file(request.job));
    CO_TRY(const auto code, co_await fetcher_.fetch(job.artifact, request.log));
    // The manifest's digest, not the name: two names of one content are one source.
    CO_TRY(auto fetched, describe_code_job(job, code.dir, code.digest));
    fetched.job_dir = request.job_dir;
    co_return fetched;
  }

 private:
  ArtifactFetcher fetcher_;
};

}  // namespace

SourcePlugin plugin() {
  return {.name = "artifact",
          .doc = "An uploaded directory, kept as an artifact of the server.",
          .create = [](Context& context) -> Result<std::unique_ptr<Source>> {
            if (!context.api) return Error(Code::failed_precondition, "code artifacts need a server to download from");
            return std::make_unique<ArtifactSource>(context);
          }};
}

}  // namespace slipway::plugins::sources::artifact
