#include "launch/git_url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway::launch {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct RemoteCase {
  const char* url;
  GitTransport transport;
  const char* host;
  const char* path;
};

TEST(GitRemote, HttpsSshAndScpLikeAreTaken) {
  const RemoteCase cases[] = {{"https://github.com/acme/train.git", GitTransport::https, "github.com", "acme/train"},
                              {"https://GitHub.com:8443/acme/train/", GitTransport::https, "github.com", "acme/train"},
                              {"https://user:token@host.example/x", GitTransport::https, "host.example", "x"},
                              {"ssh://git@host.example:2222/team/x.git", GitTransport::ssh, "host.example", "team/x"},
                              {"ssh://[::1]:22/x", GitTransport::ssh, "[::1]", "x"},
                              {"git@github.com:acme/train.git", GitTransport::ssh, "github.com", "acme/train"}};
  for (const auto& each : cases) {
    const auto remote = parse_git_remote(each.url);
    ASSERT_TRUE(remote) << each.url << ": " << remote.error().message();
    EXPECT_EQ(remote->url, each.url);
    EXPECT_EQ(remote->transport, each.transport);
    EXPECT_EQ(remote->host, each.host);
    EXPECT_EQ(remote->path, each.path);
  }
}

struct RefusedCase {
  const char* url;
  const char* why;
};

class GitRemoteRefused : public ::testing::TestWithParam<RefusedCase> {};

TEST_P(GitRemoteRefused, WithItsReason) {
  const auto remote = parse_git_remote(GetParam().url);
  ASSERT_FALSE(remote) << GetParam().url;
  EXPECT_THAT(remote.error().message(), HasSubstr(GetParam().why));
  EXPECT_THAT(remote.error().mend(), HasSubstr("https://"));
}

INSTANTIATE_TEST_SUITE_P(
    F8, GitRemoteRefused,
    ::testing::Values(RefusedCase{"", "empty"}, RefusedCase{"--upload-pack=touch /tmp/x", "spaces"},
                      RefusedCase{"--upload-pack=x", "dash"}, RefusedCase{"ext::sh -c x", "spaces"},
                      RefusedCase{"ext::x", "run programs"}, RefusedCase{"a@b:c::d::e@x", "run programs"},
                      RefusedCase{"file:///etc", "'file://' is not allowed"},
                      RefusedCase{"FILE:///etc", "'file://' is not allowed"},
                      RefusedCase{"http://host/x", "'http://' is not allowed"},
                      RefusedCase{"git://host/x", "'git://' is not allowed"}, RefusedCase{"/srv/repo", "local path"},
                      RefusedCase{"./repo", "local path"}, RefusedCase{"github.com/a/b", "without its scheme"},
                      RefusedCase{"ssh://-oProxyCommand=x/y", "host name"}, RefusedCase{"-oProxyCommand=x@h:y", "dash"},
                      RefusedCase{"ssh://-l@host/x", "user name"}, RefusedCase{"git@-oProxyCommand=x:y", "host name"},
                      RefusedCase{"git@host:-x", "begins with a dash"}, RefusedCase{"https://host", "no repository"},
                      RefusedCase{"https://host:x/y", "port"}, RefusedCase{"https://ho st/y", "spaces"},
                      RefusedCase{"https://h\\x/y", "backslashes"}, RefusedCase{"https://host/x\n", "control"}));

TEST(GitRemote, CredentialsAreNeverShown) {
  EXPECT_EQ(parse_git_remote("https://user:topsecret@host.example/x")->shown(), "https://host.example/x");
  EXPECT_EQ(parse_git_remote("https://topsecret@host.example/x")->shown(), "https://host.example/x")
      << "a token as user name";
  EXPECT_EQ(parse_git_remote("git@host.example:x")->shown(), "git@host.example:x");
  for (const char* url : {"ftp://user:topsecret@host/x", "https://us er:topsecret@host/x", "https://:topsecret@host/x",
                          "https://user:topsecret@-h/x"}) {
    const auto refused = parse_git_remote(url);
    ASSERT_FALSE(refused) << url;
    EXPECT_THAT(refused.error().to_string(), Not(HasSubstr("topsecret")));
  }
}

TEST(GitRef, BranchesTagsAndCommitsOnly) {
  for (const char* good : {"main", "feature/x", "v1.2.3", "0123abcd", "a_b-c"})
    EXPECT_TRUE(check_git_ref(good)) << good;
  for (const char* bad : {"", "-x", "--upload-pack=x", "a..b", "HEAD~1", "a:b", "x^", "a b", "a\nb", "refs/heads/*",
                          "@{-1}", "x.lock", "/x", "x/"}) {
    EXPECT_FALSE(check_git_ref(bad)) << bad;
  }
}

TEST(ClassifyUri, AsksTheFileSystemInsteadOfGuessing) {
  const auto is_directory = [](const std::string& path) {
    return path == "digits" || path == "legit/dir" || path == "." || path == "gitlab.com/x";
  };
  const std::pair<const char*, UriMeaning> cases[] = {{"digits", UriMeaning::directory},
                                                      {"legit/dir", UriMeaning::directory},
                                                      {".", UriMeaning::directory},
                                                      {"gitlab.com/x", UriMeaning::directory},
                                                      {"https://code.example/team/x", UriMeaning::git},
                                                      {"me@code.example:x", UriMeaning::git}};
  for (const auto& [uri, meaning] : cases) {
    const auto found = classify_uri(uri, is_directory);
    ASSERT_TRUE(found) << uri;
    EXPECT_EQ(*found, meaning) << uri;
  }
  EXPECT_THAT(classify_uri("github.com/acme/x", is_directory).error().mend(), HasSubstr("https://github.com/acme/x"));
  EXPECT_EQ(classify_uri("no/such/dir", is_directory).error().code(), Code::not_found);
  EXPECT_EQ(classify_uri("file:///etc", is_directory).error().code(), Code::invalid_argument);
  EXPECT_FALSE(classify_uri("", is_directory));
}

}  // namespace
}  // namespace slipway::launch
