#include "plugins/builders/noop/noop_builder.h"

namespace slipway::plugins::builders::noop {
namespace {

class NoopBuilder final : public Builder {
 public:
  bool can_build() const override { return false; }
  Task<> verify() override { co_return Result<>(); }
  Task<BuiltImage> build(BuildRequest) override {
    co_return Error(Code::failed_precondition, "this agent cannot build images: its builder is 'noop'")
        .hint("Set builder.type to docker in launch-config.yaml, or launch a job that has an image.");
  }
};

}  // namespace

BuilderPlugin plugin() {
  return {.name = "noop",
          .doc = "Never builds. Image jobs run as they are; code runs on a base image with its source mounted.",
          .create = [](Context&, const Json&, std::shared_ptr<Registry>) -> Result<std::unique_ptr<Builder>> {
            return std::make_unique<NoopBuilder>();
          }};
}

}  // namespace slipway::plugins::builders::noop
