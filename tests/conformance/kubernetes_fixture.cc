#include "kubernetes_fixture.h"

#include <fstream>

#include "base/ids.h"
#include "base/strings.h"
#include "proc/process.h"

namespace slipway::conformance {
namespace {

constexpr unsigned short kApiServer = 443;

std::string admin_config() {
  const char* file = std::getenv("KUBECONFIG");
  if (file == nullptr) throw std::runtime_error("run this through tests/support/kube-cluster run DIR");
  return file;
}

std::string text_of(const std::string& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

plugins::runners::kubernetes::RunnerTiming quick() {
  plugins::runners::kubernetes::RunnerTiming timing;
  timing.watch.idle = Millis(2'000);
  timing.watch.retry = {.first = Millis(100), .max = Millis(500)};
  timing.watch.page = 2;  // Lists of more than two are read in pages.
  timing.verdict.lost_after = Millis(8'000);
  timing.service_poll = Millis(200);
  return timing;
}

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().to_string());
  return *std::move(result);
}

}  // namespace

KubernetesTest::KubernetesTest()
    : proxy_(kApiServer), timing_(quick()), harness_("kubernetes", [this](plugins::Context& context) {
        const auto file = std::filesystem::path(context.state_dir).parent_path() / "proxied.kubeconfig";
        std::ofstream(file) << replace_all(text_of(admin_config()), "127.0.0.1:443",
                                           "127.0.0.1:" + std::to_string(proxy_.port()));
        context.env["KUBECONFIG"] = file.string();
        return std::make_unique<plugins::runners::kubernetes::KubernetesRunner>(context, timing_);
      }) {
  auto access = must(kube::read_kubeconfig(admin_config()));
  admin_ = std::make_shared<kube::Api>(http_, std::move(access), proc::inherited_environment(), system_clock());
}

SubmitRequest KubernetesTest::job(const std::string& script, const std::string& config) {
  SubmitRequest request = harness_.request(script);
  request.resource_args = must(parse_json(config));
  return request;
}

JobStatus KubernetesTest::next(const RunHandle& handle, const JobStatus& known) {
  return must(harness_.task([&] { return harness_.runner().next_status(handle, known); }));
}

Json KubernetesTest::get(const std::string& path) {
  return must(harness_.task([&] { return admin_->get(path); }));
}

Json KubernetesTest::create(const std::string& path, const std::string& object) {
  return must(harness_.task([&] { return admin_->create(path, must(parse_json(object))); }));
}

Json KubernetesTest::patch(const std::string& path, const std::string& change) {
  return must(harness_.task([&] { return admin_->patch(path, must(parse_json(change))); }));
}

void KubernetesTest::remove(const std::string& path) {
  auto removed = harness_.task([&] { return admin_->remove(path); });
  if (!removed) throw std::runtime_error(removed.error().to_string());
}

bool KubernetesTest::exists(const std::string& path) {
  return must(harness_.task([&] { return admin_->find(path); })).has_value();
}

std::string KubernetesTest::make_space(const std::string& labels) {
  const std::string name = "test-" + random_id();
  create("/api/v1/namespaces",
         fmt::format(R"({{"apiVersion": "v1", "kind": "Namespace", "metadata": {{"name": "{}", "labels": {}}}}})", name,
                     labels));
  // Pods are refused until the namespace has its service account.
  while (!exists("/api/v1/namespaces/" + name + "/serviceaccounts/default"))
    static_cast<void>(harness_.task([] { return sleep_for(Millis(50)); }));
  return name;
}

std::vector<std::string> KubernetesTest::pods_of(const RunHandle& handle, const std::string& space) {
  const Json list = get(kube::resources::pods.path(space) +
                        "?labelSelector=" + kube::selector({{"slipway.dev/item", text_or(handle.details, "item")}}));
  std::vector<std::string> names;
  for (const auto& pod : slipway::find(list, "items")->as_array()) names.push_back(kube::metadata(pod, "name"));
  return names;
}

void KubernetesTest::cluster(const std::string& action, const std::string& part) {
  const char* folder = std::getenv("SLIPWAY_TEST_CLUSTER");
  if (folder == nullptr) throw std::runtime_error("run this through tests/support/kube-cluster run DIR");
  proc::ProcessSpec spec;
  spec.argv = {std::string(SLIPWAY_SOURCE_DIR) + "/tests/support/kube-cluster", action, folder, part};
  spec.env = proc::inherited_environment();
  auto done = harness_.task([&] { return proc::run_checked(spec, "testing"); });
  if (!done) throw std::runtime_error(done.error().to_string());
}

}  // namespace slipway::conformance
