#include "plugins/runners/local_container/image_pull.h"

#include <set>

#include <fmt/format.h>

#include "base/ids.h"
#include "base/strings.h"
#include "launch/image_ref.h"
#include "plugins/registries/oci/docker_credentials.h"

namespace slipway::plugins::runners::local_container {
namespace {

constexpr Millis kStalled{120'000};        ///< Without any progress.
constexpr Millis kStalledLocally{15'000};  ///< The same, when there is an image to fall back on.

using registries::oci::Credentials;

void tell(const LineSink& sink, std::string_view line) {
  if (sink) sink(line);
}

/// The engine wants them in a header, in the URL-safe alphabet.
std::string registry_auth(const Credentials& credentials, const std::string& server) {
  JsonObject auth;
  auth["serveraddress"] = server;
  if (!credentials.identity_token.empty()) {
    auth["identitytoken"] = credentials.identity_token.reveal();
  } else {
    auth["username"] = credentials.user;
    auth["password"] = credentials.password.reveal();
  }
  return replace_all(replace_all(to_base64(to_text(Json(std::move(auth)))), "+", "-"), "/", "_");
}

/// Progress as lines: each layer's steps once, not every percent of them.
class PullProgress {
 public:
  explicit PullProgress(LineSink sink) : sink_(std::move(sink)) {}

  void take(std::string_view piece) {
    unfinished_.append(piece);
    for (auto end = unfinished_.find('\n'); end != std::string::npos; end = unfinished_.find('\n')) {
      take_line(unfinished_.substr(0, end));
      unfinished_.erase(0, end + 1);
    }
  }

  /// What the engine said went wrong, in the middle of its success.
  const std::string& error() const { return error_; }

 private:
  void take_line(const std::string& line) {
    const auto event = parse_json(line);
    if (!event) return;
    if (const std::string error = text_or(*event, "error"); !error.empty()) error_ = error;
    const std::string status = text_or(*event, "status");
    const std::string id = text_or(*event, "id");
    if (status.empty() || !seen_.insert({id, status}).second) return;
    tell(sink_, id.empty() ? status : id + ": " + status);
  }

  LineSink sink_;
  std::string unfinished_;
  std::string error_;
  std::set<std::pair<std::string, std::string>> seen_;
};

Error no_image(const std::string& image, const std::string& why) {
  return Error(Code::not_found, fmt::format("the image {} cannot be pulled: {}", image, why))
      .hint(
          "Check the spelling of the image and its tag. For a private registry, `docker login` as the user "
          "that runs the agent.");
}

bool mentions(std::string_view text, std::string_view what) { return text.find(what) != std::string_view::npos; }

Task<> pull(std::shared_ptr<EngineApi> engine, std::map<std::string, std::string> env, ImageWish wish,
            LineSink progress, Millis stalled) {
  CO_TRY(const auto reference, launch::parse_image_ref(wish.image));
  const std::string server = reference.registry.empty() ? "docker.io" : reference.registry;
  auto credentials = co_await registries::oci::find_credentials(env, server);
  if (!credentials) co_return no_image(wish.image, credentials.error().message());
  EngineApi::Stream request;
  request.method = "POST";
  request.path = "/images/create?fromImage=" + net::url_encode(reference.repository());
  request.path += "&tag=" + net::url_encode(!reference.digest.empty() ? reference.digest
                                            : reference.tag.empty()   ? "latest"
                                                                      : reference.tag);
  if (!wish.platform.empty()) request.path += "&platform=" + net::url_encode(wish.platform);
  if (*credentials) {
    const std::string address = server == "docker.io" ? "https://index.docker.io/v1/" : server;
    request.headers.set("X-Registry-Auth", registry_auth(**credentials, address));
  }
  request.idle_timeout = stalled;
  const auto shown = std::make_shared<PullProgress>(progress);
  request.consume = [shown](std::string piece) -> Task<bool> {
    shown->take(piece);
    co_return true;
  };
  const auto done = co_await engine->stream(std::move(request));
  if (!done && done.error().code() == Code::deadline_exceeded) {
    co_return no_image(wish.image,
                       fmt::format("the registry gave no progress for {}", human_duration(stalled.count())));
  }
  if (!done && (done.error().code() == Code::unavailable || done.error().code() == Code::cancelled)) co_return done;
  if (!done) co_return no_image(wish.image, done.error().message());
  if (mentions(shown->error(), "no space left")) {
    co_return no_image(wish.image, shown->error())
        .hint("Free space where the Docker engine keeps its data: docker system df shows what uses it.");
  }
  if (!shown->error().empty()) co_return no_image(wish.image, shown->error());
  co_return Result<>();
}

/// It came from that repository of a registry, so that there may be a newer one. What was built or imported
/// here has no such digest.
bool came_from_registry(const Json& image) {
  const Json* digests = slipway::find(image, "RepoDigests");
  return digests != nullptr && digests->is_array() && !digests->get_array().empty();
}

}  // namespace

Task<> ensure_image(std::shared_ptr<EngineApi> engine, std::map<std::string, std::string> env, ImageWish wish,
                    LineSink progress) {
  const auto local = co_await engine->get("/images/" + net::url_encode(wish.image) + "/json");
  if (!local && local.error().code() != Code::not_found) co_return local.error();
  if (wish.policy == "never" && !local) {
    co_return Error(Code::not_found, fmt::format("the image {} is not on this machine", wish.image))
        .hint("The queue says pull: never. Pull the image by hand, or change that.");
  }
  const bool by_digest = mentions(wish.image, "@");
  const bool enough = wish.policy == "missing" || wish.policy == "never" ||
                      (wish.policy.empty() && (by_digest || (local && !came_from_registry(*local))));
  if (local && enough) co_return Result<>();
  const bool may_fall_back = local && wish.policy.empty();
  auto pulled = co_await pull(engine, std::move(env), wish, progress, may_fall_back ? kStalledLocally : kStalled);
  if (pulled || !may_fall_back || pulled.error().code() != Code::not_found) co_return pulled;
  tell(progress, fmt::format("{}; the image on this machine is used", pulled.error().message()));
  co_return Result<>();
}

}  // namespace slipway::plugins::runners::local_container
