// The signature of a request to an S3-compatible store (AWS Signature Version 4, in its header). Pure.
#pragma once
#include <map>
#include <string>

#include "base/clock.h"
#include "base/secret.h"
#include "net/http_types.h"

namespace slipway::server {

struct S3Credentials {
  std::string access_key;
  Secret secret_key;
  std::string session_token;  ///< Of temporary credentials, "" otherwise.
};

struct S3Request {
  std::string method;
  std::string host;                          ///< With the port when it is not the scheme's own.
  std::string path;                          ///< Percent-encoded, begins with '/'.
  std::map<std::string, std::string> query;  ///< Not yet encoded.
  std::string payload_sha256;
};

/// Everything but letters, digits and - . _ ~ as %XX; '/' too, unless `keep_slashes`.
std::string s3_encoded(std::string_view text, bool keep_slashes);
/// "a=1&b=2", encoded, in the order that the signature needs.
std::string s3_query(const std::map<std::string, std::string>& query);
/// Headers to send with the request; the host is not among them.
net::Headers s3_headers(const S3Request& request, const S3Credentials& credentials, std::string_view region,
                        UnixMillis now);

}  // namespace slipway::server
