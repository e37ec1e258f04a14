// The git source against a real https server and a real sshd (tests/support/git-servers starts both and this program).
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "archive/archive.h"
#include "async/testing.h"
#include "async/with_scope.h"
#include "base/strings.h"
#include "plugins/plugins.h"
#include "plugins/sources/source_cache.h"

namespace slipway::plugins {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

/// What tests/support/git-servers has set up.
const Json& servers() {
  static const Json value = [] {
    const char* file = std::getenv("SLIPWAY_TEST_GIT");
    if (!file)
      throw std::runtime_error(
          "run it as: tests/support/git-servers run "
          "git_source_test");
    return *parse_json(*archive::read_file(file));
  }();
  return value;
}
std::string server(std::string_view key) { return text_or(servers(), key); }
std::string commit(std::string_view name) { return text_or(*find(servers(), "commits"), name); }
std::string https(const std::string& repository) { return server("https") + repository; }

class GitSourceTest : public testing::Test {
 protected:
  archive::TemporaryFolder folder_ = *archive::TemporaryFolder::create("git-source-");
  asio::io_context io_;
  asio::thread_pool pool_{2};
  Context context_;
  std::unique_ptr<Source> source_;
  std::vector<std::string> log_;

  void SetUp() override {
    context_.executor = io_.get_executor();
    context_.blocking = &pool_;
    context_.state_dir = folder_.path() / "state";
    fs::create_directories(home());
    context_.env = {{"PATH", std::getenv("PATH")},
                    {"HOME", home().string()},
                    {"GIT_CONFIG_NOSYSTEM", "1"},
                    {"GIT_SSL_CAINFO", server("ca")},
                    {"GIT_SSH_COMMAND", "ssh -F none -i " + server("key") +
                                            " -o IdentitiesOnly=yes -o UserKnownHostsFile=" + server("known_hosts")}};
    source_ = *catalog().source("repo")->create(context_);
  }
  fs::path home() const { return folder_.path() / "home"; }
  static Json job(const std::string& remote, const std::string& ref, JsonObject more = {}) {
    JsonObject source{{"git", JsonObject{{"remote", remote}, {"commit", ref}}},
                      {"entrypoint", JsonArray{"python", "train.py"}},
                      {"notebook", false}};
    for (const auto& [key, value] : more) source[key] = value;
    return JsonObject{{"_version", "v0"},
                      {"source_type", "repo"},
                      {"source", source},
                      {"input_types", JsonObject()},
                      {"output_types", JsonObject()},
                      {"runtime", "3.11.2"}};
  }
  Result<FetchedSource> fetch(const Json& description, const fs::path& job_dir = {}) {
    FetchRequest request{
        .job = description, .job_dir = job_dir, .log = [this](std::string_view line) { log_.emplace_back(line); }};
    return run_task(io_, [&] { return source_->fetch(request); });
  }
  Result<FetchedSource> fetch(const std::string& remote, const std::string& ref = "") {
    return fetch(job(remote, ref));
  }
  static std::string file(const Result<FetchedSource>& fetched, const std::string& path) {
    return archive::read_file(fetched->dir / path).value_or("absent");
  }
  static int requests() {
    const auto log = *archive::read_file(server("access_log"));
    return static_cast<int>(std::ranges::count(log, '\n'));
  }
};

#define ASSERT_FETCHED(fetched) ASSERT_TRUE(fetched) << (fetched).error().to_string()

TEST_F(GitSourceTest, TakesTheDefaultBranch) {
  const auto fetched = fetch(https("/app.git"));
  ASSERT_FETCHED(fetched);
  EXPECT_EQ(fetched->identity, commit("main"));
  EXPECT_EQ(file(fetched, "train.py"), "print(3)\n");
  EXPECT_EQ(fetched->python_version, "3.11");
  EXPECT_EQ(fetched->entry_point, (std::vector<std::string>{"python", "train.py"}));
  EXPECT_FALSE(fs::exists(fetched->dir / ".git"));
  EXPECT_NE(fs::status(fetched->dir / "run.sh").permissions() & fs::perms::owner_exec, fs::perms::none);
}

TEST_F(GitSourceTest, TakesBranchesTagsAndCommits) {
  struct Case {
    const char* name;
    std::string ref;
    std::string commit_name;
  };
  const std::vector<Case> cases = {{"branch", "main", "main"},
                                   {"branch with a slash", "feature/x", "second"},
                                   {"annotated tag", "v1", "first"},
                                   {"whole name", "refs/tags/v1", "first"},
                                   {"commit that no branch ends in", commit("first"), "first"},
                                   {"abbreviated commit", commit("second").substr(0, 8), "second"}};
  for (const auto& c : cases) {
    const auto fetched = fetch(https("/app.git"), c.ref);
    ASSERT_TRUE(fetched) << c.name << ": " << fetched.error().to_string();
    EXPECT_EQ(fetched->identity, commit(c.commit_name)) << c.name;
  }
}

TEST_F(GitSourceTest, TakesACommitFromAServerThatGivesOutBranchesOnly) {
  const auto fetched = fetch(https("/v0/app.git"), commit("first"));
  ASSERT_FETCHED(fetched);
  EXPECT_EQ(file(fetched, "train.py"), "print(1)\n");
  EXPECT_THAT(log_, Contains(HasSubstr("all branches and tags")));
}

TEST_F(GitSourceTest, FetchesShallowAndOnce) {
  const auto first = fetch(https("/app.git"), commit("main"));
  ASSERT_FETCHED(first);
  EXPECT_THAT(log_, Not(Contains(HasSubstr("all branches"))));
  const int before = requests();
  const auto again = fetch(https("/app.git"), commit("main"));
  ASSERT_FETCHED(again);
  EXPECT_EQ(requests(), before) << "a commit that is here costs no request";
  EXPECT_EQ(again->dir, first->dir);
}

TEST_F(GitSourceTest, EqualFetchesInFlightAreDoneOnce) {
  FetchRequest request{.job = job(https("/app.git"), "main"), .job_dir = {}, .log = {}};
  std::vector<Result<FetchedSource>> outcomes;
  auto one = [&]() -> asio::awaitable<void> {
    auto fetched = co_await source_->fetch(request);
    outcomes.push_back(std::move(fetched));
  };
  std::function<Task<>(Scope&)> many = [&](Scope& scope) -> Task<> {
    for (int i = 0; i < 20; ++i) scope.spawn("fetch", one);
    co_await scope.wait_idle();
    co_return Result<>();
  };
  const int before = requests();
  ASSERT_TRUE(run_task(io_, [&] { return with_scope<>(many); }));
  ASSERT_EQ(outcomes.size(), 20u);
  for (const auto& outcome : outcomes) ASSERT_FETCHED(outcome);
  EXPECT_LE(requests() - before, 5) << "as many as one fetch needs";
}

TEST_F(GitSourceTest, UsesCredentialsOfTheUrlWithoutShowingThem) {
  const auto with_login = replace_all(https("/private/app.git"), "https://", "https://" + server("login") + "@");
  const auto fetched = fetch(with_login);
  ASSERT_FETCHED(fetched);
  EXPECT_EQ(fetched->identity, commit("main"));
  for (const auto& line : log_) EXPECT_THAT(line, Not(HasSubstr("secret-token")));

  const auto wrong = fetch(replace_all(https("/private/app.git"), "https://", "https://person:wrong-secret-token@"));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code(), Code::unauthenticated) << wrong.error().to_string();
  EXPECT_THAT(wrong.error().to_string(), Not(HasSubstr("wrong-secret-token")));
}

