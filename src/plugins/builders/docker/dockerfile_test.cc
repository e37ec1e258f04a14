#include "plugins/builders/docker/dockerfile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/builders/docker/build_plan.h"

namespace slipway::plugins::builders::docker {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

DockerfileInput plain_input() {
  DockerfileInput input;
  input.python_version = "3.11";
  input.runtime_image = "python:3.11-slim";
  input.build_image = "python:3.11";
  input.conda_image = "mambaorg/micromamba:bookworm-slim";
  input.entry_point = {"python", "train.py"};
  return input;
}

std::string text_of(const DockerfileInput& input, CacheMounts mounts = CacheMounts::no) {
  auto text = write_dockerfile(input, mounts);
  EXPECT_TRUE(text) << (text ? "" : text.error().to_string());
  return text ? *text : "";
}

TEST(Dockerfile, WithoutPackagesIsOneStage) {
  EXPECT_EQ(text_of(plain_input()),
            "FROM python:3.11-slim\n"
            "USER root\n"
            "ENV PYTHONUNBUFFERED=1 SHELL=/bin/bash HOME=/home/job\n"
            "RUN getent passwd 1000 >/dev/null || echo 'job:x:1000:0::/home/job:/bin/sh' >> /etc/passwd\n"
            "RUN mkdir -p /home/job/.cache && chown -R 1000:0 /home/job\n"
            "WORKDIR /home/job\n"
            "COPY --chown=1000:0 src/ /home/job/\n"
            "USER 1000:0\n"
            "ENTRYPOINT [\"python\",\"train.py\"]\n");
}

TEST(Dockerfile, PackagesAreInstalledInAStageOfTheirOwn) {
  auto input = plain_input();
  input.packages = PackageSource::requirements;
  const auto text = text_of(input);
  EXPECT_THAT(text, StartsWith("FROM python:3.11 AS build\n"));
  EXPECT_THAT(text, HasSubstr("COPY slipway/requirements.txt /slipway/requirements.txt\nRUN /env/bin/python -m pip "
                              "install -r /slipway/requirements.txt\n"));
  EXPECT_THAT(text, HasSubstr("FROM python:3.11-slim\n"));
  EXPECT_THAT(text, HasSubstr("COPY --from=build /env /env\nENV PATH=/env/bin:$PATH\n"));
  EXPECT_THAT(text_of(input, CacheMounts::yes),
              HasSubstr("RUN --mount=type=cache,target=/root/.cache /env/bin/python -m pip install"));
}

TEST(Dockerfile, RequirementsThatNameFilesSeeTheSource) {
  auto input = plain_input();
  input.packages = PackageSource::requirements;
  input.packages_need_source = true;
  EXPECT_THAT(
      text_of(input),
      HasSubstr(
          "COPY src/ /slipway/src/\nWORKDIR /slipway/src\nRUN /env/bin/python -m pip install -r requirements.txt\n"));
}

TEST(Dockerfile, CondaAndFrozenListsUseTheirHelpers) {
  auto input = plain_input();
  input.packages = PackageSource::conda;
  EXPECT_THAT(text_of(input), StartsWith("FROM mambaorg/micromamba:bookworm-slim AS build\nUSER root\n"));
  EXPECT_THAT(text_of(input), HasSubstr("RUN sh /slipway/install_conda.sh\n"));
  EXPECT_EQ(helper_files(input).size(), 1u);
  input.packages = PackageSource::frozen;
  EXPECT_THAT(text_of(input), HasSubstr("RUN /env/bin/python /slipway/install_frozen.py /slipway/requirements.txt\n"));
}

TEST(Dockerfile, AnAcceleratorImageBringsItsOwnPython) {
  auto input = plain_input();
  input.accelerator_image = "tensorflow/tensorflow:latest-gpu";
  input.packages = PackageSource::requirements;
  const auto text = text_of(input);
  EXPECT_THAT(text, StartsWith("FROM tensorflow/tensorflow:latest-gpu\nUSER root\n"));
  EXPECT_THAT(text, HasSubstr("RUN sh /slipway/prepare_python.sh 3.11\n"));
  EXPECT_THAT(text, HasSubstr("DEBIAN_FRONTEND=noninteractive"));
  EXPECT_THAT(text, HasSubstr("pip install -r /slipway/requirements.txt"));
  EXPECT_THAT(text, Not(HasSubstr("python:3.11")));
}

TEST(Dockerfile, RootStaysRoot) {
  auto input = plain_input();
  input.user_id = 0;
  EXPECT_THAT(text_of(input), HasSubstr("USER 0:0\n"));
  EXPECT_THAT(text_of(input), Not(HasSubstr("/etc/passwd")));
}

TEST(Dockerfile, EntryPointCannotBecomeAnInstruction) {
  auto input = plain_input();
  input.entry_point = {"python", "a\nRUN curl evil", "\"]\nUSER root", "$HOME \\"};
  const auto text = text_of(input);
  EXPECT_THAT(text, Not(HasSubstr("\nRUN curl")));
  EXPECT_THAT(text, Not(HasSubstr("\nUSER root\n\n")));
  EXPECT_THAT(text, HasSubstr(R"(ENTRYPOINT ["python","a\nRUN curl evil","\"]\nUSER root","$HOME \\"])"));
}

TEST(Dockerfile, HostileImagesAndVersionsAreRefused) {
  const std::vector<std::string> images = {"python:3.11\nRUN evil",
                                           "img # comment",
                                           "img AS build",
                                           "-v",
                                           "img@sha256:short",
                                           "UPPER/case",
                                           "a b",
                                           "$(x)",
                                           "${BASE}"};
  for (const auto& image : images) {
    for (auto member : {&DockerfileInput::runtime_image, &DockerfileInput::build_image,
                        &DockerfileInput::accelerator_image, &DockerfileInput::conda_image}) {
      auto input = plain_input();
      input.*member = image;
      EXPECT_FALSE(write_dockerfile(input, CacheMounts::no)) << image;
    }
  }
  for (const auto* version : {"", "3", "3.11; rm", "3.11\n", "latest", "2.7"}) {
    auto input = plain_input();
    input.python_version = version;
    EXPECT_FALSE(write_dockerfile(input, CacheMounts::no)) << version;
  }
}

struct BaseCase {
  const char* name;
  std::string dockerfile;
  std::vector<std::string> images;
};

TEST(DockerfileReader, FindsBaseImages) {
  const std::vector<BaseCase> cases = {
      {"one", "FROM python:3.11\nRUN x\n", {"python:3.11"}},
      {"stages",
       "FROM a:1 AS build\nFROM build\nFROM b:2\nCOPY --from=build /x /x\nCOPY --from=0 /y /y\n",
       {"a:1", "b:2"}},
      {"copied from", "FROM a\nCOPY --from=busybox:1 /bin/sh /sh\n", {"a", "busybox:1"}},
      {"scratch", "FROM scratch\n", {}},
      {"platform and case", "# syntax=x\nfrom --platform=linux/amd64 a:1 as X\nFROM x\n", {"a:1"}},
      {"arguments", "ARG BASE=a:1\nARG TAG\nFROM $BASE\nFROM b:${TAG:-9}\nFROM c:${TAG}\n", {"a:1", "b:9"}},
      {"continued lines", "FROM \\\n  a:1\n", {"a:1"}},
  };
  for (const auto& c : cases) EXPECT_EQ(base_images(c.dockerfile, {}), c.images) << c.name;
  EXPECT_THAT(base_images("ARG BASE=a\nFROM $BASE\n", {{"BASE", "given:1"}}), ElementsAre("given:1"));
}

TEST(DockerfileReader, KnowsWhetherTheLastStageStartsTheJob) {
  EXPECT_TRUE(has_entry_point("FROM a\nENTRYPOINT [\"x\"]\n"));
  EXPECT_FALSE(has_entry_point("FROM a\nCMD x\n"));
  EXPECT_FALSE(has_entry_point("FROM a AS b\nENTRYPOINT x\nFROM c\n"));
}

}  // namespace
}  // namespace slipway::plugins::builders::docker
