#include "launch/environment.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway::launch {
namespace {

using ::testing::Contains;
using ::testing::Key;
using ::testing::Not;

LaunchSpec spec(std::string_view text) { return *parse_launch_spec_text(text); }

EnvironmentInput input() {
  return {.base_url = "http://s",
          .agent_key = Secret("agent-key"),
          .run_id = "r1",
          .image = "img:1",
          .queue = "q",
          .queue_entity = "team",
          .item_id = "it"};
}

TEST(JobEnvironment, IsExactlyWhatJobsRelyOn) {
  const auto out = job_environment(
      spec(
          R"({"entity":"e","project":"p","job":"e/p/j:v0","name":"n","author":"me","sweep_id":"s","_resume_count":1,
      "overrides":{"run_config":{"lr":0.5},"files":{"a.yaml":{"x":1}},"artifacts":{"slot":"art"}}})"),
      input());
  const std::map<std::string, std::string> expected = {
      {"WANDB_BASE_URL", "http://s"},
      {"WANDB_PROJECT", "p"},
      {"WANDB_ENTITY", "e"},
      {"WANDB_LAUNCH", "True"},
      {"WANDB_RUN_ID", "r1"},
      {"WANDB_DOCKER", "img:1"},
      {"WANDB_NAME", "n"},
      {"WANDB_USERNAME", "me"},
      {"WANDB_SWEEP_ID", "s"},
      {"WANDB_RESUME", "allow"},
      {"WANDB_LAUNCH_QUEUE_NAME", "q"},
      {"WANDB_LAUNCH_QUEUE_ENTITY", "team"},
      {"WANDB_LAUNCH_TRACE_ID", "it"},
      {"WANDB_CONFIG", R"({"lr":5E-1})"},
      {"WANDB_LAUNCH_FILE_OVERRIDES", R"({"a.yaml":{"x":1}})"},
      {"WANDB_ARTIFACTS", R"({"_wandb_job":"e/p/j:v0","slot":"art"})"}};
  EXPECT_EQ(out.plain, expected);
  ASSERT_EQ(out.secret.size(), 1U);
  EXPECT_EQ(out.secret.at("WANDB_API_KEY").reveal(), "agent-key");
  for (const auto& [name, value] : out.secret)
    EXPECT_NE(std::ranges::find(kSecretVariables, name), kSecretVariables.end());
}

TEST(JobEnvironment, ABareItemHasNoEmptyVariables) {
  const auto out = job_environment(spec(R"({"image_uri":"i"})"), {.base_url = "http://s", .run_id = "r"});
  for (const auto& [name, value] : out.plain) EXPECT_FALSE(value.empty()) << name;
  EXPECT_EQ(out.plain.at("WANDB_CONFIG"), "{}");
  EXPECT_EQ(out.plain.at("WANDB_LAUNCH_FILE_OVERRIDES"), "{}");
  EXPECT_EQ(out.plain.at("WANDB_ARTIFACTS"), "{}");
  EXPECT_THAT(out.plain, Not(Contains(Key("WANDB_RESUME"))));
  EXPECT_TRUE(out.secret.empty());
}

TEST(JobEnvironment, TheSubmittersOwnKeyReplacesTheAgents) {
  const auto out = job_environment(spec(R"({"job":"j","author":"me","_wandb_api_key":"own-key"})"), input());
  EXPECT_EQ(out.secret.at("WANDB_API_KEY").reveal(), "own-key");
  EXPECT_THAT(out.plain, Not(Contains(Key("WANDB_USERNAME"))));
}

TEST(JobEnvironment, LongValuesAreCutBetweenCharacters) {
  auto given = input();
  given.max_value = 64;
  auto job = spec(R"({"job":"j"})");
  for (int i = 0; i < 20; ++i) job.overrides.run_config["鍵" + std::to_string(i)] = text_value("値値値");
  const auto out = job_environment(job, given);
  EXPECT_THAT(out.plain, Not(Contains(Key("WANDB_CONFIG"))));
  std::string whole;
  for (int i = 0; out.plain.contains("WANDB_CONFIG_" + std::to_string(i)); ++i) {
    const auto& slice = out.plain.at("WANDB_CONFIG_" + std::to_string(i));
    EXPECT_LE(slice.size(), 64U);
    EXPECT_NE(static_cast<unsigned char>(slice[0]) & 0xC0, 0x80) << "cut inside a character";
    whole += slice;
  }
  EXPECT_EQ(whole, to_text(Json(job.overrides.run_config)));
}

TEST(JobEnvironment, AValueOfExactlyTheLimitStaysWhole) {
  auto job = spec(R"({"job":"j","overrides":{"run_config":{"a":"xx"}}})");
  auto given = input();
  given.max_value = to_text(Json(job.overrides.run_config)).size();
  EXPECT_THAT(job_environment(job, given).plain, Contains(Key("WANDB_CONFIG")));
  --given.max_value;
  EXPECT_THAT(job_environment(job, given).plain, Contains(Key("WANDB_CONFIG_1")));
}

}  // namespace
}  // namespace slipway::launch
