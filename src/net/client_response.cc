#include <algorithm>
#include <charconv>
#include <ctime>

#include <curl/curl.h>
#include <fmt/format.h>

#include "base/strings.h"
#include "net/http_client.h"

namespace slipway::net {
namespace {

constexpr std::size_t kShownBody = 500;

Code code_of(int status) {
  switch (status) {
    case 401:
      return Code::unauthenticated;
    case 403:
      return Code::permission_denied;
    case 404:
    case 410:
      return Code::not_found;
    case 409:
      return Code::conflict;
    case 408:
    case 504:
      return Code::deadline_exceeded;
    case 413:
    case 507:
      return Code::resource_exhausted;
    case 412:
    case 422:
      return Code::failed_precondition;
    case 429:
      return Code::unavailable;
    case 501:
      return Code::failed_precondition;
    default:
      break;
  }
  if (status >= 500) return Code::unavailable;
  return status >= 400 ? Code::invalid_argument : Code::failed_precondition;
}

}  // namespace

std::optional<Millis> ClientResponse::retry_after() const {
  const std::string text(trim(headers.get("Retry-After")));
  if (text.empty()) return std::nullopt;
  // Beyond a day nobody waits, and the arithmetic below stays small.
  constexpr std::int64_t kMost = 86'400;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error == std::errc() && end == text.data() + text.size())
    return Millis(1000 * std::clamp<std::int64_t>(seconds, 0, kMost));
  const auto when = static_cast<std::int64_t>(curl_getdate(text.c_str(), nullptr));
  if (when < 0) return std::nullopt;
  const auto now = static_cast<std::int64_t>(std::time(nullptr));
  return Millis(1000 * std::clamp<std::int64_t>(when - now, 0, kMost));
}

Result<ClientResponse> expect_success(ClientResponse response, std::string_view doing) {
  if (response.status >= 200 && response.status < 300) return response;
  const auto body = to_utf8_lossy(std::string_view(response.body).substr(0, kShownBody));
  const auto shown = std::string(trim(body));
  auto text = fmt::format("{}: the server answered {}{}{}", doing, response.status, shown.empty() ? "" : ": ", shown);
  return Error(code_of(response.status), std::move(text));
}

}  // namespace slipway::net
