#include "plugins/builders/docker/docker_builder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "archive/archive.h"
#include "async/event.h"
#include "async/testing.h"
#include "base/strings.h"
#include "plugins/registries/local/local_registry.h"

namespace slipway::plugins::builders::docker {
namespace {

namespace fs = std::filesystem;
using testing::Each;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

/// Stands in for docker: writes its arguments down, keeps images as files, and builds as the files in its folder say.
constexpr const char* kFakeDocker = R"sh(#!/bin/sh
echo "$*" >> "$FAKE/calls"
image_file() { echo "$FAKE/images/$(printf %s "$1" | tr '/:' '__')"; }
case "$1" in
  version) [ -e "$FAKE/away" ] && { echo "Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?" >&2; exit 1; }
           echo '{"Client": {"Version": "28.0.1"}}' ;;
  buildx) [ "$2" = version ] && exit 1 ;;
  image) for last; do :; done
         file=$(image_file "$last")
         [ -e "$file" ] || { echo "Error response from daemon: No such image: $last" >&2; exit 1; }
         printf '{"Id": "%s", "RepoDigests": []}\n' "$(cat "$file")" ;;
  build) for word; do case "$word" in --tag=*) tag="${word#--tag=}";; esac; done
         for last; do :; done
         ls "$last" > "$FAKE/context"
         env | grep -E '^DOCKER_(BUILDKIT|CONFIG)=' > "$FAKE/build-env"
         [ -n "$DOCKER_CONFIG" ] && { stat -c %a "$DOCKER_CONFIG"; cat "$DOCKER_CONFIG/config.json"; } > "$FAKE/docker-config"
         trap 'echo stopped >> "$FAKE/stopped"; exit 143' TERM
         echo "building $tag"
         [ -e "$FAKE/die" ] && { rm "$FAKE/die"; kill -9 $$; }
         if [ -e "$FAKE/gate" ]; then read word < "$FAKE/gate" & wait $!; fi
         [ -e "$FAKE/fail" ] && { for i in $(seq 30); do echo "line $i"; done; exit 7; }
         echo "#9 1.0 slipway: warning: could not install nothing==1"
         echo "sha256:built" > "$(image_file "$tag")" ;;
  push) cat "$DOCKER_CONFIG/config.json" > /dev/null; [ -e "$FAKE/fail-push" ] && { echo denied >&2; exit 1; }; exit 0 ;;
  pull) exit 1 ;;
esac
)sh";

class FakeRegistry final : public Registry {
 public:
  std::string repository() const override { return "registry.example.com/team/jobs"; }
  Task<std::optional<RegistryLogin>> login() override {
    RegistryLogin login{.server = "registry.example.com", .user = "me", .password = Secret("registry-password")};
    co_return std::optional<RegistryLogin>(login);
  }
  Task<bool> image_exists(std::string tag) override {
    asked.push_back(tag);
    if (away) co_return Error(Code::unavailable, "no answer");
    co_return there;
  }
  bool there = false;
  bool away = false;
  std::vector<std::string> asked;
};

class DockerBuilderTest : public testing::Test {
 protected:
  archive::TemporaryFolder folder_ = *archive::TemporaryFolder::create("docker-builder-");
  fs::path fake_ = folder_.path() / "fake";
  asio::io_context io_;
  asio::thread_pool pool_{2};
  Context context_;
  std::vector<std::string> log_;
  Event building_{io_.get_executor()};

  void SetUp() override {
    fs::create_directories(fake_ / "bin");
    fs::create_directories(fake_ / "images");
    ASSERT_TRUE(archive::write_file_atomically(fake_ / "bin" / "docker", kFakeDocker, 0755));
    put_image("python:3.11-slim", "sha256:base");
    fs::create_directories(folder_.path() / "code");
    put_code("print(1)\n");
    context_.http = std::make_shared<net::HttpClient>();
    context_.executor = io_.get_executor();
    context_.blocking = &pool_;
    context_.state_dir = folder_.path() / "state";
    context_.env = {{"PATH", (fake_ / "bin").string() + ":/usr/bin:/bin"},
                    {"FAKE", fake_.string()},
                    {"HOME", folder_.path().string()}};
  }
  void TearDown() override {
    const auto builds = context_.state_dir / "builds";
    if (fs::exists(builds)) EXPECT_TRUE(fs::is_empty(builds)) << "temporary contexts are removed, whatever happened";
  }

