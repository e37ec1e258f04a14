#include "plugins/registries/local/local_registry.h"

#include "plugins/registries/local/image_store.h"

namespace slipway::plugins::registries::local {
namespace {

class LocalRegistry final : public Registry {
 public:
  explicit LocalRegistry(Context& context) : context_(context) {}
  std::string repository() const override { return ""; }
  Task<std::optional<RegistryLogin>> login() override { co_return std::optional<RegistryLogin>(); }
  Task<bool> image_exists(std::string tag) override {
    CO_TRY(const auto image, co_await inspect_image(context_.env, std::move(tag)));
    co_return image.has_value();
  }

 private:
  Context& context_;
};

}  // namespace

RegistryPlugin plugin() {
  return {.name = "local",
          .doc = "The image store of the local Docker daemon.",
          .matches = [](const std::string& destination) { return destination.empty() ? 1 : 0; },
          .create = [](Context& context, const std::string&, const Json&, Environment*)
              -> Result<std::unique_ptr<Registry>> { return std::make_unique<LocalRegistry>(context); }};
}

}  // namespace slipway::plugins::registries::local
