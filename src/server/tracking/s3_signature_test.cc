#include "server/tracking/s3_signature.h"

#include <gmock/gmock.h>

#include "base/ids.h"

namespace slipway::server {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

/// The credentials and times of the store vendor's published examples.
const S3Credentials kExample{.access_key = "AKIAIOSFODNN7EXAMPLE",
                             .secret_key = Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")};
constexpr UnixMillis kMay2013 = 1'369'353'600'000;

std::string authorization(std::map<std::string, std::string> query, const S3Credentials& who = kExample) {
  const S3Request request{.method = "GET",
                          .host = "examplebucket.s3.amazonaws.com",
                          .path = "/",
                          .query = std::move(query),
                          .payload_sha256 = sha256_hex("")};
  return std::string(s3_headers(request, who, "us-east-1", kMay2013).get("Authorization"));
}

TEST(S3Signature, is_that_of_the_published_examples) {
  EXPECT_THAT(authorization({{"lifecycle", ""}}),
              EndsWith("Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"));
  EXPECT_THAT(authorization({{"max-keys", "2"}, {"prefix", "J"}}),
              EndsWith("Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"));
}

TEST(S3Signature, covers_the_token_of_temporary_credentials) {
  S3Credentials temporary = kExample;
  temporary.session_token = "token";
  EXPECT_THAT(authorization({}, temporary),
              HasSubstr("SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,"));
}

TEST(S3Signature, encodes_what_addresses_cannot_hold) {
  EXPECT_EQ(s3_encoded("a b/ü+~", true), "a%20b/%C3%BC%2B~");
  EXPECT_EQ(s3_query({{"prefix", "a/b"}, {"list-type", "2"}}), "list-type=2&prefix=a%2Fb");
}

}  // namespace
}  // namespace slipway::server
