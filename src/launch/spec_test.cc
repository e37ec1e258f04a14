#include "launch/spec.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway::launch {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kFull = R"({
  "entity":"e","project":"p","job":"e/p/j:latest","docker":{"user_id":1001},"name":"n","run_id":"abc12345","author":"me",
  "resource":"local-container","resource_args":{"local-container":{"gpus":"all"}},
  "overrides":{"args":["--lr","0.1"],"entry_point":["python","x.py"],"run_config":{"lr":0.1},"artifacts":{"slot":"a"},
               "files":{"conf/a.yaml":{"x":1}},"dockerfile":"Dockerfile.x","working_dir":"sub","future":true},
  "template_variables":{"gpus":2},"priority":1,"queue_entity":"team","sweep_id":"s1","additional_services":[{"name":"db","config":{}}],
  "_resume_count":2,"python_version":"3.11","git":{"repo":"x"},"somebody":"else"})";

TEST(LaunchSpec, ReadsEveryFieldAndWritesTheSame) {
  const auto spec = parse_launch_spec_text(kFull);
  ASSERT_TRUE(spec) << spec.error().to_string();
  EXPECT_EQ(spec->overrides.args, (std::vector<std::string>{"--lr", "0.1"}));
  EXPECT_EQ(spec->user_id, 1001);
  EXPECT_EQ(spec->priority, 1);
  EXPECT_EQ(spec->resume_count, 2);
  EXPECT_EQ(canonical_text(to_json(*spec)), canonical_text(*parse_json(kFull))) << "unknown fields are kept";
}

TEST(LaunchSpec, NullIsAbsent) {
  const auto spec = parse_launch_spec_text(
      R"({"uri":null,"job":"e/p/j:v0","docker":{},"name":null,"resource":null,"resource_args":null,"priority":null,
      "overrides":{"args":null,"entry_point":null}})");
  ASSERT_TRUE(spec) << spec.error().to_string();
  EXPECT_EQ(to_text(to_json(*spec)), R"({"job":"e/p/j:v0"})");
}

TEST(LaunchSpec, TheApiKeyIsWrittenOnlyForTheAgent) {
  const auto spec = parse_launch_spec_text(R"({"job":"j","_wandb_api_key":"0123456789abcdef"})");
  ASSERT_TRUE(spec);
  EXPECT_THAT(to_text(to_json(*spec)), Not(HasSubstr("0123456789abcdef")));
  EXPECT_EQ(text_or(to_wire_json(*spec), "_wandb_api_key"), "0123456789abcdef");
}

struct RefusedCase {
  const char* text;
  const char* path;
};

class LaunchSpecRefused : public ::testing::TestWithParam<RefusedCase> {};

TEST_P(LaunchSpecRefused, NamesTheField) {
  const auto spec = parse_launch_spec_text(GetParam().text);
  ASSERT_FALSE(spec);
  EXPECT_EQ(spec.error().code(), Code::invalid_argument);
  EXPECT_EQ(spec.error().problems().front().path, GetParam().path) << spec.error().to_string();
}

INSTANTIATE_TEST_SUITE_P(
    Types, LaunchSpecRefused,
    ::testing::Values(RefusedCase{R"({"project":1})", "project"},
                      RefusedCase{R"({"overrides":{"args":"--lr"}})", "overrides.args"},
                      RefusedCase{R"({"overrides":{"args":["a",1]}})", "overrides.args[1]"},
                      RefusedCase{R"({"overrides":{"entry_point":"python x.py"}})", "overrides.entry_point"},
                      RefusedCase{R"({"overrides":[]})", "overrides"},
                      RefusedCase{R"({"resource_args":{"docker":5}})", "resource_args.docker"},
                      RefusedCase{R"({"priority":4})", "priority"}, RefusedCase{R"({"priority":"high"})", "priority"},
                      RefusedCase{R"({"run_id":"a/b"})", "run_id"}, RefusedCase{R"({"run_id":"a\nb"})", "run_id"},
                      RefusedCase{R"({"name":"a\u0000b"})", "name"},
                      RefusedCase{R"({"overrides":{"working_dir":"../../etc"}})", "overrides.working_dir"},
                      RefusedCase{R"({"overrides":{"dockerfile":"/etc/x"}})", "overrides.dockerfile"},
                      RefusedCase{R"({"overrides":{"files":{"../x":{}}}})", "overrides.files.../x"},
                      RefusedCase{R"({"overrides":{"files":{"a.yaml":"text"}}})", "overrides.files.a.yaml"},
                      RefusedCase{R"({"docker":{"docker_image":"a"},"image_uri":"b"})", "image_uri"},
                      RefusedCase{R"({"docker":{"user_id":-1}})", "docker.user_id"},
                      RefusedCase{R"({"_resume_count":-1})", "_resume_count"}));

TEST(LaunchSpec, CollectsAllProblemsAndRefusesWhatIsNoMap) {
  const auto spec = parse_launch_spec_text(R"({"project":1,"entity":[],"overrides":{"args":5},"priority":9})");
  ASSERT_FALSE(spec);
  EXPECT_EQ(spec.error().problems().size(), 4U) << spec.error().to_string();
  EXPECT_FALSE(parse_launch_spec_text("[]"));
  EXPECT_FALSE(parse_launch_spec_text("{"));
}

TEST(LaunchSpec, KeepsLimits) {
  EXPECT_EQ(parse_launch_spec_text(R"({"name":")" + std::string(5'000'000, 'x') + "\"}").error().code(),
            Code::resource_exhausted);
  EXPECT_FALSE(parse_launch_spec_text(R"({"name":")" + std::string(40'000, 'x') + "\"}"));
  const std::string deep = R"({"overrides":{"run_config":)" + std::string(60, '[') + std::string(60, ']') + "}}";
  EXPECT_THAT(parse_launch_spec_text(deep).error().to_string(), HasSubstr("nested deeper than 48"));
}

struct SourceCase {
  const char* text;
  bool good;
};

TEST(LaunchSpec, HasExactlyOneSource) {
  const SourceCase cases[] = {{R"({"job":"j"})", true},
                              {R"({"docker":{"docker_image":"i"}})", true},
                              {R"({"image_uri":"i"})", true},
                              {R"({"image_uri":"i","docker":{"docker_image":"i"}})", true},
                              {R"({"uri":"placeholder-uri-scheduler","job":"j","image_uri":"i"})", true},
                              {R"({})", false},
                              {R"({"job":"j","image_uri":"i"})", false},
                              {R"({"uri":"https://github.com/a/b"})", false}};
  for (const auto& each : cases) {
    const auto spec = parse_launch_spec_text(each.text);
    ASSERT_TRUE(spec) << each.text;
    EXPECT_EQ(check_source(*spec).has_value(), each.good) << each.text;
  }
}

TEST(LaunchSpec, TheCommandLineWinsOverTheFile) {
  const auto file = *parse_launch_spec_text(
      R"({"job":"j","project":"p","overrides":{"args":["a"],"run_config":{"x":1,"y":2}},"template_variables":{"v":"b"}})");
  const auto flags =
      *parse_launch_spec_text(R"({"image_uri":"i","overrides":{"run_config":{"y":3}},"template_variables":{"v":"a"}})");
  const auto merged = to_json(merge_specs(file, flags));
  EXPECT_EQ(
      canonical_text(merged),
      R"({"docker":{"docker_image":"i"},"overrides":{"args":["a"],"run_config":{"x":1,"y":3}},"project":"p","template_variables":{"v":"a"}})");
}

}  // namespace
}  // namespace slipway::launch
