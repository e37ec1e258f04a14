#include "plugins/sources/image/image_source.h"

#include "launch/image_ref.h"
#include "launch/job.h"

namespace slipway::plugins::sources::image {
namespace {

class ImageSource final : public Source {
 public:
  Task<FetchedSource> fetch(FetchRequest request) override {
    CO_TRY(const auto job, launch::parse_job_file(request.job));
    // The runner pulls it; here only its spelling is checked, so that a bad reference fails with the reason.
    CO_TRY_VOID(launch::parse_image_ref(job.image));
    FetchedSource fetched;
    fetched.image = job.image;
    fetched.identity = job.image;
    fetched.entry_point = job.entry_point;
    co_return fetched;
  }
};

}  // namespace

SourcePlugin plugin() {
  return {.name = "image",
          .doc = "A ready-made image. Nothing is built.",
          .create = [](Context&) -> Result<std::unique_ptr<Source>> { return std::make_unique<ImageSource>(); }};
}

}  // namespace slipway::plugins::sources::image
