// Real builds with a real Docker engine, pushed to real registries. Started by tests/support/dockerd and tests/support/oci-registries.
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "archive/archive.h"
#include "async/testing.h"
#include "base/ids.h"
#include "base/strings.h"
#include "plugins/plugins.h"
#include "proc/process.h"

namespace slipway::plugins {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

class DockerBuildTest : public testing::Test {
 protected:
  static inline std::string base_image_;

  archive::TemporaryFolder folder_ = *archive::TemporaryFolder::create("docker-build-");
  asio::io_context io_;
  asio::thread_pool pool_{2};
  Context context_;
  Environment* no_environment_ = nullptr;
  std::vector<std::string> log_;

  static void SetUpTestSuite() {
    ASSERT_NE(std::getenv("DOCKER_HOST"), nullptr) << "run it with tests/support/dockerd run";
    base_image_ = trim(output_of({std::string(SLIPWAY_SOURCE_DIR) + "/tests/support/base-image", "import"}));
    ASSERT_TRUE(base_image_.starts_with("python:")) << base_image_;
  }
  void SetUp() override {
    context_.http = std::make_shared<net::HttpClient>();
    context_.executor = io_.get_executor();
    context_.blocking = &pool_;
    context_.state_dir = folder_.path() / "state";
    context_.env = proc::inherited_environment();
    // No login of the person who runs the tests takes part.
    context_.env["DOCKER_CONFIG"] = (folder_.path() / "docker").string();
    fs::create_directories(folder_.path() / "docker");
    fs::create_directories(code());
    // Every test has sources of its own, so that it meets no image of an earlier one.
    write("train.py",
          "# " + random_id(16) + "\nimport os, sys\nprint('ran', sys.argv[1:], os.getuid(), os.getcwd())\n");
  }

  static std::string output_of(std::vector<std::string> argv) {
    proc::ProcessSpec spec;
    spec.argv = std::move(argv);
    spec.env = proc::inherited_environment();
    asio::io_context io;
    const auto result = run_task(io, [&] { return proc::run(spec); });
    EXPECT_TRUE(result);
    if (!result) return "";
    EXPECT_TRUE(result->ok()) << result->tail();
    return result->out + result->err;
  }
  fs::path code() const { return folder_.path() / "code"; }
  void write(const std::string& path, const std::string& content) {
    fs::create_directories((code() / path).parent_path());
    ASSERT_TRUE(archive::write_file_atomically(code() / path, content));
  }
  static std::string open_host() { return split(std::getenv("SLIPWAY_TEST_REGISTRIES"), ' ')[0]; }
  static std::string closed_host() { return split(std::getenv("SLIPWAY_TEST_REGISTRIES"), ' ')[1]; }
  void log_in(const std::string& host) {
    const Json config =
        JsonObject{{"auths", JsonObject{{host, JsonObject{{"auth", to_base64("person:registry-secret-1")}}}}}};
    ASSERT_TRUE(archive::write_file_atomically(folder_.path() / "docker" / "config.json", to_text(config), 0600));
  }

