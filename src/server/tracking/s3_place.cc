#include <algorithm>

#include <fmt/format.h>

#include "archive/archive.h"
#include "base/strings.h"
#include "server/tracking/s3_blobs.h"

namespace slipway::server {

namespace {

Error refused(std::string_view text, std::string message) {
  return Error(Code::invalid_argument, fmt::format("--blobs '{}': {}", text, message))
      .hint(
          "Say s3://BUCKET/PREFIX?endpoint=https://HOST:PORT&region=REGION; prefix, endpoint and region may be left "
          "out.");
}

bool is_bucket(std::string_view name) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-'; };
  return name.size() >= 3 && name.size() <= 63 && std::ranges::all_of(name, allowed);
}

bool is_endpoint(std::string_view url) {
  const auto scheme = url.starts_with("https://") ? 8u : url.starts_with("http://") ? 7u : 0u;
  const std::string_view host = url.substr(scheme);
  return scheme > 0 && !host.empty() && host.find_first_of("/?#@ ") == std::string_view::npos;
}

/// The settings of one profile of a credentials file.
std::string setting(std::string_view file, std::string_view profile, std::string_view name) {
  bool inside = false;
  for (const std::string& raw : split(file, '\n')) {
    const std::string_view line = trim(raw);
    if (line.starts_with('[')) inside = line == fmt::format("[{}]", profile);
    const std::size_t equals = line.find('=');
    if (inside && equals != std::string_view::npos && trim(line.substr(0, equals)) == name)
      return std::string(trim(line.substr(equals + 1)));
  }
  return "";
}

}  // namespace

Result<S3Place> parse_s3_place(std::string_view text) {
  if (!text.starts_with("s3://")) return refused(text, "it does not begin with s3://");
  const std::string_view rest = text.substr(5);
  const std::size_t question = std::min(rest.find('?'), rest.size());
  const std::string_view path = rest.substr(0, question);
  const std::size_t slash = std::min(path.find('/'), path.size());
  S3Place place;
  place.bucket = path.substr(0, slash);
  if (!is_bucket(place.bucket)) return refused(text, "a bucket's name has 3 to 63 of a-z, 0-9, '.' and '-'");
  place.prefix = path.substr(std::min(slash + 1, path.size()));
  if (!place.prefix.empty() && !place.prefix.ends_with('/')) place.prefix += '/';
  if (question < rest.size()) {
    for (const std::string& option : split(rest.substr(question + 1), '&')) {
      if (option.starts_with("endpoint="))
        place.endpoint = option.substr(9);
      else if (option.starts_with("region="))
        place.region = option.substr(7);
      else
        return refused(text, fmt::format("unknown option '{}'", option));
    }
  }
  if (place.endpoint.empty()) place.endpoint = fmt::format("https://s3.{}.amazonaws.com", place.region);
  while (place.endpoint.ends_with('/')) place.endpoint.pop_back();
  if (!is_endpoint(place.endpoint))
    return refused(text, "endpoint is no address like https://HOST:PORT, without path and credentials");
  return place;
}

Result<S3Credentials> find_s3_credentials(const std::function<std::string(const char*)>& environment) {
  S3Credentials credentials{.access_key = environment("AWS_ACCESS_KEY_ID"),
                            .secret_key = Secret(environment("AWS_SECRET_ACCESS_KEY")),
                            .session_token = environment("AWS_SESSION_TOKEN")};
  if (!credentials.access_key.empty() && !credentials.secret_key.empty()) return credentials;
  std::string file = environment("AWS_SHARED_CREDENTIALS_FILE");
  if (file.empty()) file = environment("HOME") + "/.aws/credentials";
  std::string profile = environment("AWS_PROFILE");
  if (profile.empty()) profile = "default";
  const auto text = archive::read_file(file, 1u << 20);
  if (text) {
    credentials.access_key = setting(*text, profile, "aws_access_key_id");
    credentials.secret_key = Secret(setting(*text, profile, "aws_secret_access_key"));
    credentials.session_token = setting(*text, profile, "aws_session_token");
    if (!credentials.access_key.empty() && !credentials.secret_key.empty()) return credentials;
  }
  return Error(Code::failed_precondition,
               fmt::format(
                   "no credentials for the blob store: not in the environment, and no profile '{}' with them in {}",
                   profile, file))
      .hint(
          "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the server's environment, or name a file with "
          "AWS_SHARED_CREDENTIALS_FILE.");
}

}  // namespace slipway::server