  void put_image(std::string reference, const std::string& id) {
    for (auto& c : reference) {
      if (c == '/' || c == ':') c = '_';
    }
    ASSERT_TRUE(archive::write_file_atomically(fake_ / "images" / reference, id));
  }
  void put_code(const std::string& text) {
    ASSERT_TRUE(archive::write_file_atomically(folder_.path() / "code" / "train.py", text));
  }
  void mark(const char* name) { ASSERT_TRUE(archive::write_file_atomically(fake_ / name, "")); }
  std::string noted(const char* name) const { return archive::read_file(fake_ / name).value_or(""); }
  int count_calls(const std::string& command) const {
    int count = 0;
    for (const auto& line : split(noted("calls"), '\n')) count += line.starts_with(command) ? 1 : 0;
    return count;
  }

  std::unique_ptr<Builder> make(std::shared_ptr<Registry> registry = {}) {
    if (!registry) {
      static const Json kNone = JsonObject();
      const auto local = registries::local::plugin();
      registry = std::shared_ptr<Registry>(*local.create(context_, "", kNone, nullptr));
    }
    auto builder = plugin().create(context_, JsonObject(), std::move(registry));
    EXPECT_TRUE(builder);
    return *std::move(builder);
  }

  BuildRequest request(std::string identity = "commit") {
    BuildRequest request;
    request.source.dir = folder_.path() / "code";
    request.source.identity = std::move(identity);
    request.source.entry_point = {"python", "train.py"};
    request.source.python_version = "3.11";
    request.image_name = "team/project/Job Name";
    request.log = [this](std::string_view line) {
      log_.emplace_back(line);
      if (line.starts_with("building ") && line.find("image") == std::string_view::npos) building_.notify_all();
    };
    return request;
  }
  Result<BuiltImage> build(Builder& builder, BuildRequest asked) {
    return run_task(io_, [&] { return builder.build(asked); });
  }
};

TEST_F(DockerBuilderTest, BuildsIntoTheLocalStoreAndThenReuses) {
  auto builder = make();
  const auto first = build(*builder, request());
  ASSERT_TRUE(first) << first.error().to_string();
  EXPECT_FALSE(first->reused);
  EXPECT_TRUE(first->entry_point_in_image);
  EXPECT_EQ(first->reference.find("team/project/job"), 0u) << first->reference;
  EXPECT_GE(first->reference.size() - first->reference.rfind(':'), 33u);
  EXPECT_THAT(first->warnings, testing::Contains("could not install nothing==1"));
  EXPECT_EQ(count_calls("push"), 0);
  EXPECT_EQ(noted("context"), "src\n");
  EXPECT_THAT(noted("build-env"), HasSubstr("DOCKER_BUILDKIT=0"));

  const auto second = build(*builder, request());
  ASSERT_TRUE(second);
  EXPECT_TRUE(second->reused);
  EXPECT_EQ(second->reference, first->reference);
  EXPECT_EQ(count_calls("build --tag"), 1);
}

TEST_F(DockerBuilderTest, AMovedBaseImageGivesAnotherTag) {
  auto builder = make();
  const auto first = build(*builder, request());
  put_image("python:3.11-slim", "sha256:newer");
  const auto second = build(*builder, request());
  ASSERT_TRUE(first && second);
  EXPECT_NE(first->reference, second->reference);
}

