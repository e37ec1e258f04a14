#include "plugins/builders/docker/build_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/builders/docker/packages.h"
#include "plugins/builders/docker/source_hash.h"

namespace slipway::plugins::builders::docker {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class BuildPlanTest : public testing::Test {
 protected:
  archive::TemporaryFolder folder_ = *archive::TemporaryFolder::create("build-plan-");
  fs::path dir_ = folder_.path() / "code";
  DockerConfig config_ = *parse_docker_config(JsonObject());

  void write(const std::string& path, const std::string& content) {
    fs::create_directories((dir_ / path).parent_path());
    ASSERT_TRUE(archive::write_file_atomically(dir_ / path, content));
  }
  BuildRequest request() const {
    BuildRequest request;
    request.source.dir = dir_;
    request.source.identity = "commit";
    request.source.entry_point = {"python", "sub/train.py"};
    request.source.python_version = "3.11";
    request.entry_point = request.source.entry_point;
    return request;
  }
  BuildPlan plan(const BuildRequest& request) {
    auto made = plan_build(request, config_);
    EXPECT_TRUE(made) << (made ? "" : made.error().to_string());
    return made ? *std::move(made) : BuildPlan();
  }
  std::string hash(const BuildPlan& plan) { return source_hash(plan, config_, {}); }
};

TEST_F(BuildPlanTest, DockerfilesArePreferredInTheDocumentedOrder) {
  write("sub/train.py", "");
  EXPECT_THAT(plan(request()).dockerfile, HasSubstr("ENTRYPOINT [\"python\",\"sub/train.py\"]"));

  write("sub/Dockerfile.wandb", "FROM beside\n");
  auto beside = plan(request());
  EXPECT_EQ(beside.dockerfile, "FROM beside\n");
  EXPECT_EQ(beside.root.filename(), "sub");
  EXPECT_EQ(beside.prefix, "");
  EXPECT_FALSE(beside.entry_point_in_image);
  EXPECT_THAT(beside.entry_point, ElementsAre("python", "train.py"));

  write("docker/job.Dockerfile", "FROM job\nENTRYPOINT [\"x\"]\n");
  auto of_job = request();
  of_job.source.dockerfile = "docker/job.Dockerfile";
  EXPECT_EQ(plan(of_job).dockerfile, "FROM job\nENTRYPOINT [\"x\"]\n");
  EXPECT_EQ(plan(of_job).root, dir_);
  EXPECT_TRUE(plan(of_job).entry_point_in_image);

  write("docker/override", "FROM override\n");
  of_job.override_dockerfile = "docker/override";
  EXPECT_EQ(plan(of_job).dockerfile, "FROM override\n");
}

TEST_F(BuildPlanTest, ADockerfileOutsideTheSourceIsRefused) {
  write("train.py", "");
  ASSERT_TRUE(archive::write_file_atomically(folder_.path() / "Dockerfile", "FROM x\n"));
  fs::create_symlink(folder_.path() / "Dockerfile", dir_ / "link");
  for (const auto* path : {"../Dockerfile", "/etc/passwd", "link", "absent"}) {
    auto asked = request();
    asked.override_dockerfile = path;
    EXPECT_FALSE(plan_build(asked, config_)) << path;
  }
}

TEST_F(BuildPlanTest, TheBuildContextIsTheRoot) {
  write("train.py", "");
  write("project/requirements.txt", "numpy\n");
  auto asked = request();
  asked.source.build_context = "project";
  const auto made = plan(asked);
  EXPECT_EQ(made.root, dir_ / "project");
  EXPECT_THAT(made.dockerfile, HasSubstr("pip install"));
  asked.source.build_context = "absent";
  EXPECT_FALSE(plan_build(asked, config_));
}

TEST_F(BuildPlanTest, PackagesComeFromTheFirstFileThatNamesSome) {
  const auto found = [&](const fs::path& job_dir = {}) { return *find_packages(dir_, job_dir); };
  write("train.py", "");
  EXPECT_EQ(found().source, PackageSource::none);
  EXPECT_THAT(found().warnings, Contains(HasSubstr("nothing is installed")));

  ASSERT_TRUE(
      archive::write_file_atomically(folder_.path() / "requirements.frozen.txt", "torch==2.0+cu118\nwandb==0.17\n"));
  EXPECT_EQ(found(folder_.path()).source, PackageSource::frozen);
  write("conda.yaml", "dependencies: [python, wandb]\n");
  EXPECT_EQ(found(folder_.path()).source, PackageSource::conda);
  write("pyproject.toml", "[project]\nname = 'x'\ndependencies = [\n  'numpy>=1', # why\n  \"wandb[media]\",\n]\n");
  EXPECT_EQ(found().source, PackageSource::pyproject);
  EXPECT_EQ(found().content, "numpy>=1\nwandb[media]\n");
  EXPECT_THAT(found().warnings, IsEmpty());
  write("requirements.txt", "# only a comment\n");
  EXPECT_EQ(found().source, PackageSource::pyproject);
  write("requirements.txt", "numpy\n");
  EXPECT_EQ(found().source, PackageSource::requirements);
  EXPECT_THAT(found().warnings, Contains(HasSubstr("'wandb' is not in requirements.txt")));
  EXPECT_FALSE(found().need_source);
}

TEST_F(BuildPlanTest, RequirementsThatNameFilesNeedTheSource) {
  for (const auto* line : {"-e .", "-r base.txt", "./wheels/a.whl", ".", "--find-links wheels", "--find-links=./wheels",
                           "pkg @ file:///slipway/src/pkg"}) {
    write("requirements.txt", std::string("numpy\n") + line + "\n");
    EXPECT_TRUE(find_packages(dir_, {})->need_source) << line;
  }
  for (const auto* line : {"--index-url https://example.com/simple", "--extra-index-url=https://example.com/x",
                           "git+https://example.com/a/b.git", "a==1 # ./x"}) {
    write("requirements.txt", std::string("numpy\n") + line + "\n");
    EXPECT_FALSE(find_packages(dir_, {})->need_source) << line;
  }
}

TEST_F(BuildPlanTest, PyprojectDependenciesCannotBecomeOptions) {
  EXPECT_THAT(*pyproject_dependencies("[tool.x]\ndependencies = ['no']\n"), IsEmpty());
  EXPECT_THAT(*pyproject_dependencies("project.dependencies = ['a', 'b']\n"), ElementsAre("a", "b"));
  EXPECT_THAT(*pyproject_dependencies("[project]\ndependencies = []\n"), IsEmpty());
  EXPECT_FALSE(pyproject_dependencies("[project]\ndependencies = ['--index-url=https://evil']\n"));
  EXPECT_FALSE(pyproject_dependencies("[project]\ndependencies = ['a\n--x']\n"));
  EXPECT_FALSE(pyproject_dependencies("[project]\ndependencies = ['a'\n"));
  EXPECT_FALSE(pyproject_dependencies("[project]\ndependencies = [1]\n"));
}

TEST_F(BuildPlanTest, TheHashChangesWithEverythingThatGoesIn) {
  write("sub/train.py", "print(1)\n");
  write("requirements.txt", "wandb\n");
  const auto first = hash(plan(request()));
  EXPECT_GE(first.size(), 32u);
  EXPECT_EQ(first.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_EQ(hash(plan(request())), first);

  auto other_identity = request();
  other_identity.source.identity = "another commit with the same files";
  EXPECT_EQ(hash(plan(other_identity)), first) << "only content counts";

  auto other_entry = request();
  other_entry.source.entry_point = {"python", "other.py"};
  EXPECT_NE(hash(plan(other_entry)), first);
  auto other_user = request();
  other_user.user_id = 1001;
  EXPECT_NE(hash(plan(other_user)), first);

  const auto made = plan(request());
  EXPECT_NE(source_hash(made, config_, {{"python:3.11-slim", "sha256:1"}}),
            source_hash(made, config_, {{"python:3.11-slim", "sha256:2"}}));
  auto config = config_;
  config.platform = "linux/arm64";
  EXPECT_NE(source_hash(made, config, {}), first);
  config = config_;
  config.build_args["A"] = "b";
  EXPECT_NE(source_hash(made, config, {}), first);

  write("sub/train.py", "print(2)\n");
  EXPECT_NE(hash(plan(request())), first);
  write("sub/train.py", "print(1)\n");
  EXPECT_EQ(hash(plan(request())), first);
  fs::permissions(dir_ / "sub/train.py", fs::perms::owner_exec, fs::perm_options::add);
  EXPECT_NE(hash(plan(request())), first);
}

TEST_F(BuildPlanTest, TheContextHoldsExactlyWhatWasHashed) {
  write("sub/train.py", "x");
  write(".git/config", "secret");
  write("ignored.bin", "x");
  write(".slipwayignore", "*.bin\n");
  write("requirements.txt", "numpy\n");
  fs::create_symlink("train.py", dir_ / "sub/link.py");
  const auto made = plan(request());
  const auto context = folder_.path() / "context";
  ASSERT_TRUE(stage_context(made, context));
  EXPECT_TRUE(fs::exists(context / "src/sub/train.py"));
  EXPECT_TRUE(fs::is_symlink(context / "src/sub/link.py"));
  EXPECT_TRUE(fs::exists(context / "slipway/requirements.txt"));
  EXPECT_FALSE(fs::exists(context / "src/.git"));
  EXPECT_FALSE(fs::exists(context / "src/ignored.bin"));
}

TEST(DockerConfig, NamesEveryProblem) {
  const auto bad = parse_docker_config(*parse_json(
      R"({"python-image": 3, "platform": "linux amd64", "pull-base-image": "never", "build-timeout": "1h", "build-args": {"A": []}})"));
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().problems().size(), 5u) << bad.error().to_string();
  const auto good = parse_docker_config(*parse_json(
      R"({"type": "docker", "python-image": "mirror.example.com/python:{version}-slim", "destination": "x"})"));
  ASSERT_TRUE(good);
  EXPECT_EQ(good->python_build_image, "mirror.example.com/python:{version}-slim");
}

}  // namespace
}  // namespace slipway::plugins::builders::docker
