#include "plugins/builders/docker/base_identity.h"

#include <algorithm>

#include "plugins/builders/docker/docker_cli.h"
#include "plugins/registries/local/image_store.h"

namespace slipway::plugins::builders::docker {
namespace {

std::string identity_of(const registries::local::StoredImage& image, const launch::ImageRef& ref) {
  const auto wanted = ref.repository() + "@";
  const auto& all = image.repo_digests;
  auto found = std::ranges::find_if(all, [&](const std::string& digest) { return digest.starts_with(wanted); });
  if (found == all.end()) found = all.begin();
  return found == all.end() ? image.id : found->substr(found->find('@') + 1);
}

}  // namespace

Task<std::string> base_identity(std::map<std::string, std::string> env,
                                std::shared_ptr<registries::oci::RegistryClient> client, std::string image, Pull pull,
                                LineSink log) {
  auto ref = launch::parse_image_ref(image);
  if (!ref) co_return std::move(ref).error().wrap("base image");
  if (!ref->digest.empty()) co_return ref->digest;
  if (pull == Pull::missing) {
    CO_TRY(const auto stored, co_await registries::local::inspect_image(env, image));
    if (stored) co_return identity_of(*stored, *ref);
    const auto digest = co_await client->manifest_digest(*ref);
    if (digest && *digest && !(*digest)->empty()) co_return **digest;
  }
  if (log) log("docker pull " + image);
  std::vector<std::string> arguments = {"pull", "--quiet", "--", image};
  CO_TRY(const auto pulled, co_await run_docker(env, std::move(arguments), Millis(3'600'000), log));
  CO_TRY(const auto stored, co_await registries::local::inspect_image(env, image));
  if (stored) co_return identity_of(*stored, *ref);
  co_return Error(pulled.exit_code == 0 ? Code::internal : Code::failed_precondition,
                  "the base image '" + image + "' cannot be had:" + pulled.tail())
      .hint(
          "Check its name and the agent's network, or set builder.python-image in launch-config.yaml to an image that "
          "is there.");
}

}  // namespace slipway::plugins::builders::docker
