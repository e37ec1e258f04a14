#include "plugins/sources/repo/git.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/ids.h"
#include "plugins/sources/repo/submodules.h"

namespace slipway::plugins::sources::repo {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

GitAddress address_of(const std::string& url) { return git_address(*launch::parse_git_remote(url)); }

TEST(GitAddress, CredentialsLeaveTheUrl) {
  const auto both = address_of("https://me:p%40ss@host.example.com:8443/team/app.git");
  EXPECT_EQ(both.url, "https://host.example.com:8443/team/app.git");
  EXPECT_THAT(both.config, ElementsAre(Pair("http.https://host.example.com:8443/.extraHeader",
                                            "Authorization: Basic " + to_base64("me:p@ss"))));
  EXPECT_THAT(both.shown, Not(HasSubstr("p%40ss")));

  const auto user = address_of("https://token@host.example.com/app.git");
  EXPECT_EQ(user.url, "https://host.example.com/app.git");
  EXPECT_THAT(user.config, ElementsAre(Pair("credential.https://host.example.com.username", "token")));

  const auto ssh = address_of("ssh://git:secret@host.example.com/app.git");
  EXPECT_EQ(ssh.url, "ssh://git@host.example.com/app.git");
  EXPECT_EQ(address_of("git@host.example.com:team/app.git").url, "git@host.example.com:team/app.git");
  EXPECT_THAT(address_of("https://host.example.com/app.git").config, IsEmpty());
}

TEST(GitEnvironment, KeepsThePersonsSetUpAndNothingThatRedirectsGit) {
  const std::map<std::string, std::string> given = {{"GIT_DIR", "/x"},
                                                    {"GIT_WORK_TREE", "/x"},
                                                    {"GIT_SSH_COMMAND", "ssh -v"},
                                                    {"GIT_CONFIG_COUNT", "1"},
                                                    {"GIT_CONFIG_KEY_0", "a.b"},
                                                    {"GIT_CONFIG_VALUE_0", "c"},
                                                    {"GIT_ALLOW_PROTOCOL", "file"},
                                                    {"HOME", "/home/me"},
                                                    {"GIT_TRACE", "1"}};
  const auto env = git_environment(given, {{"k", "v"}});
  for (const auto* gone : {"GIT_DIR", "GIT_WORK_TREE", "GIT_TRACE"}) EXPECT_FALSE(env.contains(gone)) << gone;
  EXPECT_EQ(env.at("GIT_SSH_COMMAND"), "ssh -v");
  EXPECT_EQ(env.at("HOME"), "/home/me");
  EXPECT_EQ(env.at("GIT_ALLOW_PROTOCOL"), "https:ssh");
  EXPECT_EQ(env.at("GIT_TERMINAL_PROMPT"), "0");
  EXPECT_EQ(env.at("GIT_CONFIG_COUNT"), "2");
  EXPECT_EQ(env.at("GIT_CONFIG_KEY_0"), "a.b");
  EXPECT_EQ(env.at("GIT_CONFIG_KEY_1"), "k");
  EXPECT_EQ(env.at("GIT_CONFIG_VALUE_1"), "v");
  EXPECT_THAT(git_options(), Contains("core.hooksPath=/dev/null"));
}

TEST(GitOutput, ShowsNoCredentials) {
  EXPECT_EQ(without_credentials("fatal: unable to access 'https://me:pw@host/x/': no"),
            "fatal: unable to access 'https://***@host/x/': no");
  EXPECT_EQ(without_credentials("a https://t@h b ssh://u@h2/p"), "a https://***@h b ssh://***@h2/p");
  EXPECT_EQ(without_credentials("https://host/a@b user@host:x"), "https://host/a@b user@host:x");
  EXPECT_EQ(without_credentials("https://"), "https://");
}

TEST(GitOutput, FailuresSayWhatToDo) {
  struct Case {
    const char* output;
    Code code;
    const char* mend;
  };
  const std::vector<Case> cases = {
      {"fatal: Authentication failed for 'https://h/x'", Code::unauthenticated, "credential helper"},
      {"fatal: could not read Username for 'https://h': terminal prompts disabled", Code::unauthenticated,
       "credential helper"},
      {"git@h: Permission denied (publickey).", Code::unauthenticated, "ssh key"},
      {"Host key verification failed.", Code::unauthenticated, "known_hosts"},
      {"fatal: repository 'https://h/x/' not found", Code::not_found, "spelling"},
      {"fatal: unable to access: Could not resolve host: h", Code::unavailable, "host name"},
      {"fatal: write error: No space left on device", Code::resource_exhausted, "space"},
      {"fatal: something else", Code::failed_precondition, ""},
  };
  for (const auto& c : cases) {
    const auto error = git_failure(c.output, address_of("https://h.example.com/x"), "fetching from");
    EXPECT_EQ(error.code(), c.code) << c.output;
    EXPECT_THAT(error.mend(), HasSubstr(c.mend)) << c.output;
    EXPECT_THAT(error.message(), HasSubstr("fetching from https://h.example.com/x")) << c.output;
  }
}

TEST(Submodules, RelativeUrlsStayOnTheHost) {
  struct Case {
    const char* parent;
    const char* url;
    const char* resolved;  ///< "": refused.
  };
  const std::vector<Case> cases = {
      {"https://h/team/app.git", "../lib.git", "https://h/team/lib.git"},
      {"https://h/team/app.git/", "../../other/lib", "https://h/other/lib"},
      {"https://h/team/app.git", "./lib", "https://h/team/app.git/lib"},
      {"https://h/app.git", "../../lib", ""},
      {"git@h:team/app.git", "../lib.git", "git@h:team/lib.git"},
      {"git@h:app.git", "../lib.git", "git@h:lib.git"},
      {"git@h:app.git", "../../lib.git", ""},
      {"ssh://git@h:22/team/app.git", "../lib.git", "ssh://git@h:22/team/lib.git"},
      {"https://h/app.git", "https://other/lib.git", "https://other/lib.git"},
  };
  for (const auto& c : cases) {
    const auto resolved = resolve_submodule_url(c.parent, c.url);
    EXPECT_EQ(resolved.value_or(""), c.resolved) << c.parent << " " << c.url;
  }
}

}  // namespace
}  // namespace slipway::plugins::sources::repo
