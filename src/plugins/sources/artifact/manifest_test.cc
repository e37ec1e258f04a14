#include "plugins/sources/artifact/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/ids.h"
#include "plugins/sources/artifact/artifact_fetcher.h"

namespace slipway::plugins::sources::artifact {
namespace {

using testing::HasSubstr;

Json manifest_with(const std::string& path, JsonObject entry) {
  return JsonObject{{"version", 1}, {"contents", JsonObject{{path, std::move(entry)}}}};
}
JsonObject good_entry() { return JsonObject{{"digest", md5_base64("x")}, {"size", 1}}; }

TEST(Manifest, IsReadInPathOrder) {
  const auto manifest =
      parse_manifest(JsonObject{{"contents", JsonObject{{"b/c.py", good_entry()}, {"a.py", good_entry()}}}});
  ASSERT_TRUE(manifest);
  ASSERT_EQ(manifest->entries.size(), 2u);
  EXPECT_EQ(manifest->entries[0].path, "a.py");
  EXPECT_EQ(manifest->bytes, 2u);
  const auto reordered =
      parse_manifest(JsonObject{{"contents", JsonObject{{"a.py", good_entry()}, {"b/c.py", good_entry()}}}});
  EXPECT_EQ(reordered->fingerprint, manifest->fingerprint);
}

TEST(Manifest, RefusesPathsThatLeaveTheTree) {
  for (const auto* path : {"../x", "/etc/passwd", "a/../../x", "", ".", "a//b", "a/.", "a/"}) {
    const auto manifest = parse_manifest(manifest_with(path, good_entry()));
    ASSERT_FALSE(manifest) << path;
    EXPECT_EQ(manifest.error().code(), Code::invalid_argument);
  }
  EXPECT_FALSE(parse_manifest(manifest_with(std::string("a\0b", 3), good_entry())));
}

TEST(Manifest, RefusesEntriesThatAreNoUploadedFiles) {
  const auto reference = parse_manifest(manifest_with("a", {{"digest", "etag"}, {"ref", "s3://bucket/a"}}));
  ASSERT_FALSE(reference);
  EXPECT_THAT(reference.error().message(), HasSubstr("reference"));
  EXPECT_FALSE(parse_manifest(manifest_with("a", {{"digest", "short"}, {"size", 1}})));
  EXPECT_FALSE(parse_manifest(manifest_with("a", {{"digest", md5_base64("x")}, {"size", -1}})));
  EXPECT_FALSE(parse_manifest(manifest_with("a", {{"digest", md5_base64("x")}})));
  for (const auto* text : {"null", "[]", "{}", R"({"contents": []})", R"({"contents": {"a": 1}})"})
    EXPECT_FALSE(parse_manifest(*parse_json(text))) << text;
}

TEST(ArtifactReference, IsReadInAllItsSpellings) {
  const auto by_id = parse_reference("wandb-artifact://_id/QXJ0aWZhY3Q6MQ==");
  ASSERT_TRUE(by_id);
  EXPECT_EQ(by_id->id, "QXJ0aWZhY3Q6MQ==");
  const auto by_name = parse_reference("team/vision/job-train:v3");
  ASSERT_TRUE(by_name);
  EXPECT_EQ(by_name->entity + "|" + by_name->project + "|" + by_name->name + "|" + by_name->alias,
            "team|vision|job-train|v3");
  EXPECT_EQ(parse_reference("wandb-artifact://team/vision/code")->alias, "latest");
  for (const auto* bad : {"", "name", "a/b", "a/b/c/d", "/b/c", "a//c", "a/b/", "a/b/c:", "wandb-artifact://_id/",
                          "wandb-artifact://_id/a/b"}) {
    EXPECT_FALSE(parse_reference(bad)) << bad;
  }
}

}  // namespace
}  // namespace slipway::plugins::sources::artifact
