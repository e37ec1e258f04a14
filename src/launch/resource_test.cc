#include "launch/resource.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "launch/priority.h"

namespace slipway::launch {
namespace {

using ::testing::HasSubstr;

const std::vector<ResourceKind> kKinds = {
    {"local-container", {"Docker", "local", ""}},
    {"local-process", {"process"}},
    {"kubernetes", {"k8s"}},
    {"sagemaker", {"Amazon SageMaker"}},
    {"gcp-vertex", {"vertex", "GCP Vertex", "Google Cloud Vertex AI"}},
};

struct NameCase {
  const char* written;
  const char* canonical;
};

TEST(Resource, EverySpellingFindsItsKind) {
  const NameCase cases[] = {
      {"local-container", "local-container"},  {"docker", "local-container"}, {"", "local-container"},
      {"Local_Process", "local-process"},      {"Kubernetes", "kubernetes"},  {" SageMaker ", "sagemaker"},
      {"amazon-sagemaker", "sagemaker"},       {"vertex", "gcp-vertex"},      {"gcp vertex", "gcp-vertex"},
      {"Google Cloud Vertex AI", "gcp-vertex"}};
  for (const auto& each : cases) EXPECT_EQ(canonical_resource(kKinds, each.written), each.canonical) << each.written;
  EXPECT_EQ(canonical_resource(kKinds, "slurm"), std::nullopt);
}

TEST(Resource, AnUnknownNameIsRefusedWithASuggestion) {
  const auto name = require_resource(kKinds, "kuberntes");
  ASSERT_FALSE(name);
  EXPECT_THAT(name.error().message(), HasSubstr("Did you mean 'kubernetes'?"));
  EXPECT_THAT(name.error().message(), HasSubstr("local-container, local-process, kubernetes"));
}

TEST(Priority, NamesAndNumbersAreTheSame) {
  const std::pair<const char*, int> cases[] = {{"critical", 0}, {"HIGH", 1}, {" medium ", 2},
                                               {"low", 3},      {"0", 0},    {"3", 3}};
  for (const auto& [text, number] : cases) EXPECT_EQ(parse_priority(text).value_or(-1), number) << text;
  for (int i = 0; i < 4; ++i) EXPECT_EQ(parse_priority(priority_name(i)).value_or(-1), i);
  EXPECT_EQ(priority_name(kDefaultPriority), "medium");
}

TEST(Priority, EverythingElseIsRefused) {
  for (const char* bad : {"", "4", "-1", "urgent", "1.5", "1x", "99999999999999999999"})
    EXPECT_FALSE(parse_priority(bad)) << bad;
}

}  // namespace
}  // namespace slipway::launch