TEST_F(GitSourceTest, UsesThePersonsCredentialHelper) {
  const auto login = split(server("login"), ':');
  ASSERT_TRUE(archive::write_file_atomically(
      home() / ".gitconfig",
      "[credential]\n\thelper = \"!f() { echo username=" + login[0] + "; echo password=" + login[1] + "; }; f\"\n"));
  const auto fetched = fetch(https("/private/app.git"));
  ASSERT_FETCHED(fetched);
}

TEST_F(GitSourceTest, WithoutALoginItSaysHowToGiveOne) {
  const auto fetched = fetch(https("/private/app.git"));
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().code(), Code::unauthenticated);
  EXPECT_THAT(fetched.error().mend(), HasSubstr("credential helper"));
}

TEST_F(GitSourceTest, WorksOverSsh) {
  const auto fetched = fetch(server("ssh") + "/app.git", "feature/x");
  ASSERT_FETCHED(fetched);
  EXPECT_EQ(fetched->identity, commit("second"));
  const auto modules = fetch(server("ssh") + "/modules.git");
  ASSERT_FETCHED(modules);
  EXPECT_EQ(file(modules, "vendor/lib/vendor/deep/deep.txt"), "deep\n");
}

TEST_F(GitSourceTest, SshWithoutAKeyIsNoPrompt) {
  context_.env["GIT_SSH_COMMAND"] =
      "ssh -F none -i /nonexistent -o IdentitiesOnly=yes -o UserKnownHostsFile=" + server("known_hosts");
  source_ = *catalog().source("repo")->create(context_);
  const auto fetched = fetch(server("ssh") + "/app.git");
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().code(), Code::unauthenticated) << fetched.error().to_string();
  EXPECT_THAT(fetched.error().mend(), HasSubstr("ssh key"));
}

