// What goes into a cluster beside a plain Job: custom resources, Secrets, services, namespaces with rules of their own.
#include "kubernetes_fixture.h"
#include "launch/item_state.h"

namespace slipway::conformance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class KubernetesResources : public KubernetesTest {
 protected:
  static constexpr const char* kTrainings = "/apis/test.slipway.dev/v1/namespaces/default/trainingz";

  /// A kind whose plural nobody would guess.
  void install_kind() {
    const std::string path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    if (!exists(path + "/trainingz.test.slipway.dev")) {
      create(path, R"({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "trainingz.test.slipway.dev"},
        "spec": {"group": "test.slipway.dev", "scope": "Namespaced", "names": {"plural": "trainingz", "kind": "Training"},
          "versions": [{"name": "v1", "served": true, "storage": true, "subresources": {"status": {}},
            "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}]}})");
    }
    // Discovery names a kind a moment after its objects can be made.
    while (!exists("/apis/test.slipway.dev/v1") || !exists(kTrainings))
      static_cast<void>(harness_.task([] { return sleep_for(Millis(100)); }));
  }

  void set_status(const RunHandle& handle, const std::string& status) {
    patch(std::string(kTrainings) + "/" + text_or(handle.details, "name") + "/status", R"({"status": )" + status + "}");
  }

  static constexpr const char* kTraining = R"({"apiVersion": "test.slipway.dev/v1", "kind": "Training",
    "spec": {"replicas": {"Worker": {"template": {"spec": {"containers": [{"name": "main"}]}}}}}})";
};

TEST_F(KubernetesResources, ACustomResourceIsDrivenByWhatItSays) {
  install_kind();
  const SubmitRequest request = job("true", kTraining);
  const RunHandle handle = harness_.submit(request);
  const Json made = get(std::string(kTrainings) + "/" + handle.name);
  const Json* container = find_path(made, "spec.replicas.Worker.template.spec.containers");
  ASSERT_NE(container, nullptr);
  EXPECT_EQ(text_or(container->at(0), "image"), kImage);
  EXPECT_THAT(to_text(*container), HasSubstr(R"("allowPrivilegeEscalation":false)"));
  EXPECT_THAT(to_text(made), Not(HasSubstr(kSecret)));

  set_status(handle,
             R"({"conditions": [{"type": "Created", "status": "True"}, {"type": "Running", "status": "True"}]})");
  wait_for_running(handle);
  harness_.restart_agent();
  const auto found = harness_.task([&] { return harness_.runner().find(request.identity); });
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((**found).uid, handle.uid);
  set_status(handle,
             R"({"conditions": [{"type": "Running", "status": "False"}, {"type": "Succeeded", "status": "True"}]})");
  EXPECT_EQ(harness_.wait(**found).phase, JobPhase::finished);
  EXPECT_TRUE(harness_.task([&] { return harness_.runner().clean_up(**found); }));
  EXPECT_FALSE(exists(std::string(kTrainings) + "/" + handle.name));
  EXPECT_FALSE(exists(kube::resources::config_maps.path("default", handle.name)));
  EXPECT_FALSE(exists(kube::resources::secrets.path("default", handle.name)));
}

TEST_F(KubernetesResources, AQueueMapsTheWordsOfItsKind) {
  install_kind();
  JsonObject config = parse_json(kTraining)->as_object();
  config["status_mapping"] = *parse_json(R"({"path": "status.where", "running": ["on-its-way"], "failed": ["sunk"]})");
  const RunHandle handle = harness_.submit(job("true", to_text(config)));
  set_status(handle, R"({"where": "on-its-way", "phase": "Succeeded"})");
  wait_for_running(handle);
  set_status(handle, R"({"where": "sunk", "message": "hit a rock"})");
  const JobStatus status = harness_.wait(handle);
  EXPECT_EQ(status.phase, JobPhase::failed);
  EXPECT_THAT(status.message, HasSubstr("hit a rock"));
}

TEST_F(KubernetesResources, AnUnknownKindIsNamed) {
  const SubmitRequest request = job("true", R"({"apiVersion": "nobody.example.com/v1", "kind": "Thing", "spec": {}})");
  const auto refused = harness_.task([&] { return harness_.runner().submit(request); });
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message(), HasSubstr("nobody.example.com/v1"));
  EXPECT_NE(refused.error().mend(), "");
}