  std::shared_ptr<Registry> registry(const std::string& destination) {
    const auto* record = catalog().registry_for(destination);
    EXPECT_NE(record, nullptr);
    return *record->create(context_, destination, JsonObject(), no_environment_);
  }
  std::unique_ptr<Builder> builder(const std::string& destination = "", JsonObject config = {}) {
    config["type"] = "docker";
    // The test's engine has no bridge, and nothing here needs a network.
    config["build-network"] = "none";
    if (!config.contains("python-image")) config["python-image"] = base_image_;
    return *catalog().builder("docker")->create(context_, config, registry(destination));
  }
  BuildRequest request() {
    BuildRequest request;
    request.source.dir = code();
    request.source.identity = "commit " + random_id();
    request.source.entry_point = {"python", "train.py"};
    request.source.python_version = base_image_.substr(7, base_image_.find('-') - 7);
    request.image_name = "slipway-test/job";
    request.log = [this](std::string_view line) { log_.emplace_back(line); };
    return request;
  }
  Result<BuiltImage> build(Builder& builder, const BuildRequest& asked) {
    return run_task(io_, [&] { return builder.build(asked); });
  }
  static std::string docker_run(const std::string& image, std::vector<std::string> words = {}) {
    std::vector<std::string> argv = {"docker", "run", "--rm", "--network", "none", image};
    argv.insert(argv.end(), words.begin(), words.end());
    return output_of(argv);
  }
};

#define ASSERT_BUILT(built) ASSERT_TRUE(built) << (built).error().to_string()

TEST_F(DockerBuildTest, ABuiltImageRunsTheJobAsAPlainUser) {
  auto docker = builder();
  const auto built = build(*docker, request());
  ASSERT_BUILT(built);
  EXPECT_FALSE(built->reused);
  EXPECT_EQ(docker_run(built->reference, {"--lr", "0.1"}), "ran ['--lr', '0.1'] 1000 /home/job\n");
  EXPECT_THAT(log_, Not(testing::IsEmpty()));

  const auto again = build(*docker, request());
  ASSERT_BUILT(again);
  EXPECT_TRUE(again->reused) << "another commit with the same files";
  EXPECT_EQ(again->reference, built->reference);
  write("train.py", "print('changed')\n");
  const auto changed = build(*docker, request());
  ASSERT_BUILT(changed);
  EXPECT_NE(changed->reference, built->reference);
}

/// A wheel that nobody else has: a zip file with one module and its records.
constexpr const char* kMakeWheel = R"py(
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    wheel.writestr("slipway_probe.py", "WORD = 'from the wheel'\n")
    info = "slipway_probe-1.0.dist-info/"
    wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\nName: slipway-probe\nVersion: 1.0\n")
    wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    wheel.writestr(info + "RECORD", "")
)py";

TEST_F(DockerBuildTest, RequirementsAreInstalled) {
  fs::create_directories(code() / "wheels");
  output_of({"python3", "-c", kMakeWheel, (code() / "wheels" / "slipway_probe-1.0-py3-none-any.whl").string()});
  write("requirements.txt", "--no-index\n--find-links wheels\nslipway-probe==1.0\n");
  write("train.py", "# " + random_id(16) + "\nimport slipway_probe\nprint(slipway_probe.WORD)\n");
  auto docker = builder();
  const auto built = build(*docker, request());
  ASSERT_BUILT(built);
  EXPECT_EQ(docker_run(built->reference), "from the wheel\n");
}

TEST_F(DockerBuildTest, FrozenPackagesThatCannotBeHadAreNamed) {
  const auto job_dir = folder_.path() / "job";
  fs::create_directories(job_dir);
  ASSERT_TRUE(archive::write_file_atomically(job_dir / "requirements.frozen.txt", "slipway-no-such-package==9.9\n"));
  auto asked = request();
  asked.source.job_dir = job_dir;
  auto docker = builder();
  const auto built = build(*docker, asked);
  ASSERT_BUILT(built);
  EXPECT_THAT(built->warnings, Contains("could not install slipway-no-such-package==9.9"));
  EXPECT_THAT(docker_run(built->reference), HasSubstr("ran []"));
}

TEST_F(DockerBuildTest, AnAcceleratorImageKeepsItsOwnPackages) {
  auto asked = request();
  asked.accelerator_base_image = base_image_;
  asked.source.python_version = "3.7";
  auto docker = builder("", {{"python-image", "slipway-test/absent:1"}});
  const auto built = build(*docker, asked);
  ASSERT_BUILT(built);
  EXPECT_THAT(built->warnings, Contains(HasSubstr("no Python 3.7")));
  EXPECT_THAT(docker_run(built->reference), HasSubstr("ran []"));
}

TEST_F(DockerBuildTest, ADockerfileOfTheJobIsTaken) {
  write("sub/Dockerfile.wandb",
        "FROM slipway-test/busybox:1\nCOPY message /message\nENTRYPOINT [\"cat\", \"/message\"]\n");
  write("sub/message", "hello " + random_id() + "\n");
  auto asked = request();
  asked.source.entry_point = {"python", "sub/train.py"};
  auto docker = builder();
  const auto built = build(*docker, asked);
  ASSERT_BUILT(built);
  EXPECT_TRUE(built->entry_point_in_image);
  EXPECT_THAT(docker_run(built->reference), HasSubstr("hello "));
}

