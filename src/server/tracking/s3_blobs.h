// Blobs in an S3-compatible store: PREFIX/ab/cdef… in one bucket. Every byte goes through the server, so that digests are checked, clients need to reach nobody else, and
// no credentials or addresses of the store leave the server (docs/design/blobs.md).
#pragma once
#include <filesystem>
#include <functional>

#include "base/clock.h"
#include "net/http_client.h"
#include "server/tracking/blob_store.h"
#include "server/tracking/s3_signature.h"

namespace slipway::server {

struct S3Place {
  std::string endpoint;  ///< "https://s3.eu-west-1.amazonaws.com", "http://127.0.0.1:9000"; no path.
  std::string bucket;
  std::string prefix;  ///< "" or "some/where/", ends with a slash.
  std::string region = "us-east-1";
};

/// "s3://BUCKET[/PREFIX][?endpoint=URL][&region=REGION]". invalid_argument says what is wrong.
Result<S3Place> parse_s3_place(std::string_view text);

/// From AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or from the profile (AWS_PROFILE, "default") of AWS_SHARED_CREDENTIALS_FILE or
/// ~/.aws/credentials. failed_precondition when neither has them. `environment`: value of a variable, "" when it is not set.
Result<S3Credentials> find_s3_credentials(const std::function<std::string(const char*)>& environment);

/// Checks with the first request only, so that the server starts while the store is away.
std::unique_ptr<BlobStore> open_s3_blobs(S3Place place, S3Credentials credentials, const Clock& clock);

}  // namespace slipway::server
