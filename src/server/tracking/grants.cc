#include "server/tracking/grants.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>

#include "archive/archive.h"
#include "base/ids.h"
#include "base/json.h"

namespace slipway::server {

namespace {

/// Base64 without the characters that mean something in an address.
std::string to_url_text(std::string_view bytes) {
  std::string text = to_base64(bytes);
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  text.erase(std::ranges::find(text, '='), text.end());
  return text;
}

std::optional<std::string> from_url_text(std::string_view text) {
  std::string padded(text);
  if (padded.find_first_of("+/=") != std::string::npos) return std::nullopt;
  std::ranges::replace(padded, '-', '+');
  std::ranges::replace(padded, '_', '/');
  padded.append((4 - padded.size() % 4) % 4, '=');
  return from_base64(padded);
}

Error not_ours() {
  return Error(Code::permission_denied, "this address was not given out by this server, or it was changed")
      .hint("Ask the API for a new one.");
}

}  // namespace

Result<Grants> Grants::load(const std::filesystem::path& key_file, const Clock& clock) {
  std::error_code ignored;
  if (!std::filesystem::exists(key_file, ignored)) {
    auto written = archive::write_file_atomically(key_file, random_hex(32) + "\n", 0600);
    if (!written) return std::move(written).error().wrap("making the key of signed addresses");
  }
  auto text = archive::read_file(key_file, 1024);
  if (!text) return std::move(text).error().wrap("reading the key of signed addresses");
  while (text->ends_with('\n')) text->pop_back();
  const auto key = from_hex(*text);
  if (!key || key->size() < 32) {
    return Error(Code::failed_precondition, "the key of signed addresses in " + key_file.string() + " is damaged")
        .hint("Remove the file: a new key is made, and addresses given out before stop working.");
  }
  return Grants(Secret(*key), clock);
}

std::string Grants::address(const Grant& grant, Millis lifetime) const {
  const Json claims = {static_cast<int>(grant.kind),   grant.entity, grant.digest, grant.owner, grant.name,
                       clock_.now() + lifetime.count()};
  const std::string body = to_url_text(to_text(claims));
  return "/storage/" + body + "." + to_url_text(hmac_sha256(key_.reveal(), body));
}

Result<Grant> Grants::verify(std::string_view token) const {
  const auto dot = token.find('.');
  if (dot == std::string_view::npos || token.size() > 8192) return not_ours();
  const std::string_view body = token.substr(0, dot);
  const auto signature = from_url_text(token.substr(dot + 1));
  if (!signature || !constant_time_equal(*signature, hmac_sha256(key_.reveal(), body))) return not_ours();
  const auto text = from_url_text(body);
  if (!text) return not_ours();
  const auto claims = parse_json(*text);
  if (!claims || !claims->is_array() || claims->as_array().size() != 6) return not_ours();
  const JsonArray& list = claims->as_array();
  if (list[5].to_number<UnixMillis>() < clock_.now()) {
    return Error(Code::permission_denied, "this address has ended").hint("Ask the API for a new one.");
  }
  Grant grant;
  grant.kind = static_cast<GrantKind>(list[0].to_number<int>());
  grant.entity = list[1].as_string().c_str();
  grant.digest = list[2].as_string().c_str();
  grant.owner = list[3].to_number<std::int64_t>();
  grant.name = std::string_view(list[4].as_string());
  return grant;
}

}  // namespace slipway::server
