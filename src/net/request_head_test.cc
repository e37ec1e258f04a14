#include "net/request_head.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway::net {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct TargetCase {
  std::string target;
  std::string path;
  std::string query;
};
class GoodTargets : public ::testing::TestWithParam<TargetCase> {};
TEST_P(GoodTargets, AreTakenApart) {
  const auto target = parse_target(GetParam().target);
  ASSERT_TRUE(target) << target.error().to_string();
  EXPECT_EQ(target->path, GetParam().path);
  EXPECT_EQ(target->query, GetParam().query);
}
INSTANTIATE_TEST_SUITE_P(Table, GoodTargets,
                         ::testing::Values(TargetCase{"/", "/", ""}, TargetCase{"/a%20b?c=%20", "/a b", "c=%20"},
                                           TargetCase{"/?", "/", ""}, TargetCase{"http://host/a?b", "/a", "b"},
                                           TargetCase{"http://host", "/", ""}, TargetCase{"http://host?x", "/", "x"},
                                           TargetCase{"/a/...b/..c", "/a/...b/..c", ""},
                                           TargetCase{"/a?../..", "/a", "../.."}, TargetCase{"/%zz", "/%zz", ""}));

class BadTargets : public ::testing::TestWithParam<std::string> {};
TEST_P(BadTargets, AreRefused) { EXPECT_FALSE(parse_target(GetParam())); }
INSTANTIATE_TEST_SUITE_P(Table, BadTargets,
                         ::testing::Values("", "*", "a", "host:80", "/..", "/a/../b", "/a/..", "/%2e%2e/x", "/a/.%2E/b",
                                           "/a%2f..%2fb", "/./a", "/a/%2e", "/a%00b", "/a%0ab", "http://host/../x"));

TEST(FindQueryValue, Decodes) {
  EXPECT_EQ(find_query_value("a=1&b=x+y%26&c", "a"), "1");
  EXPECT_EQ(find_query_value("a=1&b=x+y%26&c", "b"), "x y&");
  EXPECT_EQ(find_query_value("a=1&b=x+y%26&c", "c"), "");
  EXPECT_EQ(find_query_value("a=1&b=x+y%26&c", "d"), std::nullopt);
  EXPECT_EQ(find_query_value("a=1&a=2", "a"), "1");
  EXPECT_EQ(find_query_value("", ""), std::nullopt);
  EXPECT_EQ(find_query_value("&&=v&", "x"), std::nullopt);
  EXPECT_EQ(find_query_value("x%79=1=2", "xy"), "1=2");
}

TEST(HeadText, CannotBeSplitByAField) {
  const Headers headers{{"Location", "/a\r\nSet-Cookie: evil=1\r\n\r\n<html>"}, {"Content-Length", "7"}};
  ResponseHead head;
  head.headers = &headers;
  head.content_length = 3;
  const auto text = head_text(head);
  EXPECT_THAT(text, Not(HasSubstr("\r\nSet-Cookie")));
  EXPECT_THAT(text, HasSubstr("Content-Length: 3\r\n"));
  EXPECT_THAT(text, Not(HasSubstr("Content-Length: 7")));
  EXPECT_TRUE(text.ends_with("\r\n\r\n"));
  EXPECT_EQ(text.find("\r\n\r\n"), text.size() - 4);
}

TEST(HttpDate, IsOfTheFormThatTheStandardPrefers) { EXPECT_EQ(http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT"); }

}  // namespace
}  // namespace slipway::net
