#include "launch/job.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway::launch {
namespace {

using ::testing::HasSubstr;

Json json(std::string_view text) { return *parse_json(text); }

constexpr std::string_view kRepo =
    R"({"_version":"v0","source_type":"repo","source":{"git":{"remote":"https://h/a/b","commit":"abc"},
  "entrypoint":["python3","train.py"],"notebook":false},"input_types":{"wb_type":"typedDict"},"output_types":{},"runtime":"3.11"})";
constexpr std::string_view kArtifact =
    R"({"_version":"0.17.0","source_type":"artifact","source":{"artifact":"wandb-artifact://_id/QXJ0aWZhY3Q6MQ==",
  "entrypoint":["python","x.py"],"notebook":true,"build_context":"sub","dockerfile":"Dockerfile.x","base_image":"python:3.12"},
  "input_types":{},"output_types":{},"runtime":"3.9.1","services":{"db":"always"},"_partial":"v0"})";
constexpr std::string_view kImage =
    R"({"_version":"v0","source_type":"image","source":{"image":"reg:5000/x:1"},"input_types":{},"output_types":{}})";

TEST(JobFile, EveryKindReadsAndWritesBack) {
  for (const auto text : {kRepo, kArtifact, kImage}) {
    const auto job = parse_job_file(json(text));
    ASSERT_TRUE(job) << job.error().to_string();
    EXPECT_EQ(canonical_text(to_json(*job)), canonical_text(json(text)));
  }
  const auto artifact = parse_job_file(json(kArtifact));
  EXPECT_EQ(artifact->type, JobSourceType::artifact);
  EXPECT_TRUE(artifact->notebook);
  EXPECT_EQ(artifact->build_context, "sub");
}

TEST(JobFile, NullsAndUnknownKeysAreNoMistake) {
  const auto job = parse_job_file(json(
      R"({"source_type":"image","source":{"image":"x","entrypoint":null,"new":1},"runtime":null,"later":{"a":1}})"));
  ASSERT_TRUE(job) << job.error().to_string();
  EXPECT_EQ(job->version, "v0");
  EXPECT_TRUE(job->other.contains("later"));
}

struct RefusedCase {
  const char* text;
  const char* path;
};

TEST(JobFile, ProblemsNameTheirField) {
  const RefusedCase cases[] = {
      {R"({"source_type":"zip","source":{}})", "source_type"},
      {R"({"source":{}})", "source_type"},
      {R"({"source_type":"repo","source":{"git":{"commit":"x"}}})", "source.git.remote"},
      {R"({"source_type":"artifact","source":{}})", "source.artifact"},
      {R"({"source_type":"image"})", "source.image"},
      {R"({"source_type":"image","source":{"image":5}})", "source.image"},
      {R"({"source_type":"image","source":{"image":"x","entrypoint":"python x"}})", "source.entrypoint"},
      {R"({"source_type":"artifact","source":{"artifact":"x","build_context":"../x"}})", "source.build_context"},
      {R"({"source_type":"artifact","source":{"artifact":"x","dockerfile":"/etc/x"}})", "source.dockerfile"},
      {R"({"source_type":"image","source":{"image":"x"},"services":{"a":"maybe"}})", "services.a"}};
  for (const auto& each : cases) {
    const auto job = parse_job_file(json(each.text));
    ASSERT_FALSE(job) << each.text;
    EXPECT_EQ(job.error().problems().front().path, each.path) << job.error().to_string();
  }
  EXPECT_FALSE(parse_job_file(json("[]")));
}

struct EntryCase {
  const char* text;
  std::vector<std::string> words;
};

TEST(EntryPoint, BecomesAnArgumentVector) {
  const EntryCase cases[] = {{"python3 train.py", {"python3", "train.py"}},
                             {"train.py", {"python", "train.py"}},
                             {"run.sh", {"bash", "run.sh"}},
                             {"./main --lr 0.1 'a b'", {"./main", "--lr", "0.1", "a b"}},
                             {"train.py --x", {"train.py", "--x"}},
                             {"python a..b.py", {"python", "a..b.py"}}};
  for (const auto& each : cases) EXPECT_EQ(parse_entry_point(each.text).value(), each.words) << each.text;
  for (const char* bad : {"", "  ", "python 'x", "python ../x.py", "a/../b"})
    EXPECT_FALSE(parse_entry_point(bad)) << bad;
}

TEST(EntryPoint, NamesItsFile) {
  EXPECT_EQ(entry_point_file({"python3", "src/train.py", "--x"}), "src/train.py");
  EXPECT_EQ(entry_point_file({"run.sh", "x"}), "run.sh");
  EXPECT_EQ(entry_point_file({"main"}), "");
  EXPECT_EQ(entry_point_file({}), "");
}

TEST(Runtime, LosesItsMicroVersion) {
  for (const char* text : {"3.11", "3.11.4", "python-3.11", " 3.11\n"}) EXPECT_EQ(parse_runtime(text).value(), "3.11");
  for (const char* bad : {"", "3", "2.7", "3.x", "3.11.4.1", "three", "3."}) EXPECT_FALSE(parse_runtime(bad)) << bad;
}

}  // namespace
}  // namespace slipway::launch