TEST_F(KubernetesResources, AFieldThatTheClusterRefusesIsNamed) {
  const SubmitRequest request = job("true", R"({"spec": {"template": {"spec": {"restartPolicy": "Always"}}}})");
  const auto refused = harness_.task([&] { return harness_.runner().submit(request); });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::invalid_argument);
  EXPECT_THAT(refused.error().to_string(), HasSubstr("spec.template.spec.restartPolicy"));
}

TEST_F(KubernetesResources, TheKeyGoesWithTheJob) {
  const RunHandle handle = harness_.submit(job("echo ready; sleep 60"));
  harness_.wait_for_line(handle, "ready");
  const std::string secret = kube::resources::secrets.path("default", handle.name);
  EXPECT_THAT(to_text(get(secret)), HasSubstr(handle.uid));
  EXPECT_THAT(to_text(get(job_path(handle))), Not(HasSubstr(kSecret)));
  remove(job_path(handle));
  while (exists(secret)) static_cast<void>(harness_.task([] { return sleep_for(Millis(100)); }));
}

TEST_F(KubernetesResources, RunsWhereOnlyRestrictedPodsMay) {
  const std::string space = make_space(R"({"pod-security.kubernetes.io/enforce": "restricted"})");
  std::vector<std::string> lines;
  const JobStatus status =
      harness_.run(job("id -u", fmt::format(R"({{"namespace": "{}", "spec": {{"template": {{"spec": {{"securityContext":
          {{"runAsNonRoot": true, "runAsUser": 1000}}}}}}}}}})",
                                            space)),
                   &lines);
  EXPECT_EQ(status.phase, JobPhase::finished) << status.message;
  EXPECT_THAT(lines, ElementsAre("1000"));
}

TEST_F(KubernetesResources, ServicesAreThereBeforeTheJobAndGoWithIt) {
  std::vector<std::string> lines;
  const RunHandle handle = harness_.submit(job(
      "echo with its service", fmt::format(R"({{"additional_services": [{{"config": {{"apiVersion": "v1", "kind": "Pod",
          "metadata": {{"name": "helper"}}, "spec": {{"terminationGracePeriodSeconds": 1, "containers": [{{"name": "helper", "image": "{}", "command": ["sleep", "600"]}}]}}}}}}]}})",
                                           kImage)));
  const std::string helper = kube::resources::pods.path("default", "helper");
  EXPECT_EQ(text_or(get(helper).at("status"), "phase"), "Running");
  EXPECT_EQ(harness_.wait(handle).phase, JobPhase::finished);
  EXPECT_THAT(harness_.logs(handle), ElementsAre("with its service"));
  EXPECT_TRUE(harness_.task([&] { return harness_.runner().clean_up(handle); }));
  while (exists(helper)) static_cast<void>(harness_.task([] { return sleep_for(Millis(100)); }));
}

TEST_F(KubernetesResources, TheNextAttemptTakesTheNameOver) {
  SubmitRequest request = job("sleep 60", R"({"metadata": {"name": "one-at-a-time"}})");
  const RunHandle first = harness_.submit(request);
  request.identity.name += "-again";
  request.identity.labels["slipway.dev/attempt"] = "2";
  request.entry_point = {"/bin/sh", "-c", "echo second"};
  const RunHandle second = harness_.submit(request);
  EXPECT_NE(first.uid, second.uid);
  EXPECT_EQ(harness_.wait(second).phase, JobPhase::finished);
  EXPECT_THAT(harness_.logs(second), ElementsAre("second"));
  SubmitRequest other = job("true", R"({"metadata": {"name": "one-at-a-time"}})");
  const auto refused = harness_.task([&] { return harness_.runner().submit(other); });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::conflict);
}

TEST_F(KubernetesResources, AJobWithATimeToLiveOfItsOwnStays) {
  const RunHandle handle = harness_.submit(job("true", R"({"spec": {"ttlSecondsAfterFinished": 600}})"));
  harness_.wait(handle);
  EXPECT_TRUE(harness_.task([&] { return harness_.runner().clean_up(handle); }));
  EXPECT_TRUE(exists(job_path(handle)));
  EXPECT_FALSE(exists(kube::resources::secrets.path("default", handle.name)));
  remove(job_path(handle));
}

}  // namespace
}  // namespace slipway::conformance
