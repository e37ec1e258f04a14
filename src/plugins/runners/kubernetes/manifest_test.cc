#include "plugins/runners/kubernetes/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slipway::plugins::runners::kubernetes {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

SubmitRequest request(const std::string& config) {
  SubmitRequest out;
  out.identity = {.name = "slipway-abc-1", .labels = {{"slipway.dev/item", "1"}, {"slipway.dev/attempt", "1"}}};
  out.image = "team/job:v1";
  out.entry_point = {"python", "train.py"};
  out.args = {"--lr", "$(nothing)"};
  out.env = {{"WANDB_RUN_ID", "abc"}};
  out.secret_env.emplace("WANDB_API_KEY", Secret("the-key-of-the-run"));
  out.resource_args = *parse_json(config);
  return out;
}

Json built(const std::string& config) {
  auto manifest = build_manifest(request(config));
  if (!manifest) throw std::runtime_error(manifest.error().to_string());
  return Json(manifest->object);
}

const Json& at(const Json& document, std::string_view path) {
  const Json* found = find_path(document, path);
  if (found == nullptr) throw std::runtime_error("nothing at " + std::string(path));
  return *found;
}

TEST(KubernetesManifest, AnEmptyConfigurationIsAJobWithSafeDefaults) {  // S-83
  const Json job = built("{}");
  EXPECT_EQ(text_or(job, "kind"), "Job");
  EXPECT_EQ(at(job, "metadata.name"), "slipway-abc-1");
  EXPECT_EQ(at(job, "spec.backoffLimit"), 0);
  EXPECT_EQ(at(job, "spec.ttlSecondsAfterFinished"), 60);
  EXPECT_EQ(at(job, "spec.template.spec.restartPolicy"), "Never");
  const Json& container = at(job, "spec.template.spec.containers").at(0);
  EXPECT_EQ(text_or(container, "image"), "team/job:v1");
  EXPECT_EQ(to_text(container.at("command")), R"(["python","train.py"])");
  EXPECT_EQ(to_text(container.at("args")), R"json(["--lr","$$(nothing)"])json");
  EXPECT_EQ(
      to_text(container.at("securityContext")),
      R"({"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]},"seccompProfile":{"type":"RuntimeDefault"}})");
  EXPECT_THAT(to_text(job), Not(HasSubstr("the-key-of-the-run")));
  EXPECT_THAT(to_text(container.at("env")), HasSubstr("secretKeyRef"));
}

TEST(KubernetesManifest, WhatAnAdminWroteStays) {  // S-79, S-85
  const Json job = built(R"({"metadata": {"name": "mine", "namespace": "inner"}, "namespace": "outer",
    "spec": {"backoffLimit": 3, "ttlSecondsAfterFinished": 5, "template": {"spec": {"restartPolicy": "OnFailure",
      "securityContext": {"seccompProfile": {"type": "Unconfined"}},
      "containers": [{"name": "main", "command": ["wrapper"], "env": [{"name": "WANDB_RUN_ID", "value": "own"}],
        "securityContext": {"capabilities": {"add": ["SYS_PTRACE"]}}}, {"name": "side", "image": "side:1"}]}}}})");
  EXPECT_EQ(at(job, "metadata.name"), "mine");
  EXPECT_EQ(at(job, "spec.backoffLimit"), 3);
  EXPECT_EQ(at(job, "spec.template.spec.restartPolicy"), "OnFailure");
  const Json& main = at(job, "spec.template.spec.containers").at(0);
  EXPECT_EQ(to_text(main.at("command")), R"(["wrapper"])");
  EXPECT_EQ(to_text(main.at("securityContext")),
            R"({"capabilities":{"add":["SYS_PTRACE"]},"allowPrivilegeEscalation":false})");
  EXPECT_EQ(text_or(main.at("env").at(0), "value"), "own");
  const Json& side = at(job, "spec.template.spec.containers").at(1);
  EXPECT_EQ(text_or(side, "image"), "side:1");
  EXPECT_EQ(side.as_object().if_contains("command"), nullptr);
  EXPECT_EQ(build_manifest(request(R"({"metadata": {"namespace": "inner"}, "namespace": "outer"})"))->settings.space,
            "inner");
  EXPECT_EQ(build_manifest(request(R"({"namespace": "outer"})"))->settings.space, "outer");
}

TEST(KubernetesManifest, AMisspeltLimitIsReadWithANotice) {  // S-84
  const auto manifest = build_manifest(request(R"({"spec": {"backOffLimit": 2}})"));
  ASSERT_TRUE(manifest);
  EXPECT_EQ(at(Json(manifest->object), "spec.backoffLimit"), 2);
  EXPECT_THAT(manifest->notices, ElementsAre(HasSubstr("backoffLimit")));
}

TEST(KubernetesManifest, EveryPodOfACustomResourceIsFilled) {  // S-80, D-89
  const Json training =
      built(R"({"apiVersion": "kubeflow.org/v1", "kind": "PyTorchJob", "spec": {"pytorchReplicaSpecs": {
    "Master": {"template": {"spec": {"containers": [{"name": "pytorch"}]}}},
    "Worker": {"template": {"spec": {"containers": [{"name": "pytorch", "image": "other:1"}]}}}}}})");
  const Json& master = at(training, "spec.pytorchReplicaSpecs.Master.template");
  EXPECT_EQ(text_or(at(master, "spec.containers").at(0), "image"), "team/job:v1");
  EXPECT_THAT(to_text(at(master, "metadata.labels")), HasSubstr("slipway.dev/item"));
  EXPECT_EQ(find_path(master, "spec.restartPolicy"), nullptr);
  EXPECT_EQ(text_or(at(training, "spec.pytorchReplicaSpecs.Worker.template.spec.containers").at(0), "image"),
            "other:1");
  EXPECT_EQ(find_path(training, "spec.backoffLimit"), nullptr);
  const Json volcano = built(R"({"apiVersion": "batch.volcano.sh/v1alpha1", "kind": "Job", "spec": {"tasks": [
    {"name": "master", "template": {"spec": {"containers": [{"name": "m"}]}}}]}})");
  EXPECT_EQ(text_or(at(at(volcano, "spec.tasks").at(0), "template.spec.containers").at(0), "image"), "team/job:v1");
}

}  // namespace
}  // namespace slipway::plugins::runners::kubernetes
