// What can go wrong under a job in a cluster (C2 to C5, C7 to C11, C13, C14 of docs/design/faults.md).
#include <boost/asio/experimental/awaitable_operators.hpp>

#include "kubernetes_fixture.h"
#include "launch/item_state.h"

namespace slipway::conformance {
namespace {

using testing::AnyOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using testing::UnorderedElementsAre;

using KubernetesFaults = KubernetesTest;

constexpr const char* kUntilTold = "echo ready; while [ ! -e /tmp/go ]; do sleep 0.1; done; echo done";

TEST_F(KubernetesFaults, AClusterThatIsAwayFailsNothing) {  // C2
  const RunHandle handle = harness_.submit(job("echo ready; sleep 4; echo done"));
  harness_.wait_for_line(handle, "ready");
  wait_for_running(handle);
  proxy_.refuse();
  JobStatus status = wait_until(handle, [](const JobStatus& now) { return !now.reachable; });
  EXPECT_EQ(status.phase, JobPhase::running);
  const auto asked = harness_.task([&] { return harness_.runner().stop(handle, Millis(1'000)); });
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().code(), Code::unavailable);
  const SubmitRequest other = job("true");
  const auto refused = harness_.task([&] { return harness_.runner().submit(other); });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::unavailable);
  proxy_.pass();
  wait_until(handle, [](const JobStatus& now) { return now.reachable; });
  EXPECT_EQ(harness_.wait(handle).phase, JobPhase::finished);
  EXPECT_THAT(harness_.logs(handle), ElementsAre("ready", "done"));
}

TEST_F(KubernetesFaults, WatchesSurviveResetsAndStalls) {  // C3
  const RunHandle reset = harness_.submit(job("echo ready; sleep 2; exit 4"));
  harness_.wait_for_line(reset, "ready");
  wait_for_running(reset);
  proxy_.reset_all();
  EXPECT_EQ(harness_.wait(reset).exit_code, 4);
  // A stalled connection says nothing, not even that it is dead; what happens meanwhile must not be missed.
  const RunHandle stalled = harness_.submit(job("echo ready; sleep 2; exit 5"));
  harness_.wait_for_line(stalled, "ready");
  wait_for_running(stalled);
  proxy_.stall();
  while (get(job_path(stalled)).at("status").as_object().if_contains("failed") == nullptr)
    static_cast<void>(harness_.task([] { return sleep_for(Millis(100)); }));
  proxy_.pass();
  EXPECT_EQ(harness_.wait(stalled).exit_code, 5);
  EXPECT_THAT(harness_.logs(stalled), ElementsAre("ready"));
}

TEST_F(KubernetesFaults, OneThatSomebodyDeletesIsLost) {  // C4
  const RunHandle handle = harness_.submit(job("echo ready; sleep 60"));
  harness_.wait_for_line(handle, "ready");
  wait_for_running(handle);
  remove(job_path(handle));
  const JobStatus status = harness_.wait(handle);
  EXPECT_EQ(status.phase, JobPhase::lost);
  EXPECT_EQ(status.failure_class, launch::failure::lost);
  EXPECT_THAT(status.message, HasSubstr("removed"));
}

TEST_F(KubernetesFaults, OneThatIsDeletedWhileItIsStoppedIsStopped) {  // C5
  const RunHandle handle = harness_.submit(job("trap '' TERM; echo ready; while :; do sleep 0.1; done"));
  harness_.wait_for_line(handle, "ready");
  EXPECT_TRUE(harness_.task([&] { return harness_.runner().stop(handle, Millis(20'000)); }));
  remove(job_path(handle));
  EXPECT_EQ(harness_.wait(handle).phase, JobPhase::stopped);
}

TEST_F(KubernetesFaults, SaysWhyNoNodeFitsUntilOneDoes) {  // C7
  const RunHandle handle = harness_.submit(
      job("echo ran", R"({"spec": {"template": {"spec": {"nodeSelector": {"slipway-test/pool": "later"}}}}})"));
  const JobStatus status = wait_for_message(handle, "Unschedulable.NodeSelection");
  EXPECT_EQ(status.phase, JobPhase::starting);
  EXPECT_THAT(status.message, HasSubstr("nodeSelector"));
  patch("/api/v1/nodes/node-1", R"({"metadata": {"labels": {"slipway-test/pool": "later"}}})");
  EXPECT_EQ(harness_.wait(handle).phase, JobPhase::finished);
  patch("/api/v1/nodes/node-1", R"({"metadata": {"labels": {"slipway-test/pool": null}}})");
  const RunHandle large = harness_.submit(job(
      "true", R"({"spec": {"template": {"spec": {"containers": [{"resources": {"requests": {"cpu": "1000"}}}]}}}})"));
  wait_for_message(large, "Unschedulable.InsufficientResources");
}

TEST_F(KubernetesFaults, AnImageThatCannotBePulledIsSaidAtOnce) {  // C8
  SubmitRequest request = job("true");
  request.image = "127.0.0.1:9/no/such-image:v1";
  const RunHandle handle = harness_.submit(request);
  const JobStatus status = wait_for_message(handle, "ImagePull");
  EXPECT_EQ(status.phase, JobPhase::starting);
  EXPECT_THAT(status.message, HasSubstr("127.0.0.1:9/no/such-image:v1"));
  EXPECT_THAT(status.message, HasSubstr("imagePullSecrets"));
  EXPECT_TRUE(harness_.task([&] { return harness_.runner().stop(handle, Millis(0)); }));
  EXPECT_EQ(harness_.wait(handle).phase, JobPhase::stopped);
  EXPECT_TRUE(harness_.task([&] { return harness_.runner().clean_up(handle); }));
  EXPECT_FALSE(exists(job_path(handle)));
  EXPECT_THAT(pods_of(handle), SizeIs(0));
}

TEST_F(KubernetesFaults, EachFailureHasItsClass) {  // C9
  const JobStatus memory = harness_.run(
      job("tail /dev/zero",
          R"({"spec": {"template": {"spec": {"containers": [{"resources": {"limits": {"memory": "24Mi"}}}]}}}})"));
  EXPECT_EQ(memory.failure_class, launch::failure::out_of_memory) << memory.message;
  EXPECT_THAT(memory.message, HasSubstr("resources.limits.memory"));

  const JobStatus killed = harness_.run(job("exit 137"));
  EXPECT_EQ(killed.failure_class, launch::failure::exit_code);
  EXPECT_EQ(killed.exit_code, 137);

  std::vector<std::string> lines;
  const JobStatus init = harness_.run(
      job("echo never",
          fmt::format(R"({{"spec": {{"template": {{"spec": {{"initContainers": [{{"name": "prepare", "image": "{}",
          "command": ["/bin/sh", "-c", "echo no data; exit 9"]}}]}}}}}}}})",
                      kImage)),
      &lines);
  EXPECT_EQ(init.phase, JobPhase::failed);
  EXPECT_EQ(init.exit_code, 9);
  EXPECT_THAT(init.message, HasSubstr("InitContainer"));
  EXPECT_THAT(init.message, HasSubstr("prepare"));
  EXPECT_THAT(lines, Contains("no data"));

  const JobStatus late = harness_.run(
      job("sleep 60",
          R"({"spec": {"activeDeadlineSeconds": 2, "template": {"spec": {"terminationGracePeriodSeconds": 1}}}})"));
  EXPECT_EQ(late.failure_class, launch::failure::run_timeout) << late.message;
}

