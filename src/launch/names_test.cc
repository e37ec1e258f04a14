#include "launch/names.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace slipway::launch {
namespace {

bool is_dns_label(const std::string& name) {
  const auto legal = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !name.empty() && name.size() <= 63 && std::ranges::all_of(name, legal) && name.front() != '-' &&
         name.back() != '-';
}

TEST(BackendName, IsReadableForAUsualRunId) { EXPECT_EQ(backend_name("a1b2c3d4", 1), "slipway-a1b2c3d4-1"); }

TEST(BackendName, IsAlwaysLegalDeterministicAndTellsRunsApart) {
  const std::string ids[] = {"abc",
                             "ABC",
                             "Abc",
                             "a_b",
                             "a-b",
                             "a.b",
                             "a--b",
                             "-a",
                             "a-",
                             "",
                             "日本",
                             "___",
                             std::string(200, 'x'),
                             std::string(199, 'x') + "y",
                             "x\ny",
                             "slipway-abc-1"};
  std::set<std::string> names;
  for (const auto& id : ids) {
    for (const std::int64_t attempt : {1, 2, 999'999}) {
      const auto name = backend_name(id, attempt);
      EXPECT_TRUE(is_dns_label(name)) << id << " gives " << name;
      EXPECT_EQ(name, backend_name(id, attempt));
      EXPECT_TRUE(names.insert(name).second) << name << " is given to two runs";
    }
  }
}

TEST(BackendLabels, AreLegalEverywhere) {
  const auto labels = backend_labels(
      {.server = "srv-1", .item = "UnVuUXVldWVJdGVtOjE=", .attempt = 3, .queue = "my queue", .run = "a_b"});
  EXPECT_EQ(labels.at("slipway.dev/server"), "srv-1");
  EXPECT_EQ(labels.at("slipway.dev/attempt"), "3");
  EXPECT_EQ(labels.at("slipway.dev/run"), "a_b");
  EXPECT_TRUE(labels.at("slipway.dev/queue").starts_with("my-queue-")) << labels.at("slipway.dev/queue");
  for (const auto& [key, value] : labels) EXPECT_LE(value.size(), 63U);
  EXPECT_NE(label_value("my queue"), label_value("my  queue"));
  EXPECT_EQ(label_value(""), "");
  EXPECT_EQ(label_value(std::string(63, 'q')).size(), 63U);
  EXPECT_LE(label_value(std::string(64, 'q')).size(), 63U);
}

struct NameCase {
  std::string given;
  std::string expected;
};

TEST(ArtifactName, KeepsTheRulesOfArtifacts) {
  const NameCase cases[] = {
      {"job-my_repo", "job-my_repo"},
      {"job-https://github.com/a/b.git_train.py", "job-https___github.com_a_b.git_train.py"},
      {std::string(128, 'a'), std::string(128, 'a')},
      {std::string(70, 'a') + std::string(70, 'b'), std::string(63, 'a') + ".." + std::string(63, 'b')}};
  for (const auto& each : cases) {
    EXPECT_EQ(artifact_name(each.given), each.expected);
    EXPECT_TRUE(is_artifact_name(artifact_name(each.given)) || each.given.empty());
  }
  EXPECT_FALSE(is_artifact_name("a b"));
  EXPECT_FALSE(is_artifact_name(""));
}

TEST(JobName, DefaultsFollowTheSource) {
  EXPECT_EQ(git_job_name("https://github.com/acme/train.git", "src/train.py"),
            "job-https___github.com_acme_train.git_src_train.py");
  EXPECT_EQ(git_job_name("https://user:token@github.com/acme/train", ""), "job-https___github.com_acme_train")
      << "no credentials in names";
  EXPECT_EQ(code_job_name("acme/proj/code-train:v3"), "job-train");
  EXPECT_EQ(code_job_name("train"), "job-train");
  EXPECT_EQ(image_job_name("registry:5000/team/img:v1"), "job-registry_5000_team_img");
  EXPECT_EQ(image_job_name("python"), "job-python");
}

TEST(DockerImageName, IsALegalRepository) {
  const NameCase cases[] = {{"Team/My Project/job_x", "team/my-project/job-x"}, {"--a--", "a"}, {"a//b", "a/b"}};
  for (const auto& each : cases) EXPECT_EQ(docker_image_name(each.given), each.expected);
  EXPECT_TRUE(docker_image_name("日本").starts_with("slipway-"));
  EXPECT_LE(docker_image_name(std::string(500, 'x')).size(), 128U);
}

}  // namespace
}  // namespace slipway::launch
