#include "server/tracking/s3_signature.h"

#include <algorithm>
#include <chrono>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/ids.h"

namespace slipway::server {

std::string s3_encoded(std::string_view text, bool keep_slashes) {
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~").find(c) != std::string_view::npos;
    if (plain || (c == '/' && keep_slashes))
      encoded.push_back(c);
    else
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

std::string s3_query(const std::map<std::string, std::string>& query) {
  std::string text;
  for (const auto& [name, value] : query) {
    if (!text.empty()) text.push_back('&');
    text += s3_encoded(name, false) + "=" + s3_encoded(value, false);
  }
  return text;
}

net::Headers s3_headers(const S3Request& request, const S3Credentials& credentials, std::string_view region,
                        UnixMillis now) {
  const std::time_t seconds = now / 1000;
  const std::string time = fmt::format("{:%Y%m%dT%H%M%SZ}", fmt::gmtime(seconds));
  const std::string day = time.substr(0, 8);
  std::map<std::string, std::string> headers = {
      {"host", request.host}, {"x-amz-content-sha256", request.payload_sha256}, {"x-amz-date", time}};
  if (!credentials.session_token.empty()) headers["x-amz-security-token"] = credentials.session_token;

  std::string signed_names, lines;
  for (const auto& [name, value] : headers) {
    signed_names += (signed_names.empty() ? "" : ";") + name;
    lines += name + ":" + value + "\n";
  }
  const std::string canonical = fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, request.path,
                                            s3_query(request.query), lines, signed_names, request.payload_sha256);
  const std::string scope = fmt::format("{}/{}/s3/aws4_request", day, region);
  const std::string to_sign = fmt::format("AWS4-HMAC-SHA256\n{}\n{}\n{}", time, scope, sha256_hex(canonical));
  std::string key = "AWS4" + std::string(credentials.secret_key.reveal());
  for (const std::string_view part :
       {std::string_view(day), region, std::string_view("s3"), std::string_view("aws4_request")})
    key = hmac_sha256(key, part);

  net::Headers out;
  for (const auto& [name, value] : headers) {
    if (name != "host") out.set(name, value);
  }
  out.set("Authorization", fmt::format("AWS4-HMAC-SHA256 Credential={}/{}, SignedHeaders={}, Signature={}",
                                       credentials.access_key, scope, signed_names, to_hex(hmac_sha256(key, to_sign))));
  return out;
}

}  // namespace slipway::server