TEST_F(KubernetesFaults, ACrashLoopIsSaidAndItsLogIsKept) {  // C9
  const RunHandle handle = harness_.submit(job("echo crashing; exit 3", R"({"spec": {"backoffLimit": 9,
      "template": {"spec": {"restartPolicy": "OnFailure"}}}})"));
  const JobStatus status = wait_for_message(handle, "CrashLoop");
  EXPECT_THAT(status.message, HasSubstr("exit code 3"));
  harness_.wait_for_line(handle, "crashing");
}

TEST_F(KubernetesFaults, AnEvictedJobIsPreempted) {  // C9, D-69
  const RunHandle handle = harness_.submit(job("echo ready; sleep 60"));
  harness_.wait_for_line(handle, "ready");
  wait_for_running(handle);
  const auto pods = pods_of(handle);
  ASSERT_THAT(pods, SizeIs(1));
  create(kube::resources::pods.path("default", pods[0]) + "/eviction",
         fmt::format(
             R"({{"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {{"name": "{}", "namespace": "default"}},
             "deleteOptions": {{"gracePeriodSeconds": 1}}}})",
             pods[0]));
  const JobStatus status = harness_.wait(handle);
  EXPECT_EQ(status.phase, JobPhase::preempted) << status.message;
  EXPECT_THAT(status.message, HasSubstr("EvictionByEvictionAPI"));
}

TEST_F(KubernetesFaults, ANodeThatDiesTakesItsJobsWithIt) {  // C10
  const RunHandle handle = harness_.submit(
      job("echo ready; sleep 300", R"({"spec": {"template": {"spec": {"terminationGracePeriodSeconds": 1}}}})"));
  harness_.wait_for_line(handle, "ready");
  wait_for_running(handle);
  cluster("kill", "kubelet");
  // Where no other node is left, the cluster waits and takes nothing away; an administrator who knows better does.
  patch("/api/v1/nodes/node-1", R"({"spec": {"taints": [{"key": "slipway-test/down", "effect": "NoExecute"}]}})");
  const JobStatus status = harness_.wait(handle);
  cluster("revive", "kubelet");
  patch("/api/v1/nodes/node-1", R"({"spec": {"taints": null}})");
  EXPECT_EQ(status.phase, JobPhase::lost) << status.message;
  EXPECT_EQ(status.failure_class, launch::failure::node_lost);
  EXPECT_EQ(harness_.run(job("true")).phase, JobPhase::finished);
}

