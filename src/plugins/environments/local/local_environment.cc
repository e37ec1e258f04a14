#include "plugins/environments/local/local_environment.h"

namespace slipway::plugins::environments::local {
namespace {

class LocalEnvironment final : public Environment {
 public:
  Task<> verify() override { co_return Result<>(); }
};

}  // namespace

EnvironmentPlugin plugin() {
  return {.name = "local",
          .doc = "This machine, without a cloud account.",
          .create = [](Context&, const Json&) -> Result<std::unique_ptr<Environment>> {
            return std::make_unique<LocalEnvironment>();
          }};
}

}  // namespace slipway::plugins::environments::local
