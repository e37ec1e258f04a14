#include "net/http_types.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway::net {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Headers, CompareWithoutCase) {
  Headers headers{{"Content-Type", "a"}, {"X", "1"}, {"x", "2"}};
  EXPECT_EQ(headers.get("content-type"), "a");
  EXPECT_EQ(headers.get("X"), "1");
  EXPECT_TRUE(headers.has("CONTENT-TYPE"));
  EXPECT_FALSE(headers.has("Content"));
  EXPECT_EQ(headers.get("absent"), "");
  headers.set("x", "3");
  EXPECT_EQ(headers.get("X"), "3");
  EXPECT_EQ(std::distance(headers.begin(), headers.end()), 2);
}

TEST(UrlEncode, KeepsOnlyUnreservedCharacters) {
  EXPECT_EQ(url_encode("aZ0-._~ /?&=%\xC3\xBC"), "aZ0-._~%20%2F%3F%26%3D%25%C3%BC");
}

struct DecodeCase {
  std::string text;
  std::string decoded;
};
class UrlDecode : public ::testing::TestWithParam<DecodeCase> {};
TEST_P(UrlDecode, Decodes) { EXPECT_EQ(url_decode(GetParam().text), GetParam().decoded); }
INSTANTIATE_TEST_SUITE_P(Table, UrlDecode,
                         ::testing::Values(DecodeCase{"", ""}, DecodeCase{"a%20b", "a b"}, DecodeCase{"%2f%2F", "//"},
                                           DecodeCase{"%", "%"}, DecodeCase{"%2", "%2"}, DecodeCase{"%zz", "%zz"},
                                           DecodeCase{"%%41", "%A"}, DecodeCase{"a+b", "a+b"},
                                           DecodeCase{"%C3%BC", "\xC3\xBC"}));

TEST(UrlDecodeQuery, PlusIsABlank) { EXPECT_EQ(url_decode("a+b%2B", true), "a b+"); }

struct UrlCase {
  std::string text;
  std::string scheme, host;
  int port;
  std::string path;
};
class GoodUrls : public ::testing::TestWithParam<UrlCase> {};
TEST_P(GoodUrls, AreTakenApart) {
  const auto url = parse_url(GetParam().text);
  ASSERT_TRUE(url) << url.error().to_string();
  EXPECT_EQ(url->scheme, GetParam().scheme);
  EXPECT_EQ(url->host, GetParam().host);
  EXPECT_EQ(url->port, GetParam().port);
  EXPECT_EQ(url->path, GetParam().path);
}
INSTANTIATE_TEST_SUITE_P(
    Table, GoodUrls,
    ::testing::Values(UrlCase{"http://a", "http", "a", 80, "/"},
                      UrlCase{"HTTPS://A.b/C?d=e", "https", "a.b", 443, "/C?d=e"},
                      UrlCase{"http://a:8080/", "http", "a", 8080, "/"}, UrlCase{"http://a?x", "http", "a", 80, "/?x"},
                      UrlCase{"http://a/b#c", "http", "a", 80, "/b"}, UrlCase{"http://a#c", "http", "a", 80, "/"},
                      UrlCase{"http://[::1]:9/x", "http", "::1", 9, "/x"}, UrlCase{"http://a:", "http", "a", 80, "/"},
                      UrlCase{"http://[fe80::1]", "http", "fe80::1", 80, "/"}));

class BadUrls : public ::testing::TestWithParam<std::string> {};
TEST_P(BadUrls, AreRefused) {
  const auto url = parse_url(GetParam());
  ASSERT_FALSE(url);
  EXPECT_EQ(url.error().code(), Code::invalid_argument);
}
INSTANTIATE_TEST_SUITE_P(Table, BadUrls,
                         ::testing::Values("", "a", "ftp://a", "http:/a", "http://", "http:///x", "http://a:0",
                                           "http://a:65536", "http://a:b", "http://[::1", "http://[::1]x", "http://[]",
                                           "http://u:p@a/", "http://a/b c", "http://a/\n", "file:///etc/passwd"));

TEST(ParseUrl, NeverRepeatsSecrets) {
  EXPECT_THAT(parse_url("http://user:hunter2@host/").error().message(), Not(HasSubstr("hunter2")));
  EXPECT_THAT(parse_url("ftp://host/x?signature=hunter2").error().message(), Not(HasSubstr("hunter2")));
}

}  // namespace
}  // namespace slipway::net
