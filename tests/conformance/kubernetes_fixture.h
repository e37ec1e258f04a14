// A runner of kubernetes behind a proxy that fails on demand, and the cluster's administrator beside it.
#pragma once
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kube/api.h"
#include "plugins/runners/kubernetes/kubernetes_runner.h"
#include "runner_harness.h"
#include "tcp_proxy.h"

namespace slipway::conformance {

using plugins::JobPhase;
using plugins::JobStatus;
using plugins::RunHandle;
using plugins::SubmitRequest;

class KubernetesTest : public testing::Test {
 protected:
  KubernetesTest();

  /// A job that runs `script`; `config` is the queue's document.
  SubmitRequest job(const std::string& script, const std::string& config = "{}");
  /// The next status that differs from `known`.
  JobStatus next(const RunHandle& handle, const JobStatus& known);
  /// Until the status satisfies the condition; the test fails when the job ends before.
  template <class Condition>
  JobStatus wait_until(const RunHandle& handle, Condition condition) {
    std::optional<JobStatus> known;
    for (;;) {
      known = *harness_.task([&] { return harness_.runner().next_status(handle, known); });
      if (condition(*known)) return *known;
      if (known->terminal()) {
        ADD_FAILURE() << "ended: " << known->message;
        return *known;
      }
    }
  }
  JobStatus wait_for_message(const RunHandle& handle, const std::string& part) {
    return wait_until(handle, [&](const JobStatus& status) { return status.message.find(part) != std::string::npos; });
  }
  void wait_for_running(const RunHandle& handle) {
    wait_until(handle, [](const JobStatus& status) { return status.phase == JobPhase::running; });
  }

  // What an administrator does, past the proxy.
  Json get(const std::string& path);
  Json create(const std::string& path, const std::string& object);
  Json patch(const std::string& path, const std::string& change);
  void remove(const std::string& path);
  bool exists(const std::string& path);
  std::string make_space(const std::string& labels = "{}");
  std::string job_path(const RunHandle& handle, const std::string& space = "default") {
    return kube::resources::jobs.path(space, handle.name);
  }
  /// The names of a job's pods.
  std::vector<std::string> pods_of(const RunHandle& handle, const std::string& space = "default");
  /// Runs tests/support/kube-cluster for this cluster.
  void cluster(const std::string& action, const std::string& part);

  testing_support::TcpProxy proxy_;
  plugins::runners::kubernetes::RunnerTiming timing_;
  RunnerHarness harness_;
  std::shared_ptr<net::HttpClient> http_ = std::make_shared<net::HttpClient>();
  std::shared_ptr<kube::Api> admin_;
};

}  // namespace slipway::conformance