TEST_F(KubernetesFaults, SeveralPodsAreOneJob) {  // C11
  std::filesystem::create_directories(harness_.folder() / "shared");
  const std::string shared = fmt::format(
      R"("volumes": [{{"name": "shared", "hostPath": {{"path": "{}"}}}}],
         "containers": [{{"volumeMounts": [{{"name": "shared", "mountPath": "/shared"}}]}}])",
      (harness_.folder() / "shared").string());
  // Whichever comes first fails, once.
  std::vector<std::string> lines;
  const JobStatus retried = harness_.run(job("mkdir /shared/failed && exit 1; echo part",
                                             R"({"spec": {"completions": 4, "parallelism": 2, "backoffLimit": 1,
          "template": {"spec": {)" + shared + "}}}}"),
                                         &lines);
  EXPECT_EQ(retried.phase, JobPhase::finished) << retried.message;
  EXPECT_EQ(std::ranges::count(lines, "part"), 4);

  const JobStatus indexed =
      harness_.run(job("echo index $JOB_COMPLETION_INDEX; [ $JOB_COMPLETION_INDEX != 1 ] || exit 6",
                       R"({"spec": {"completions": 3, "parallelism": 1, "completionMode": "Indexed"}})"),
                   &lines);
  EXPECT_EQ(indexed.phase, JobPhase::failed);
  EXPECT_EQ(indexed.exit_code, 6);
  EXPECT_THAT(lines, Contains("index 0"));
  EXPECT_THAT(lines, Contains("index 1"));
}

TEST_F(KubernetesFaults, AFullQuotaOrADeadWebhookHoldsOneJobBackAndNoOther) {  // C13
  const std::string full = make_space();
  create(
      "/api/v1/namespaces/" + full + "/resourcequotas",
      R"({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "none"}, "spec": {"hard": {"pods": "0"}}})");
  const std::string hooked = make_space(R"({"slipway-test/hooked": "yes"})");
  create(
      "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
      fmt::format(
          R"({{"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration", "metadata": {{"name": "{}"}},
             "webhooks": [{{"name": "dead.slipway.dev", "clientConfig": {{"url": "https://127.0.0.1:9/"}}, "timeoutSeconds": 1, "sideEffects": "None",
             "admissionReviewVersions": ["v1"], "namespaceSelector": {{"matchLabels": {{"slipway-test/hooked": "yes"}}}},
             "rules": [{{"apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"], "operations": ["CREATE"]}}]}}]}})",
          hooked));
  const RunHandle quota = harness_.submit(job("true", fmt::format(R"({{"namespace": "{}"}})", full)));
  const RunHandle webhook = harness_.submit(job("true", fmt::format(R"({{"namespace": "{}"}})", hooked)));
  EXPECT_EQ(wait_for_message(quota, "QuotaExceeded").phase, JobPhase::starting);
  EXPECT_EQ(wait_for_message(webhook, "AdmissionWebhook").phase, JobPhase::starting);
  EXPECT_EQ(harness_.run(job("true")).phase, JobPhase::finished);
  remove("/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/" + hooked);
}

TEST_F(KubernetesFaults, OutputIsCompleteAlthoughTheJobIsRemovedAtItsEnd) {  // C14
  const RunHandle handle = harness_.submit(job("i=0; while [ $i -lt 2000 ]; do echo line $i; i=$((i+1)); done",
                                               R"({"spec": {"ttlSecondsAfterFinished": 0}})"));
  std::vector<std::string> lines;
  const plugins::Runner::LogSink sink = [&lines](std::vector<std::string> some) -> Task<> {
    lines.insert(lines.end(), some.begin(), some.end());
    co_return Result<>();
  };
  const auto until_ended = [&]() -> Task<JobStatus> {
    std::optional<JobStatus> known;
    do {
      CO_TRY(known, co_await harness_.runner().next_status(handle, known));
    } while (!known->terminal());
    co_return *known;
  };
  const auto both = [&]() -> Task<JobStatus> {
    using namespace asio::experimental::awaitable_operators;
    auto output = harness_.runner().follow_logs(handle, 0, sink);
    auto status = until_ended();
    auto [copied, ended] = co_await (std::move(output) && std::move(status));
    if (!copied) co_return copied.error();
    co_return ended;
  };
  const auto ended = harness_.task(both);
  ASSERT_TRUE(ended) << ended.error().to_string();
  EXPECT_EQ(ended->phase, JobPhase::finished) << ended->message;
  EXPECT_EQ(lines.size(), 2'000u);
}

TEST_F(KubernetesFaults, AJobThatEndsWhileTheAgentIsAwayIsNotLost) {
  const RunHandle handle = harness_.submit(job(kUntilTold));
  harness_.wait_for_line(handle, "ready");
  proxy_.refuse();
  harness_.restart_agent();
  EXPECT_FALSE(next(handle, JobStatus{.phase = JobPhase::running}).reachable);
  proxy_.pass();
  EXPECT_TRUE(wait_until(handle, [](const JobStatus& now) { return now.reachable; }).reachable);
}

}  // namespace
}  // namespace slipway::conformance