TEST_F(GitSourceTest, AnUnknownHostKeyIsNoPrompt) {
  context_.env["GIT_SSH_COMMAND"] = "ssh -F none -i " + server("key") + " -o UserKnownHostsFile=/dev/null";
  source_ = *catalog().source("repo")->create(context_);
  const auto fetched = fetch(server("ssh") + "/app.git");
  ASSERT_FALSE(fetched);
  EXPECT_THAT(fetched.error().mend(), HasSubstr("known_hosts")) << fetched.error().to_string();
}

TEST_F(GitSourceTest, BringsSubmodulesOfSubmodulesAtTheirCommits) {
  const auto fetched = fetch(https("/modules.git"));
  ASSERT_FETCHED(fetched);
  EXPECT_EQ(file(fetched, "vendor/lib/lib.py"), "old\n");
  EXPECT_EQ(file(fetched, "vendor/lib/vendor/deep/deep.txt"), "deep\n");
}

TEST_F(GitSourceTest, RefusesSubmodulesThatAreNoHttpsOrSshRemotes) {
  for (const auto* name : {"file", "ext", "path", "option", "host"}) {
    const auto fetched = fetch(https(std::string("/evil-") + name + ".git"));
    ASSERT_FALSE(fetched) << name;
    EXPECT_EQ(fetched.error().code(), Code::invalid_argument) << name;
    EXPECT_THAT(fetched.error().message(), HasSubstr("submodule")) << name;
  }
  EXPECT_FALSE(fs::exists(home() / "ran"));
}

TEST_F(GitSourceTest, RefusesRemotesAndReferencesThatGitWouldMisread) {
  for (const auto& remote : {"file://" + server("root") + "/app.git", server("root") + "/app.git",
                             std::string("ext::sh -c 'touch /x'"), std::string("--upload-pack=touch /x"),
                             std::string("http://localhost/app.git"), std::string("git://localhost/app.git")}) {
    const auto fetched = fetch(remote);
    ASSERT_FALSE(fetched) << remote;
    EXPECT_EQ(fetched.error().code(), Code::invalid_argument) << remote;
  }
  for (const auto* ref : {"--upload-pack=x", "main..v1", "main:x", "HEAD@{1}"})
    EXPECT_FALSE(fetch(https("/app.git"), ref)) << ref;
}

TEST_F(GitSourceTest, RunsNoFilterHookOrMonitorThatTheMachineHas) {
  const auto ran = home() / "ran";
  fs::create_directories(home() / "hooks");
  ASSERT_TRUE(archive::write_file_atomically(home() / "hooks" / "post-checkout",
                                             "#!/bin/sh\ntouch " + ran.string() + "\n", 0755));
  ASSERT_TRUE(archive::write_file_atomically(
      home() / ".gitconfig", "[filter \"evil\"]\n\tsmudge = touch " + ran.string() + "; cat\n\trequired = true\n" +
                                 "[core]\n\thooksPath = " + (home() / "hooks").string() + "\n\tfsmonitor = touch " +
                                 ran.string() + "\n"));
  const auto fetched = fetch(https("/tricky.git"));
  ASSERT_FETCHED(fetched);
  EXPECT_EQ(file(fetched, "data.bin"), "pointer\n");
  EXPECT_TRUE(fs::is_symlink(fetched->dir / "out"));
  EXPECT_FALSE(fs::exists(ran));
}

