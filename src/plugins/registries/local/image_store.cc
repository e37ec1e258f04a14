#include "plugins/registries/local/image_store.h"

#include "base/json.h"
#include "base/strings.h"
#include "proc/process.h"

namespace slipway::plugins::registries::local {
namespace {

Result<StoredImage> read_inspection(const std::string& text) {
  TRY(const auto value, parse_json(text));
  StoredImage image{.id = text_or(value, "Id")};
  if (image.id.empty()) return Error(Code::internal, "docker image inspect gave no image id");
  if (const auto* digests = find(value, "RepoDigests"); digests && digests->is_array()) {
    for (const auto& digest : digests->get_array()) {
      if (digest.is_string()) image.repo_digests.emplace_back(digest.get_string());
    }
  }
  return image;
}

}  // namespace

std::optional<Error> daemon_error(const std::string& output) {
  const auto text = lower(output);
  const bool away = text.find("cannot connect to the docker daemon") != std::string::npos ||
                    text.find("error during connect") != std::string::npos ||
                    text.find("is the docker daemon running") != std::string::npos;
  const bool forbidden = text.find("permission denied while trying to connect") != std::string::npos;
  if (forbidden) {
    return Error(Code::failed_precondition, "this user may not talk to the Docker daemon")
        .hint("Add the user to the group 'docker' and log in again, or use rootless Docker.");
  }
  if (!away) return std::nullopt;
  return Error(Code::unavailable, "the Docker daemon does not answer")
      .hint("Start it, or set DOCKER_HOST to where it listens.");
}

Task<std::optional<StoredImage>> inspect_image(std::map<std::string, std::string> env, std::string reference) {
  proc::ProcessSpec spec;
  spec.argv = {"docker", "image", "inspect", "--format", "{{json .}}", "--", reference};
  spec.env = std::move(env);
  spec.timeout = Millis(60'000);
  CO_TRY(const auto result, co_await proc::run(std::move(spec)));
  if (result.ok()) {
    CO_TRY(auto image, read_inspection(result.out));
    co_return std::optional<StoredImage>(std::move(image));
  }
  if (lower(result.err).find("no such image") != std::string::npos) co_return std::optional<StoredImage>();
  if (auto error = daemon_error(result.err)) co_return std::move(*error).wrap("looking for the image " + reference);
  co_return Error(Code::unavailable, "looking for the image " + reference + ": " + result.tail(3));
}

}  // namespace slipway::plugins::registries::local
