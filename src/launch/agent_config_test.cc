#include "launch/agent_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway::launch {
namespace {

using ::testing::HasSubstr;

AgentConfig good(std::string_view text) {
  auto config = parse_agent_config(text, "launch-config.yaml");
  EXPECT_TRUE(config) << config.error().to_string();
  return config ? *config : AgentConfig();
}

TEST(AgentConfig, DefaultsAreTheDocumentedOnes) {
  for (const char* text : {"", "# nothing\n", "{}"}) {
    const auto config = good(text);
    EXPECT_EQ(config.max_jobs, 1);
    EXPECT_EQ(config.max_schedulers, 1);
    EXPECT_FALSE(config.secure_mode);
    EXPECT_EQ(config.verbosity, 0);
    EXPECT_EQ(config.stopped_run_timeout.count(), 60);
    EXPECT_EQ(config.start_timeout.count(), 1800);
    EXPECT_EQ(config.builder.build_job_name, "wandb-launch-container-build");
    EXPECT_EQ(config.builder.type, "");
    EXPECT_EQ(config.macro_mode, EnvironmentMacros::allow_list);
  }
}

TEST(AgentConfig, ReadsEveryKey) {
  const auto config = good(R"(entity: team
queues: [a, b]
max_jobs: "5"
max_schedulers: -1
secure_mode: true
verbosity: 2
stopped_run_timeout: 10
environment: {type: gcp, region: r, project: p}
builder:
  type: docker
  destination: https://reg.example.com/x
  platform: linux/arm64
  build-context-store: gs://b/p
  build-job-name: n
  secret-name: s
  secret-key: k
  kaniko-image: i
environment_macros: [DATA_DIR, run_id]
)");
  EXPECT_EQ(config.queues, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(config.max_jobs, 5);
  EXPECT_EQ(config.max_schedulers, -1);
  EXPECT_TRUE(config.secure_mode);
  EXPECT_EQ(config.verbosity, 2);
  EXPECT_EQ(config.stopped_run_timeout.count(), 10);
  EXPECT_EQ(config.environment.region, "r");
  EXPECT_EQ(config.builder.destination, "reg.example.com/x");
  EXPECT_EQ(config.builder.platform, "linux/arm64");
  EXPECT_EQ(config.builder.secret_key, "k");
  EXPECT_EQ(text_or(config.builder.raw, "kaniko-image"), "i");
  EXPECT_THAT(config.macro_allowed, ::testing::ElementsAre("DATA_DIR"));
  EXPECT_EQ(config.notices.size(), 1U) << "run_id is built in";
}

struct RefusedCase {
  const char* name;
  const char* text;
  const char* says;
};

class AgentConfigRefused : public ::testing::TestWithParam<RefusedCase> {};

TEST_P(AgentConfigRefused, WithPlaceAndMend) {
  const auto config = parse_agent_config(GetParam().text, "f");
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error().to_string(), HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    Cases, AgentConfigRefused,
    ::testing::Values(
        RefusedCase{"unknown_key", "entity: e\nmax_job: 2\n",
                    "f, line 2, column 1: max_job: unknown key 'max_job'. Did you mean 'max_jobs'?"},
        RefusedCase{"unknown_builder_key", "builder:\n  type: docker\n  build_context_store: s3://b\n",
                    "f, line 3, column 3: builder.build_context_store: unknown key of the builder block "
                    "'build_context_store'. Did you mean 'build-context-store'?"},
        RefusedCase{"not_a_map", "- a\n", "expected a map of keys, got array"},
        RefusedCase{"text_for_number", "max_jobs: many\n", "max_jobs: expected an integer, got string"},
        RefusedCase{"zero_jobs", "max_jobs: 0\n", "0 is out of range"},
        RefusedCase{"minus_two", "max_jobs: -2\n", "-2 is out of range. Use a number from 1 on, or -1 for no limit"},
        RefusedCase{"text_for_boolean", "secure_mode: 'yes'\n", "secure_mode: expected true or false, got string"},
        RefusedCase{"queue_that_is_a_number", "queues: [1]\n", "queues[0]: expected text, got integer 1"},
        RefusedCase{"empty_queue", "queues: ['']\n", "empty queue name"},
        RefusedCase{"unknown_builder", "builder: {type: dokcer}\n",
                    "'dokcer' is not known. Did you mean 'docker'? It is one of docker, kaniko, noop"},
        RefusedCase{"builder_as_text", "builder: docker\n", "builder: expected a map, got string"},
        RefusedCase{"aws_without_region", "environment: {type: aws}\n", "environment.region: missing"},
        RefusedCase{"gcp_without_project", "environment: {type: gcp, region: r}\n", "environment.project: missing"},
        RefusedCase{"environment_without_type", "environment: {region: r}\n", "environment.type: missing"},
        RefusedCase{"tag_in_destination", "builder: {destination: reg.example.com/x:v1}\n",
                    "carries the tag 'v1'. Leave the tag out"},
        RefusedCase{"bad_platform", "builder: {platform: linux/riscv}\n", "'linux/riscv' is not known"},
        RefusedCase{"bad_store", "builder: {build-context-store: /tmp}\n", "'/tmp' is no bucket"},
        RefusedCase{"half_a_secret", "builder: {secret-name: x}\n",
                    "builder.secret-key: missing. secret-name and secret-key belong together"},
        RefusedCase{"kaniko_without_destination", "builder: {type: kaniko}\n", "builder.destination: missing"},
        RefusedCase{"kaniko_argument",
                    "builder:\n  kaniko-config: {spec: {template: {spec: {containers: [{args: [--cache]}]}}}}\n",
                    "containers[0].args[0]: expected text of the form --key=value"},
        RefusedCase{"two_kaniko_containers",
                    "builder:\n  kaniko-config: {spec: {template: {spec: {containers: [{}, {}]}}}}\n",
                    "more than one container"},
        RefusedCase{"registry_without_uri", "registry: {type: ecr}\n", "registry.uri: missing"},
        RefusedCase{"registry_of_another_kind", "registry: {type: ecr, uri: reg.example.com/x}\n",
                    "is not the address of a registry of type 'ecr'"},
        RefusedCase{"regions_differ",
                    "environment: {type: aws, region: us-east-1}\nbuilder: {destination: "
                    "1.dkr.ecr.eu-west-1.amazonaws.com/x}\n",
                    "'us-east-1' differs from the region 'eu-west-1'"},
        RefusedCase{"accelerator_in_the_wrong_file", "builder: {accelerator: {base_image: x}}\n",
                    "belongs in the queue's configuration"},
        RefusedCase{"macros_as_text", "environment_macros: HOME\n",
                    "expected a list of variable names, or the word 'all'"},
        RefusedCase{"macro_name", "environment_macros: ['A-B']\n", "'A-B' is no name of a variable"},
        RefusedCase{"duplicate", "max_jobs: 1\nmax_jobs: 2\n", "is given twice"},
        RefusedCase{"broken", "queues: [a\n", "f is not valid"}),
    [](const auto& tested) { return tested.param.name; });

TEST(AgentConfig, AllProblemsComeTogetherInOneMessage) {
  const auto config =
      parse_agent_config("max_job: 1\nqueues: [1]\nbuilder: {type: x}\nenvironment: {type: aws}\n", "f");
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().problems().size(), 4U) << config.error().to_string();
}

TEST(AgentConfig, OldSpellingsWorkWithANotice) {
  const auto singular = good("queue: a\n");
  EXPECT_EQ(singular.queues, std::vector<std::string>{"a"});
  EXPECT_EQ(singular.notices.size(), 1U);
  EXPECT_EQ(good("base_url: http://x\n").base_url, "http://x");
  EXPECT_TRUE(good("registry: {type: oci, insecure: true}\nbuilder: {type: docker, destination: r.example.com/x, "
                   "python-image: a, build-network: none}\n")
                  .notices.empty());
  EXPECT_EQ(good("registry: {type: gcr, repository: r, image-name: i, project: p, region: g}\n").registry.uri,
            "g-docker.pkg.dev/p/r/i");
  EXPECT_EQ(good("environment: {type: azure, subscription: x}\n").notices.size(), 1U)
      << "extra fields of an environment warn only";
  EXPECT_EQ(good("environment_macros: all\n").macro_mode, EnvironmentMacros::all);
}

TEST(AgentConfig, FileThenEnvironmentThenFlags) {
  const auto file = good("entity: file\nqueues: [f]\nmax_jobs: 2\n");
  const auto plain = apply_environment_and_flags(file, {}, {});
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->entity, "file");
  EXPECT_EQ(plain->max_jobs, 2);
  const std::map<std::string, std::string> environment = {{"WANDB_ENTITY", "env"},
                                                          {"WANDB_LAUNCH_MAX_JOBS", "3"},
                                                          {"WANDB_LAUNCH_START_TIMEOUT", "12.5"},
                                                          {"WANDB_BASE_URL", "http://s"}};
  const auto from_environment = apply_environment_and_flags(file, environment, {});
  ASSERT_TRUE(from_environment);
  EXPECT_EQ(from_environment->entity, "env");
  EXPECT_EQ(from_environment->max_jobs, 3);
  EXPECT_EQ(from_environment->start_timeout.count(), 13);
  EXPECT_EQ(from_environment->base_url, "http://s");
  const auto from_flags = apply_environment_and_flags(
      file, environment, {.entity = "flag", .queues = {"x", "y"}, .max_jobs = -1, .verbose = 2});
  ASSERT_TRUE(from_flags);
  EXPECT_EQ(from_flags->entity, "flag");
  EXPECT_EQ(from_flags->queues, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(from_flags->max_jobs, -1);
  EXPECT_EQ(from_flags->verbosity, 2);
}

TEST(AgentConfig, BadVariablesAndFlagsAreNamed) {
  const auto config = apply_environment_and_flags(
      {}, {{"WANDB_LAUNCH_MAX_JOBS", "x"}, {"WANDB_LAUNCH_START_TIMEOUT", "-1"}}, {.max_jobs = 0});
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().problems().size(), 4U) << config.error().to_string();
  EXPECT_THAT(config.error().to_string(), HasSubstr("no queue to serve"));
}

TEST(AgentConfig, ChecksAloneNeedNoQueue) {
  EXPECT_TRUE(apply_environment_and_flags({}, {}, {.queues_needed = false}));
  EXPECT_FALSE(apply_environment_and_flags({}, {}, {}));
}

}  // namespace
}  // namespace slipway::launch
