#include "plugins/registries/oci/registry_client.h"

#include <algorithm>

#include "base/ids.h"
#include "base/json.h"
#include "base/strings.h"

namespace slipway::plugins::registries::oci {
namespace {

constexpr std::string_view kManifestTypes =
    "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, "
    "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";
constexpr std::string_view kHub = "registry-1.docker.io";

bool is_loopback(std::string_view host) {
  const auto name = host.substr(0, host.starts_with('[') ? host.find(']') + 1 : host.find(':'));
  return name == "localhost" || name == "[::1]" || name.starts_with("127.");
}

std::string api_host(const launch::ImageRef& image) {
  const bool hub = image.registry.empty() || image.registry == "docker.io" || image.registry == "index.docker.io";
  return hub ? std::string(kHub) : image.registry;
}

std::string api_path(const launch::ImageRef& image) {
  const bool official = api_host(image) == kHub && image.path.find('/') == std::string::npos;
  return official ? "library/" + image.path : image.path;
}

std::string login_name(const std::string& host) { return host == kHub ? "docker.io" : host; }

std::string basic_header(const Credentials& login) {
  return "Basic " + to_base64(login.user + ":" + login.password.reveal());
}

/// Registries answer 404 for what a caller may not see too; their own words are kept for the other failures.
Error refusal(const net::ClientResponse& response, const std::string& host, const std::string& what) {
  const auto says = "the registry " + host + " answered " + std::to_string(response.status) + " for " + what;
  if (response.status == 401) {
    return Error(Code::unauthenticated, says).hint("Log in on the agent's machine: docker login " + login_name(host));
  }
  if (response.status == 403) {
    return Error(Code::permission_denied, says)
        .hint("The login that Docker has for " + login_name(host) + " may not read that repository.");
  }
  const bool passing = response.status == 429 || response.status >= 500;
  return Error(passing ? Code::unavailable : Code::failed_precondition, says);
}

}  // namespace

RegistryClient::RegistryClient(std::shared_ptr<net::HttpClient> http, std::map<std::string, std::string> env,
                               std::set<std::string> insecure)
    : http_(std::move(http)), env_(std::move(env)), insecure_(std::move(insecure)) {}

bool RegistryClient::may_be_plain(const std::string& host) const {
  return is_loopback(host) || insecure_.contains(host);
}

Task<std::optional<std::string>> RegistryClient::manifest_digest(launch::ImageRef image) {
  const auto host = api_host(image);
  const auto repository = api_path(image);
  const auto what = image.to_string();
  const auto reference = !image.digest.empty() ? image.digest : image.tag.empty() ? std::string("latest") : image.tag;
  const auto path = "/v2/" + repository + "/manifests/" + reference;

  std::string authorization;
  const auto token = tokens_.find(host + "/" + repository);
  if (token != tokens_.end() && token->second.expires > Clock::now())
    authorization = "Bearer " + token->second.value.reveal();
  if (basic_.contains(host)) {
    const Challenge basic{.scheme = "basic", .values = {}};
    CO_TRY(authorization, co_await authorize(basic, host, repository));
  }
  CO_TRY(auto response, co_await head(host, path, authorization));
  if (response.status == 401) {
    const auto challenges = parse_challenges(response.headers.get("www-authenticate"));
    const auto known =
        std::ranges::find_if(challenges, [](const auto& c) { return c.scheme == "bearer" || c.scheme == "basic"; });
    if (known == challenges.end()) co_return refusal(response, host, what);
    const auto challenge = *known;
    CO_TRY(authorization, co_await authorize(challenge, host, repository));
    if (authorization.empty()) co_return refusal(response, host, what);
    CO_TRY(response, co_await head(host, path, authorization));
  }
  if (response.status == 404) co_return std::optional<std::string>();
  if (response.status != 200) co_return refusal(response, host, what);
  co_return std::optional<std::string>(std::string(response.headers.get("docker-content-digest")));
}

Task<net::ClientResponse> RegistryClient::head(std::string host, std::string path, std::string authorization) {
  if (!may_be_plain(host)) co_return co_await head_by("https", host, path, authorization);
  if (const auto known = schemes_.find(host); known != schemes_.end()) {
    const auto scheme = known->second;
    co_return co_await head_by(scheme, host, path, authorization);
  }
  auto secured = co_await head_by("https", host, path, authorization);
  if (secured) {
    schemes_[host] = "https";
    co_return secured;
  }
  if (secured.error().code() != Code::unavailable) co_return secured;
  auto plain = co_await head_by("http", host, path, authorization);
  if (plain) schemes_[host] = "http";
  co_return plain;
}

Task<net::ClientResponse> RegistryClient::head_by(std::string scheme, std::string host, std::string path,
                                                  std::string authorization) {
  net::ClientRequest request;
  request.method = "HEAD";
  request.url = scheme + "://" + host + path;
  request.headers.set("Accept", std::string(kManifestTypes));
  if (!authorization.empty()) request.headers.set("Authorization", std::move(authorization));
  request.timeout = Millis(30'000);
  request.follow_redirects = true;
  auto response = co_await http_->send(std::move(request));
  if (!response) co_return std::move(response).error().wrap("asking the registry " + host);
  co_return response;
}

Task<std::string> RegistryClient::authorize(Challenge challenge, std::string host, std::string repository) {
  if (challenge.scheme == "basic") {
    CO_TRY(const auto login, co_await find_credentials(env_, login_name(host)));
    if (!login || login->password.empty()) co_return std::string();
    basic_.insert(host);
    co_return basic_header(*login);
  }
  CO_TRY(const auto token, co_await fetch_token(std::move(challenge), host, repository));
  co_return "Bearer " + token.reveal();
}

Task<Secret> RegistryClient::fetch_token(Challenge challenge, std::string host, std::string repository) {
  const auto realm = challenge.values["realm"];
  auto service = challenge.values["service"];
  const auto url = net::parse_url(realm);
  const bool plain = url && url->scheme == "http" && may_be_plain(url->host + ":" + std::to_string(url->port));
  if (!url || (url->scheme != "https" && !plain)) {
    co_return Error(Code::failed_precondition,
                    "the registry " + host + " asks to log in at '" + realm + "', which is no https address");
  }
  const auto scope = "repository:" + repository + ":pull";
  CO_TRY(const auto login, co_await find_credentials(env_, login_name(host)));
  net::ClientRequest request;
  const auto query = "service=" + net::url_encode(service) + "&scope=" + net::url_encode(scope);
  if (login && !login->identity_token.empty()) {
    request.method = "POST";
    request.url = realm;
    request.headers.set("Content-Type", "application/x-www-form-urlencoded");
    request.body =
        "grant_type=refresh_token&client_id=slipway&refresh_token=" + net::url_encode(login->identity_token.reveal()) +
        "&" + query;
  } else {
    request.url = realm + (realm.find('?') == std::string::npos ? "?" : "&") + query;
    if (login) request.headers.set("Authorization", basic_header(*login));
  }
  request.timeout = Millis(30'000);
  auto response = co_await http_->send(std::move(request));
  if (!response) co_return std::move(response).error().wrap("logging in to the registry " + host);
  if (response->status != 200) co_return refusal(*response, host, "a login");
  CO_TRY(const auto answer, parse_json(response->body));
  auto text = text_or(answer, "token");
  if (text.empty()) text = text_or(answer, "access_token");
  if (text.empty())
    co_return Error(Code::failed_precondition, "the registry " + host + " gave an answer without a token");
  const auto lifetime = std::chrono::seconds(std::clamp<std::int64_t>(int_or(answer, "expires_in", 60), 10, 3600) - 5);
  Secret token(std::move(text));
  tokens_[host + "/" + repository] = {token, Clock::now() + lifetime};
  co_return token;
}

}  // namespace slipway::plugins::registries::oci
