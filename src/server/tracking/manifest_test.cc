#include "server/tracking/manifest.h"

#include <gmock/gmock.h>

#include "base/ids.h"

namespace slipway::server {
namespace {

using testing::HasSubstr;

TEST(Manifest, digest_is_that_of_the_wire) {
  const auto manifest = parse_manifest(
      R"({"version":1,"storagePolicy":"wandb-storage-policy-v1","storagePolicyConfig":{"storageLayout":"V2"},"contents":{
    "src/train.py":{"digest":"XUFAKrxLKna5cZ2REBfFkg==","size":5,"birthArtifactID":"QQ=="},
    "a.txt":{"digest":"XUFAKrxLKna5cZ2REBfFkg==","size":5}, "big":{"digest":"etag","ref":"s3://b/k","size":9}}})");
  ASSERT_TRUE(manifest) << manifest.error().to_string();
  ASSERT_EQ(manifest->entries.size(), 3u);
  EXPECT_EQ(manifest->entries[0].path, "a.txt");
  EXPECT_EQ(manifest->entries[0].md5, "5d41402abc4b2a76b9719d911017c592");
  EXPECT_EQ(manifest->entries[1].reference, "s3://b/k");
  EXPECT_EQ(manifest->entries[1].md5, "");
  EXPECT_EQ(manifest->digest(), md5_hex("wandb-artifact-manifest-v1\na.txt:XUFAKrxLKna5cZ2REBfFkg==\nbig:etag\nsrc/"
                                        "train.py:XUFAKrxLKna5cZ2REBfFkg==\n"));
}

struct Refusal {
  const char* name;
  const char* text;
  const char* part;
};
class BadManifest : public testing::TestWithParam<Refusal> {};

TEST_P(BadManifest, is_refused) {
  const auto manifest = parse_manifest(GetParam().text);
  ASSERT_FALSE(manifest);
  EXPECT_EQ(manifest.error().code(), Code::invalid_argument);
  EXPECT_THAT(manifest.error().to_string(), HasSubstr(GetParam().part));
}

INSTANTIATE_TEST_SUITE_P(
    Manifest, BadManifest,
    testing::Values(
        Refusal{"no_json", "x", "reading the manifest"}, Refusal{"no_contents", R"({"version":1})", "contents"},
        Refusal{"version", R"({"version":2,"contents":{}})", "version"},
        Refusal{"list", R"({"version":1,"contents":[]})", "contents"},
        Refusal{"parent", R"({"version":1,"contents":{"../x":{"digest":"XUFAKrxLKna5cZ2REBfFkg=="}}})", "relative"},
        Refusal{"absolute", R"({"version":1,"contents":{"/x":{"digest":"XUFAKrxLKna5cZ2REBfFkg=="}}})", "relative"},
        Refusal{"dot", R"({"version":1,"contents":{"a/./x":{"digest":"XUFAKrxLKna5cZ2REBfFkg=="}}})", "relative"},
        Refusal{"empty", R"({"version":1,"contents":{"":{"digest":"XUFAKrxLKna5cZ2REBfFkg=="}}})", "empty"},
        Refusal{"backslash", R"({"version":1,"contents":{"a\\b":{"digest":"XUFAKrxLKna5cZ2REBfFkg=="}}})", "backslash"},
        Refusal{"nul", R"({"version":1,"contents":{"a\u0000b":{"digest":"XUFAKrxLKna5cZ2REBfFkg=="}}})", "control"},
        Refusal{"hex", R"({"version":1,"contents":{"a":{"digest":"5d41402abc4b2a76b9719d911017c592"}}})", "base64"},
        Refusal{"no_digest", R"({"version":1,"contents":{"a":{}}})", "base64"},
        Refusal{"text", R"({"version":1,"contents":{"a":"b"}})", "object"}),
    [](const auto& row) { return row.param.name; });

TEST(PathFault, accepts_names_of_files) {
  for (const char* name : {"a", "a/b/c.py", ".hidden", "a b", "ümlaut", "..a", "a..", "config.yaml"})
    EXPECT_EQ(path_fault(name), "") << name;
  EXPECT_NE(path_fault(std::string(5000, 'x')), "");
  EXPECT_NE(path_fault("\xff"), "");
}

}  // namespace
}  // namespace slipway::server
