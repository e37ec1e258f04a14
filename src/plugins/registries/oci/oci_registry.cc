#include "plugins/registries/oci/oci_registry.h"

#include "launch/image_ref.h"
#include "plugins/registries/oci/registry_client.h"

namespace slipway::plugins::registries::oci {
namespace {

class OciRegistry final : public Registry {
 public:
  OciRegistry(Context& context, launch::ImageRef where, std::set<std::string> insecure)
      : env_(context.env), where_(std::move(where)), client_(context.http, context.env, std::move(insecure)) {}

  std::string repository() const override { return where_.repository(); }

  Task<std::optional<RegistryLogin>> login() override {
    const auto server = where_.registry.empty() ? std::string("docker.io") : where_.registry;
    CO_TRY(auto found, co_await find_credentials(env_, server));
    // An identity token is no password; Docker itself knows what to do with it.
    if (!found || found->password.empty()) co_return std::optional<RegistryLogin>();
    RegistryLogin login{.server = server, .user = found->user, .password = found->password};
    co_return std::optional<RegistryLogin>(std::move(login));
  }

  Task<bool> image_exists(std::string tag) override {
    auto image = where_;
    image.tag = std::move(tag);
    CO_TRY(const auto digest, co_await client_.manifest_digest(std::move(image)));
    co_return digest.has_value();
  }

 private:
  std::map<std::string, std::string> env_;
  launch::ImageRef where_;
  RegistryClient client_;
};

Result<std::unique_ptr<Registry>> create(Context& context, const std::string& destination, const Json& config,
                                         Environment*) {
  TRY(const auto parsed, launch::parse_destination(destination));
  TRY(auto where, launch::parse_image_ref(parsed.repository));
  std::set<std::string> insecure;
  if (bool_or(config, "insecure", false)) insecure.insert(where.registry);
  return std::make_unique<OciRegistry>(context, std::move(where), std::move(insecure));
}

}  // namespace

RegistryPlugin plugin() {
  return {
      .name = "oci",
      .doc = "Any OCI registry, with the logins that Docker has on this machine. `insecure: true` allows plain HTTP.",
      .matches =
          [](const std::string& destination) {
            return !destination.empty() && launch::parse_destination(destination) ? 1 : 0;
          },
      .create = create};
}

}  // namespace slipway::plugins::registries::oci
