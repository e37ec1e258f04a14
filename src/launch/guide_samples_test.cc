// The guide's own samples, as people paste them: what is accepted, and what is refused with which words.
#include <fstream>
#include <map>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/strings.h"
#include "launch/agent_config.h"
#include "launch/macro.h"
#include "launch/overrides.h"
#include "launch/queue_config.h"

namespace slipway::launch {
namespace {

using ::testing::HasSubstr;

std::string sample(const std::string& name) {
  std::ifstream file(std::string(SLIPWAY_SOURCE_DIR) + "/tests/golden/guide/" + name);
  EXPECT_TRUE(file) << name;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// A reader puts in what the guide leaves open.
std::string filled(const std::string& name) {
  static const std::map<std::string, std::string> kValues = {
      {"<entity-name>", "team"},
      {"<queue-name>", "q1"},
      {"<queue name>", "q1"},
      {"<n concurrent jobs>", "4"},
      {"<n-concurrent-jobs>", "4"},
      {"<kaniko|docker>", "kaniko"},
      {"<account-id>", "123456789012"},
      {"<aws-region>", "us-east-1"},
      {"<your-region>", "us-east-1"},
      {"<gcp-region>", "europe-west4"},
      {"<region>", "europe-west4"},
      {"<gcp-project-id>", "proj"},
      {"<project-id>", "proj"},
      {"<repository-name>", "repo"},
      {"<image-name>", "image"},
      {"<registry-name>", "reg"},
      {"<bucket-name>", "bucket"},
      {"<path>", "ctx"},
      {"<storage-account-name>", "acct"},
      {"<container-name>", "ctx"},
      {"<my-build-context-store>", "s3://bucket/ctx"},
      {"<s3-bucket-uri>", "s3://bucket/ctx"},
      {"<my-image-destination>", "my-registry.example.com/my-repository"},
      {"<my-registry-uri>", "123456789012.dkr.ecr.us-east-1.amazonaws.com/repo"},
      {"<ecr-repo-arn>", "arn:aws:ecr:us-east-1:123456789012:repository/repo"}};
  std::string text = sample(name);
  for (const auto& [placeholder, value] : kValues) text = replace_all(text, placeholder, value);
  return text;
}

AgentConfig accepted(const std::string& name, TabPolicy tabs = TabPolicy::refuse) {
  auto config = parse_agent_config(filled(name), name, tabs);
  EXPECT_TRUE(config) << config.error().to_string();
  return config ? *config : AgentConfig();
}

std::string refused(const Result<AgentConfig>& config) {
  EXPECT_FALSE(config);
  return config ? "" : config.error().to_string();
}

TEST(GuideAgent, UniversalKeys) {
  const auto config = accepted("agent-universal.yaml");
  EXPECT_EQ(config.max_jobs, -1);
  EXPECT_EQ(config.entity, "team");
  EXPECT_EQ(config.queues, std::vector<std::string>{"q1"});
}

TEST(GuideAgent, UnfilledPlaceholdersAreRefusedByName) {
  const auto text = refused(parse_agent_config(sample("agent-universal.yaml"), "launch-config.yaml"));
  EXPECT_THAT(
      text,
      HasSubstr("launch-config.yaml, line 3, column 1: entity: the placeholder '<entity-name>' was never filled"));
  EXPECT_THAT(text, HasSubstr("launch-config.yaml, line 6, column 5: queues[0]: the placeholder "
                              "'<queue-name>' was never filled"));
  EXPECT_THAT(refused(parse_agent_config(sample("agent-aws.yaml"), "f")),
              HasSubstr("builder.type: the placeholder '<kaniko|docker>' was never filled. Choose one of them"));
  EXPECT_THAT(refused(parse_agent_config(sample("agent-vertex.yaml"), "f")),
              HasSubstr("max_jobs: the placeholder '<n-concurrent-jobs>' was never filled"));
}

TEST(GuideAgent, TheListOfBuildersIsNoBuilder) {
  EXPECT_THAT(refused(parse_agent_config(sample("agent-builder-choice.yaml"), "f")),
              HasSubstr("f, line 2, column 3: builder.type: 'docker | kaniko | noop' is the list of choices. "
                        "Write one of docker, kaniko, noop"));
}

TEST(GuideAgent, AwsHostOfTheGuideIsCorrected) {
  const auto text = refused(parse_agent_config(filled("agent-aws.yaml"), "f"));
  EXPECT_THAT(text, HasSubstr("builder.destination: '123456789012.ecr.us-east-1.amazonaws.com/repo' is not "
                              "the address of an ECR registry. "
                              "Did you mean '123456789012.dkr.ecr.us-east-1.amazonaws.com/repo'?"));
  const auto config = parse_agent_config(replace_all(filled("agent-aws.yaml"), ".ecr.", ".dkr.ecr."), "f");
  ASSERT_TRUE(config) << config.error().to_string();
  EXPECT_EQ(config->builder.destination, "123456789012.dkr.ecr.us-east-1.amazonaws.com/repo");
  EXPECT_EQ(config->builder.build_context_store, "s3://bucket/ctx");
}

TEST(GuideAgent, GcpUriIsTheDestination) {
  const auto config = accepted("agent-gcp.yaml");
  EXPECT_EQ(config.builder.destination, "europe-west4-docker.pkg.dev/proj/repo/image");
  EXPECT_EQ(config.environment.project, "proj");
}

TEST(GuideAgent, AzureNeedsNoRegion) {
  const auto config = accepted("agent-azure.yaml");
  EXPECT_EQ(config.builder.destination, "reg.azurecr.io/repo");
  EXPECT_EQ(config.environment.type, "azure");
}

TEST(GuideAgent, KanikoJobSpecIsKept) {
  const auto config = accepted("agent-kaniko.yaml");
  EXPECT_EQ(config.builder.build_job_name, "wandb-image-build");
  EXPECT_EQ(
      to_text(config.builder.kaniko_config),
      R"({"spec":{"template":{"spec":{"containers":[{"args":["--cache=false"],"env":[{"name":"MY_ENV_VAR","value":"my-env-var-value"}]}]}}}})");
}

TEST(GuideAgent, TabsAreNamedOrOnRequestExpanded) {
  EXPECT_THAT(refused(parse_agent_config(filled("agent-kubernetes.yaml"), "f")),
              HasSubstr("f, line 2, column 1: tab used for indentation"));
  const auto config = accepted("agent-kubernetes.yaml", TabPolicy::expand);
  EXPECT_EQ(config.registry.type, "ecr");
  EXPECT_EQ(config.builder.destination, "123456789012.dkr.ecr.us-east-1.amazonaws.com/repo")
      << "the registry block still counts";
  EXPECT_EQ(config.max_jobs, 4);
  EXPECT_EQ(accepted("agent-docker.yaml", TabPolicy::expand).queues, std::vector<std::string>{"q1"});
}

TEST(GuideAgent, AnArnIsConverted) {
  const auto config = accepted("agent-sagemaker.yaml");
  EXPECT_EQ(config.registry.uri, "123456789012.dkr.ecr.us-east-1.amazonaws.com/repo");
  EXPECT_EQ(config.builder.type, "docker");
}

const ResourceKind kDocker{"local-container", {"Docker"}};
const ResourceKind kKubernetes{"kubernetes", {}};
const ResourceKind kSageMaker{"sagemaker", {}};

JsonObject queue(const std::string& name, const ResourceKind& kind) {
  auto config = parse_queue_config(sample(name), kind, name);
  EXPECT_TRUE(config) << config.error().to_string();
  return config ? config->document : JsonObject();
}

TEST(GuideQueue, EveryDocumentIsRead) {
  EXPECT_EQ(*find_path(queue("queue-kubernetes-job.yaml", kKubernetes), "namespace"), text_value("wandb"));
  EXPECT_EQ(*find_path(queue("queue-vertex.yaml", {"gcp-vertex", {}}), "spec.staging_bucket"),
            text_value("<REQUIRED>"));
  EXPECT_EQ(
      to_text(Json(queue("queue-docker.json", kDocker))),
      R"({"env":["MY_ENV_VAR=value","MY_EXISTING_ENV_VAR"],"volume":"/mnt/datasets:/mnt/datasets","rm":true,"gpus":"all"})");
  EXPECT_EQ(*find_path(queue("queue-accelerator.json", kDocker), "builder.accelerator.base_image"),
            text_value("tensorflow/tensorflow:latest-gpu"));
}

TEST(GuideQueue, JsonAndYamlOfTheSameSampleAreEqual) {
  const auto document = queue("queue-sagemaker.json", kSageMaker);
  const auto yaml = parse_queue_config(to_yaml(Json(document)), kSageMaker);
  ASSERT_TRUE(yaml) << yaml.error().to_string();
  EXPECT_EQ(Json(yaml->document), Json(document));
}

TEST(GuideQueue, RequiredIsFoundInBothLanguages) {
  EXPECT_EQ(find_required(queue("queue-sagemaker.json", kSageMaker)),
            (std::vector<std::string>{"RoleArn", "OutputDataConfig.S3OutputPath"}));
  EXPECT_EQ(find_required(queue("queue-vertex.yaml", {"gcp-vertex", {}})),
            std::vector<std::string>{"spec.staging_bucket"});
}

TEST(GuideQueue, PyTorchJobLosesItsOuterKeyAndGetsItsMacros) {
  const auto document = queue("queue-kubernetes-pytorch.yaml", kKubernetes);
  EXPECT_EQ(text_or(Json(document), "kind"), "PyTorchJob");
  const auto full = fill_macros(document, MacroScope{.builtins = {{"image_uri", "img:1"}, {"run_id", "abc"}}});
  ASSERT_TRUE(full) << full.error().to_string();
  EXPECT_EQ(*find_path(*full, "metadata.name"), text_value("abc-pytorch-job"));
  EXPECT_THAT(to_text(*full), HasSubstr(R"("image":"img:1")"));
}

TEST(GuideQueue, TheGarbledSecuritySnippetIsRefusedWithItsLine) {
  const auto config = parse_queue_config(sample("queue-kubernetes-security.yaml"), kKubernetes, "f");
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error().to_string(), HasSubstr("f, line 3, column 5"));
}

TEST(GuideQueue, TemplateBeforeAndAfter) {
  const auto before = queue("queue-template-before.yaml", kSageMaker);
  const auto after = queue("queue-template-after.yaml", kSageMaker);
  const auto schema = *parse_template_schema(
      *parse_json(R"({"aws_instance":{"schema":{"type":"string","enum":["ml.m4.xlarge","ml.p3.xlarge"]}}})"));
  ASSERT_TRUE(check_template(after, schema));
  const auto found = find_placeholders(after);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].name, "aws_instance");
  EXPECT_EQ(found[0].path, "ResourceConfig.InstanceType");
  EXPECT_EQ(render_template(after, {{"aws_instance", "ml.m4.xlarge"}}), Json(before));
  EXPECT_FALSE(evaluate_values(after, schema, {{"aws_instance", "ml.p4d.24xlarge"}}));
}

TEST(GuideQueue, AnAdminsDockerSamplesAreServedAsTheyAre) {
  for (const char* name : {"queue-docker.json", "queue-accelerator.json"}) {
    const QueueRules rules{.document = queue(name, kDocker),
                           .rules = {.resource = "local-container",
                                     .submitter_may_override = docker_submitter_options(),
                                     .refuse = refuse_docker_values},
                           .kind = kDocker};
    const auto rendered = render_resource_args(rules, *parse_launch_spec_text(R"({"job":"j"})"), {});
    ASSERT_TRUE(rendered) << rendered.error().to_string();
    EXPECT_EQ(Json(rendered->document), Json(rules.document));
  }
}

}  // namespace
}  // namespace slipway::launch