TEST_F(GitSourceTest, AppliesTheJobsPatch) {
  const auto job_dir = folder_.path() / "job";
  fs::create_directories(job_dir);
  ASSERT_TRUE(archive::write_file_atomically(
      job_dir / "diff.patch",
      "diff --git a/train.py b/train.py\n--- a/train.py\n+++ b/train.py\n@@ -1 +1 @@\n-print(3)\n+print(4)\n"));
  const auto fetched = fetch(job(https("/app.git"), "main"), job_dir);
  ASSERT_FETCHED(fetched);
  EXPECT_EQ(file(fetched, "train.py"), "print(4)\n");
  EXPECT_TRUE(fetched->identity.starts_with(commit("main") + "+"));
  EXPECT_EQ(file(fetch(https("/app.git"), "main"), "train.py"), "print(3)\n") << "the patched tree is another one";
  EXPECT_FALSE(fetch(job(https("/app.git"), "v1"), job_dir)) << "it does not apply there";
}

TEST_F(GitSourceTest, RefusesPatchesThatLeaveTheTree) {
  const auto job_dir = folder_.path() / "job";
  fs::create_directories(job_dir);
  const auto adding = [](const std::string& path) {
    return "diff --git a/" + path + " b/" + path + "\nnew file mode 100644\n--- /dev/null\n+++ b/" + path +
           "\n@@ -0,0 +1 @@\n+x\n";
  };
  const std::string link = "diff --git a/way b/way\nnew file mode 120000\n--- /dev/null\n+++ b/way\n@@ -0,0 +1 @@\n+" +
                           home().string() + "\n\\ No newline at end of file\n";
  for (const auto& patch :
       {adding("../../escaped"), adding("/" + home().string() + "/escaped"), link + adding("way/escaped")}) {
    ASSERT_TRUE(archive::write_file_atomically(job_dir / "diff.patch", patch));
    const auto fetched = fetch(job(https("/app.git"), "main"), job_dir);
    EXPECT_FALSE(fetched) << patch;
    EXPECT_FALSE(fs::exists(home() / "escaped"));
  }
}

TEST_F(GitSourceTest, TheBuildContextHasToBeInTheSource) {
  const auto fetched = fetch(job(https("/app.git"), "main", {{"build_context", "project"}}));
  ASSERT_FETCHED(fetched);
  EXPECT_EQ(fetched->build_context, "project");
  for (const auto* path : {"absent", "../app", "/etc", "train.py"}) {
    EXPECT_FALSE(fetch(job(https("/app.git"), "main", {{"build_context", path}}))) << path;
  }
}

TEST_F(GitSourceTest, SaysWhatIsNotThere) {
  const auto branch = fetch(https("/app.git"), "no-such-branch");
  ASSERT_FALSE(branch);
  EXPECT_EQ(branch.error().code(), Code::not_found);
  EXPECT_THAT(branch.error().message(), HasSubstr("no-such-branch"));
  const auto unknown = fetch(https("/app.git"), std::string(40, 'a'));
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code(), Code::not_found) << unknown.error().to_string();
  const auto repository = fetch(https("/absent.git"));
  ASSERT_FALSE(repository);
  EXPECT_EQ(repository.error().code(), Code::not_found) << repository.error().to_string();
  const auto away = fetch(std::string("https://127.0.0.1:1/app.git"));
  ASSERT_FALSE(away);
  EXPECT_EQ(away.error().code(), Code::unavailable) << away.error().to_string();
}

TEST_F(GitSourceTest, TheCacheKeepsWithinItsLimit) {
  const sources::SourceCache cache(folder_.path() / "cache", 10);
  for (const auto* key : {"a", "b", "c"}) {
    const auto staging = cache.staging();
    ASSERT_TRUE(staging);
    fs::create_directories(staging->path() / "tree");
    ASSERT_TRUE(archive::write_file_atomically(staging->path() / "tree" / "file", "12345678"));
    ASSERT_TRUE(cache.keep(key, staging->path() / "tree"));
    EXPECT_TRUE(cache.find(key));
    // As if it had been a day ago.
    fs::last_write_time(folder_.path() / "cache" / (std::string(key) + ".used"),
                        fs::file_time_type::clock::now() - std::chrono::hours(24));
  }
  EXPECT_FALSE(cache.find("a"));
  EXPECT_FALSE(cache.find("b"));
  EXPECT_TRUE(cache.find("c"));
}

}  // namespace
}  // namespace slipway::plugins
