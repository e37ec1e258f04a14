#include "launch/image_ref.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway::launch {
namespace {

using ::testing::HasSubstr;

const std::string kDigest = "sha256:" + std::string(64, 'a');

struct RefCase {
  std::string text;
  ImageRef parts;
};

TEST(ImageRef, TakesReferencesApart) {
  const RefCase cases[] = {{"python", {"", "python", "", ""}},
                           {"python:3.12-slim", {"", "python", "3.12-slim", ""}},
                           {"team/img:v1", {"", "team/img", "v1", ""}},
                           {"registry:5000/x/img:alias1", {"registry:5000", "x/img", "alias1", ""}},
                           {"localhost/img", {"localhost", "img", "", ""}},
                           {"ghcr.io/a/b/c@" + kDigest, {"ghcr.io", "a/b/c", "", kDigest}},
                           {"a__b/c-d.e:T_1.x", {"", "a__b/c-d.e", "T_1.x", ""}},
                           {"img:1@" + kDigest, {"", "img", "1", kDigest}}};
  for (const auto& each : cases) {
    const auto ref = parse_image_ref(each.text);
    ASSERT_TRUE(ref) << each.text << ": " << ref.error().message();
    EXPECT_EQ(ref->registry, each.parts.registry) << each.text;
    EXPECT_EQ(ref->path, each.parts.path) << each.text;
    EXPECT_EQ(ref->tag, each.parts.tag) << each.text;
    EXPECT_EQ(ref->digest, each.parts.digest) << each.text;
    EXPECT_EQ(ref->to_string(), each.text);
  }
}

TEST(ImageRef, RefusesWhatCouldBeAnythingElse) {
  const std::string bad[] = {"",
                             "-v",
                             "--privileged",
                             "img name",
                             "img\nRUN x",
                             "UPPER/img",
                             "img:",
                             "img:a b",
                             "img@sha256:abc",
                             "img@md5:" + std::string(64, 'a'),
                             "a//b",
                             "/img",
                             "img/",
                             "https://x/img",
                             "a..b",
                             "a_-b",
                             "-a.b/c",
                             "x:99999999/img",
                             "img:" + std::string(129, 'a'),
                             "${image}",
                             "a#b",
                             std::string(600, 'a')};
  for (const auto& text : bad) EXPECT_FALSE(parse_image_ref(text)) << text;
}

TEST(ImageRef, TheTagIsAnAliasUnlessItIsAPort) {
  EXPECT_EQ(alias_from_image("registry:5000/x/img:alias1"), "alias1");
  EXPECT_EQ(alias_from_image("registry:5000/x/img"), std::nullopt);
  EXPECT_EQ(alias_from_image("img"), std::nullopt);
  EXPECT_EQ(alias_from_image("img:v1@" + kDigest), "v1");
}

struct DestinationCase {
  const char* text;
  RegistryKind kind;
  const char* repository;
};

TEST(Destination, IsMadeExact) {
  const DestinationCase cases[] = {
      {"my-registry.example.com/my-repository", RegistryKind::generic, "my-registry.example.com/my-repository"},
      {"https://reg.azurecr.io/team/repo", RegistryKind::acr, "reg.azurecr.io/team/repo"},
      {"123456789012.dkr.ecr.us-east-1.amazonaws.com/a/b", RegistryKind::ecr,
       "123456789012.dkr.ecr.us-east-1.amazonaws.com/a/b"},
      {"europe-west4-docker.pkg.dev/proj/repo/sub/image", RegistryKind::gar,
       "europe-west4-docker.pkg.dev/proj/repo/sub/image"},
      {"localhost:5000/x", RegistryKind::generic, "localhost:5000/x"},
      {"user/image", RegistryKind::generic, "user/image"},
      {"arn:aws:ecr:us-west-2:123456789012:repository/team/repo", RegistryKind::ecr,
       "123456789012.dkr.ecr.us-west-2.amazonaws.com/team/repo"}};
  for (const auto& each : cases) {
    const auto destination = parse_destination(each.text);
    ASSERT_TRUE(destination) << each.text << ": " << destination.error().to_string();
    EXPECT_EQ(destination->kind, each.kind) << each.text;
    EXPECT_EQ(destination->repository, each.repository);
  }
  EXPECT_EQ(parse_destination("123456789012.dkr.ecr.us-east-1.amazonaws.com/a")->region, "us-east-1");
  EXPECT_EQ(parse_destination("arn:aws:ecr:us-west-2:1:repository/r")->notices.size(), 1U);
}

struct RefusedCase {
  const char* text;
  const char* says;
};

TEST(Destination, MistakesAreNamedWithTheirMend) {
  const RefusedCase cases[] = {{"123456789012.ecr.us-east-1.amazonaws.com/repo",
                                "Did you mean '123456789012.dkr.ecr.us-east-1.amazonaws.com/repo'?"},
                               {"reg.example.com/repo:latest", "carries the tag 'latest'"},
                               {"reg.azurecr.io", "names a registry, but no repository"},
                               {"https://reg.azurecr.io/", "names a registry, but no repository"},
                               {"europe-west4-docker.pkg.dev/proj/repo", "names no image"},
                               {"arn:aws:s3:::bucket", "not the ARN of an ECR repository"},
                               {"reg.example.com/UPPER", "no part of a repository name"}};
  for (const auto& each : cases) {
    const auto destination = parse_destination(each.text);
    ASSERT_FALSE(destination) << each.text;
    EXPECT_THAT(destination.error().to_string(), HasSubstr(each.says));
  }
  EXPECT_FALSE(parse_destination(""));
}

}  // namespace
}  // namespace slipway::launch
