#include "server/api/authenticator.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ids.h"
#include "base/strings.h"
#include "server/service/key.h"

namespace slipway::server {
namespace {

constexpr auto kRemember = std::chrono::seconds(10);
constexpr std::size_t kMostRemembered = 10'000;

Error wrong_key() {
  return Error(Code::unauthenticated, "the API key is not known to this server, or it was revoked")
      .hint("Sign in anew with: slipway login, or check WANDB_API_KEY and WANDB_BASE_URL.");
}

/// The key in an Authorization header; nothing when there is none, an error when there is something else.
Result<std::optional<std::string>> key_of(std::string_view header) {
  if (header.empty()) return std::optional<std::string>();
  const auto space = header.find(' ');
  const std::string scheme = lower(header.substr(0, space));
  const std::string_view rest = space == std::string_view::npos ? std::string_view() : trim(header.substr(space + 1));
  if (scheme == "bearer") return std::optional(std::string(rest));
  if (scheme != "basic") return Error(Code::unauthenticated, "this server takes API keys, as HTTP Basic or Bearer");
  const auto decoded = from_base64(rest);
  const auto colon = decoded ? decoded->find(':') : std::string::npos;
  if (colon == std::string::npos)
    return Error(Code::unauthenticated, "the Authorization header is not HTTP Basic of 'api:<key>'");
  return std::optional(decoded->substr(colon + 1));
}

/// The Host header goes into addresses that clients are given: anything unusual is left out.
std::string base_url(const net::ServerRequest& request) {
  const std::string_view host = request.headers.get("Host");
  const auto legal = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == ':' || c == '[' || c == ']';
  };
  if (host.empty() || host.size() > 255 || !std::ranges::all_of(host, legal)) return "";
  return fmt::format("http://{}", host);
}

}  // namespace

std::string cookie_value(const net::ServerRequest& request, std::string_view name) {
  for (const auto& part : split(request.headers.get("Cookie"), ';')) {
    const std::string_view cookie = trim(part);
    const auto equals = cookie.find('=');
    if (equals != std::string_view::npos && cookie.substr(0, equals) == name)
      return std::string(cookie.substr(equals + 1));
  }
  return "";
}

Task<Principal> Authenticator::principal_of_key(std::string key_hash) {
  const auto now = std::chrono::steady_clock::now();
  if (const auto found = known_.find(key_hash); found != known_.end() && found->second.until > now)
    co_return found->second.principal;
  auto principal = co_await store_.authenticate(key_hash);
  if (!principal) {
    known_.erase(key_hash);
    if (principal.error().code() == Code::not_found) co_return wrong_key();
    co_return std::move(principal).error();
  }
  if (known_.size() >= kMostRemembered) known_.clear();
  known_[key_hash] = {*principal, now + kRemember};
  co_return principal;
}

Task<> Authenticator::act_for(Principal& principal, std::string username) {
  CO_TRY(const auto person, co_await store_.find_user(username));
  if (!person || person->service) co_return Result<>();
  // Only for people who share one of the account's entities; the claim of anybody else is not believed.
  for (const auto& membership : principal.memberships) {
    CO_TRY(const auto members, co_await store_.list_members(membership.entity.id));
    if (std::ranges::any_of(members, [&](const auto& member) { return member.first.id == person->id; })) {
      principal.acting_for = person->name;
      break;
    }
  }
  co_return Result<>();
}

Task<std::shared_ptr<RequestContext>> Authenticator::identify(net::ServerRequest request) {
  static const std::string kStart = random_hex(4);
  auto context = std::make_shared<RequestContext>();
  context->request_id = fmt::format("{}-{}", kStart, ++requests_);
  context->peer = request.peer;
  context->base_url = public_url_.empty() ? base_url(request) : public_url_;
  CO_TRY(const auto key, key_of(request.headers.get("Authorization")));
  std::string hash;
  if (key) {
    if (!looks_like_key(*key)) co_return wrong_key();
    hash = key_hash(*key);
    context->credential = Credential::api_key;
  } else if (const std::string cookie = cookie_value(request, kSessionCookie); !cookie.empty()) {
    const auto session = sessions_.find(cookie);
    if (!session) co_return Error(Code::unauthenticated, "the session has ended: sign in again");
    hash = *session;
    context->credential = Credential::session;
  } else {
    co_return context;
  }
  CO_TRY(context->principal, co_await principal_of_key(hash));
  const std::string_view username = request.headers.get("X-WANDB-USERNAME");
  if (context->principal.user.service && !username.empty())
    CO_TRY_VOID(co_await act_for(context->principal, std::string(username)));
  co_return context;
}

}  // namespace slipway::server