TEST_F(DockerBuildTest, AFailingBuildSaysWhy) {
  write("Dockerfile.wandb", "FROM slipway-test/busybox:1\nRUN echo the reason is here && exit 3\n");
  auto docker = builder();
  const auto built = build(*docker, request());
  ASSERT_FALSE(built);
  EXPECT_THAT(built.error().message(), HasSubstr("the reason is here"));
  EXPECT_THAT(log_, Contains(HasSubstr("the reason is here")));
  EXPECT_TRUE(fs::is_empty(context_.state_dir / "builds"));
}

TEST_F(DockerBuildTest, AMissingBaseImageIsNamed) {
  auto docker = builder("", {{"python-image", open_host() + "/no/such:1"}});
  const auto built = build(*docker, request());
  ASSERT_FALSE(built);
  EXPECT_THAT(built.error().message(), HasSubstr("/no/such:1"));
  EXPECT_THAT(built.error().mend(), HasSubstr("builder.python-image"));
}

TEST_F(DockerBuildTest, PushesToAnOpenRegistryAndSkipsWhatIsThere) {
  const auto destination = open_host() + "/team/jobs";
  auto docker = builder(destination);
  const auto built = build(*docker, request());
  ASSERT_BUILT(built);
  EXPECT_FALSE(built->reused);
  EXPECT_TRUE(built->reference.starts_with(destination + ":"));
  // Another agent, whose engine has never seen the image.
  output_of({"docker", "image", "rm", built->reference});
  auto other = builder(destination);
  const auto again = build(*other, request());
  ASSERT_BUILT(again);
  EXPECT_TRUE(again->reused);
  EXPECT_EQ(again->reference, built->reference);
}

TEST_F(DockerBuildTest, PushesToAClosedRegistryWithDockersLogin) {
  log_in(closed_host());
  const auto destination = closed_host() + "/team/jobs";
  auto docker = builder(destination);
  const auto built = build(*docker, request());
  ASSERT_BUILT(built);
  const auto tag = built->reference.substr(built->reference.rfind(':') + 1);
  const auto there = registry(destination);
  const auto exists = run_task(io_, [&] { return there->image_exists(tag); });
  ASSERT_TRUE(exists) << exists.error().to_string();
  EXPECT_TRUE(*exists);
  const auto absent = run_task(io_, [&] { return there->image_exists("absent"); });
  ASSERT_TRUE(absent);
  EXPECT_FALSE(*absent);
}

TEST_F(DockerBuildTest, WithoutALoginAClosedRegistryIsNoQuestionOfExisting) {
  const auto there = registry(closed_host() + "/team/jobs");
  const auto exists = run_task(io_, [&] { return there->image_exists("x"); });
  ASSERT_FALSE(exists);
  EXPECT_EQ(exists.error().code(), Code::unauthenticated);
  EXPECT_THAT(exists.error().mend(), HasSubstr("docker login " + closed_host()));
}

TEST_F(DockerBuildTest, ARegistryThatIsAwayIsUnavailable) {
  const auto there = registry("127.0.0.1:1/team/jobs");
  const auto exists = run_task(io_, [&] { return there->image_exists("x"); });
  ASSERT_FALSE(exists);
  EXPECT_EQ(exists.error().code(), Code::unavailable);
}

TEST_F(DockerBuildTest, TheLocalStoreKnowsItsImages) {
  const auto store = registry("");
  const auto there = run_task(io_, [&] { return store->image_exists(base_image_); });
  const auto absent = run_task(io_, [&] { return store->image_exists("slipway-test/absent:1"); });
  ASSERT_TRUE(there && absent);
  EXPECT_TRUE(*there);
  EXPECT_FALSE(*absent);
}

}  // namespace
}  // namespace slipway::plugins