TEST_F(DockerBuilderTest, PushesToTheRegistryWithALoginThatIsInNoCommandLine) {
  auto registry = std::make_shared<FakeRegistry>();
  auto builder = make(registry);
  const auto built = build(*builder, request());
  ASSERT_TRUE(built) << built.error().to_string();
  EXPECT_TRUE(built->reference.starts_with("registry.example.com/team/jobs:"));
  EXPECT_THAT(registry->asked, SizeIs(1));
  EXPECT_EQ(count_calls("push -- " + built->reference), 1);
  EXPECT_THAT(noted("calls"), Not(HasSubstr("registry-password")));
  EXPECT_THAT(noted("docker-config"), HasSubstr("700\n"));
  EXPECT_THAT(noted("docker-config"), HasSubstr("registry.example.com"));
  const std::string used(trim(noted("build-env")));
  const auto config = (used.substr(used.find("DOCKER_CONFIG=") + 14));
  EXPECT_FALSE(fs::exists(config.substr(0, config.find('\n')))) << "the login does not stay";
}

TEST_F(DockerBuilderTest, ATagThatTheRegistryHasIsNotBuilt) {
  auto registry = std::make_shared<FakeRegistry>();
  registry->there = true;
  auto builder = make(registry);
  const auto built = build(*builder, request());
  ASSERT_TRUE(built);
  EXPECT_TRUE(built->reused);
  EXPECT_EQ(count_calls("build --tag") + count_calls("push"), 0);
}

TEST_F(DockerBuilderTest, ARegistryThatIsAwayIsNoReasonToBuild) {
  auto registry = std::make_shared<FakeRegistry>();
  registry->away = true;
  auto builder = make(registry);
  const auto built = build(*builder, request());
  ASSERT_FALSE(built);
  EXPECT_EQ(built.error().code(), Code::unavailable);
  EXPECT_EQ(count_calls("build --tag"), 0);
}

TEST_F(DockerBuilderTest, AFailingBuildShowsItsLastLinesAndLogsAll) {
  mark("fail");
  auto builder = make();
  const auto built = build(*builder, request());
  ASSERT_FALSE(built);
  EXPECT_THAT(built.error().message(), HasSubstr("exited with 7"));
  EXPECT_THAT(built.error().message(), HasSubstr("\nline 11\n"));
  EXPECT_THAT(built.error().message(), EndsWith("\nline 30"));
  EXPECT_THAT(built.error().message(), Not(HasSubstr("line 10\n")));
  EXPECT_THAT(log_, testing::Contains("line 1"));
}

TEST_F(DockerBuilderTest, ABuildThatWasKilledIsTriedOnceMore) {
  mark("die");
  auto builder = make();
  const auto built = build(*builder, request());
  ASSERT_TRUE(built) << built.error().to_string();
  EXPECT_EQ(count_calls("build --tag"), 2);
}

TEST_F(DockerBuilderTest, AFailedPushFailsTheBuild) {
  mark("fail-push");
  auto builder = make(std::make_shared<FakeRegistry>());
  const auto built = build(*builder, request());
  ASSERT_FALSE(built);
  EXPECT_THAT(built.error().message(), HasSubstr("denied"));
}

TEST_F(DockerBuilderTest, WithoutDockerItSaysWhatToDo) {
  auto builder = make();
  context_.env["PATH"] = "/nonexistent";
  auto program = run_task(io_, [&] { return builder->verify(); });
  ASSERT_FALSE(program);
  EXPECT_EQ(program.error().code(), Code::failed_precondition);
  EXPECT_THAT(program.error().mend(), HasSubstr("noop"));
  context_.env["PATH"] = (fake_ / "bin").string() + ":/usr/bin:/bin";
  mark("away");
  auto daemon = run_task(io_, [&] { return builder->verify(); });
  ASSERT_FALSE(daemon);
  EXPECT_EQ(daemon.error().code(), Code::unavailable);
}

/// Builds that wait at a gate until the test lets them go on.
class MergedBuildTest : public DockerBuilderTest {
 protected:
  struct Waiter {
    asio::cancellation_signal stop;
    std::optional<Result<BuiltImage>> outcome;
  };
  std::list<Waiter> waiters_;
  int gate_ = -1;

  void SetUp() override {
    DockerBuilderTest::SetUp();
    ASSERT_EQ(::mkfifo((fake_ / "gate").c_str(), 0600), 0);
    gate_ = ::open((fake_ / "gate").c_str(), O_RDWR | O_CLOEXEC);
  }
  void TearDown() override {
    ::close(gate_);
    DockerBuilderTest::TearDown();
  }
  Waiter& start(Builder& builder, BuildRequest asked) {
    auto& waiter = waiters_.emplace_back();
    asio::co_spawn(io_, wait(builder, std::move(asked), waiter),
                   asio::bind_cancellation_slot(waiter.stop.slot(), [](const std::exception_ptr& error) {
                     if (error) std::rethrow_exception(error);
                   }));
    return waiter;
  }
  static asio::awaitable<void> wait(Builder& builder, BuildRequest asked, Waiter& waiter) {
    auto built = co_await builder.build(std::move(asked));
    waiter.outcome.emplace(std::move(built));
  }
  Task<> until_building() {
    const bool notified = co_await building_.wait();
    EXPECT_TRUE(notified);
    co_return Result<>();
  }
  void open_gate() { ASSERT_EQ(::write(gate_, "go\n", 3), 3); }
  void run_until(const std::function<bool()>& done) {
    io_.restart();
    while (!done() && io_.run_one() > 0) {
    }
    ASSERT_TRUE(done());
  }
};

TEST_F(MergedBuildTest, EqualSourcesInFlightAreBuiltOnce) {
  auto builder = make();
  // Different commits with the same files, so that not only equal requests meet.
  for (int i = 0; i < 200; ++i) start(*builder, request("commit " + std::to_string(i % 4)));
  ASSERT_TRUE(run_task(io_, [&] { return until_building(); }));
  open_gate();
  run_until([&] { return std::ranges::all_of(waiters_, [](const Waiter& w) { return w.outcome.has_value(); }); });
  for (const auto& waiter : waiters_) {
    ASSERT_TRUE(*waiter.outcome) << waiter.outcome->error().to_string();
    EXPECT_EQ((*waiter.outcome)->reference, (*waiters_.front().outcome)->reference);
  }
  EXPECT_EQ(count_calls("build --tag"), 1);
}

TEST_F(MergedBuildTest, ACancelledWaiterDoesNotStopTheOthersBuild) {
  auto builder = make();
  auto& first = start(*builder, request());
  auto& second = start(*builder, request());
  ASSERT_TRUE(run_task(io_, [&] { return until_building(); }));
  first.stop.emit(asio::cancellation_type::terminal);
  run_until([&] { return first.outcome.has_value(); });
  EXPECT_EQ(first.outcome->error().code(), Code::cancelled);
  open_gate();
  run_until([&] { return second.outcome.has_value(); });
  EXPECT_TRUE(*second.outcome);
  EXPECT_EQ(noted("stopped"), "");
}

TEST_F(MergedBuildTest, TheLastWaiterStopsTheBuild) {
  auto builder = make();
  auto& only = start(*builder, request());
  ASSERT_TRUE(run_task(io_, [&] { return until_building(); }));
  only.stop.emit(asio::cancellation_type::terminal);
  run_until([&] { return only.outcome.has_value(); });
  EXPECT_EQ(only.outcome->error().code(), Code::cancelled);
  EXPECT_EQ(noted("stopped"), "stopped\n");
  EXPECT_TRUE(fs::is_empty(context_.state_dir / "builds"));
}

TEST_F(MergedBuildTest, AFailureGoesToAllWaiters) {
  mark("fail");
  auto builder = make();
  start(*builder, request());
  start(*builder, request());
  ASSERT_TRUE(run_task(io_, [&] { return until_building(); }));
  open_gate();
  run_until([&] { return std::ranges::all_of(waiters_, [](const Waiter& w) { return w.outcome.has_value(); }); });
  for (const auto& waiter : waiters_) EXPECT_FALSE(*waiter.outcome);
  EXPECT_EQ(count_calls("build --tag"), 1);
}

}  // namespace
}  // namespace slipway::plugins::builders::docker
