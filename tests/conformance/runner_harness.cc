#include "runner_harness.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "base/ids.h"
#include "proc/process.h"

namespace slipway::conformance {

namespace fs = std::filesystem;
using plugins::JobStatus;
using plugins::RunHandle;
using plugins::SubmitRequest;

namespace {

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().to_string());
  return *std::move(result);
}

fs::path make_folder() {
  std::string name = (fs::temp_directory_path() / "slipway-runner-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  return name;
}

}  // namespace

RunnerHarness::RunnerHarness(const std::string& plugin, Make make)
    : folder_(make_folder()), plugin_(plugins::catalog().runner(plugin)), make_(std::move(make)) {
  context_.http = std::make_shared<net::HttpClient>();
  context_.executor = io_.get_executor();
  context_.blocking = &pool_;
  context_.state_dir = folder_ / "state";
  context_.env = proc::inherited_environment();
  context_.env["WANDB_API_KEY"] = "the-agents-own-key";
  restart_agent();
  auto usable = task([&] { return runner_->verify(); });
  if (!usable) throw std::runtime_error(plugin + " cannot be used here: " + usable.error().to_string());
}

RunnerHarness::~RunnerHarness() {
  for (const auto& handle : started_) {
    static_cast<void>(task([&] { return runner_->stop(handle, Millis(0)); }));
    static_cast<void>(
        task([&] { return runner_->next_status(handle, JobStatus{.phase = plugins::JobPhase::running}); }));
    static_cast<void>(task([&] { return runner_->clean_up(handle); }));
  }
  runner_.reset();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void RunnerHarness::restart_agent() {
  runner_.reset();
  runner_ = another_runner();
}

std::unique_ptr<plugins::Runner> RunnerHarness::another_runner() {
  return make_ ? make_(context_) : must(plugin_->create(context_, nullptr));
}

SubmitRequest RunnerHarness::request(const std::string& script) {
  SubmitRequest request;
  const std::string name = fmt::format("slipway-{}-{}", random_id(), ++requests_);
  request.identity.name = name;
  request.identity.labels = {
      {"slipway.dev/server", "conformance"}, {"slipway.dev/item", name}, {"slipway.dev/attempt", "1"}};
  request.entry_point = {"/bin/sh", "-c", script};
  request.env = {{"WANDB_RUN_ID", name}};
  request.secret_env.emplace("WANDB_API_KEY", Secret(kSecret));
  request.resource_args = JsonObject();
  if (plugin_->needs_image) {
    request.image = kImage;
  } else {
    request.source_dir = folder_ / "source";
    fs::create_directories(request.source_dir);
  }
  return request;
}

RunHandle RunnerHarness::submit(const SubmitRequest& request) {
  RunHandle handle = must(task([&] { return runner_->submit(request); }));
  started_.push_back(handle);
  return handle;
}

JobStatus RunnerHarness::wait(const RunHandle& handle) {
  std::optional<JobStatus> known;
  do {
    known = must(task([&] { return runner_->next_status(handle, known); }));
  } while (!known->terminal());
  return *known;
}

std::vector<std::string> RunnerHarness::logs(const RunHandle& handle, std::uint64_t from) {
  std::vector<std::string> all;
  const plugins::Runner::LogSink sink = [&all](std::vector<std::string> lines) -> Task<> {
    all.insert(all.end(), std::make_move_iterator(lines.begin()), std::make_move_iterator(lines.end()));
    co_return Result<>();
  };
  auto done = task([&] { return runner_->follow_logs(handle, from, sink); });
  if (!done) throw std::runtime_error(done.error().to_string());
  return all;
}

void RunnerHarness::wait_for_line(const RunHandle& handle, const std::string& line) {
  const plugins::Runner::LogSink sink = [&line](std::vector<std::string> lines) -> Task<> {
    if (std::ranges::find(lines, line) == lines.end()) co_return Result<>();
    co_return Error(Code::cancelled, "seen");
  };
  auto seen = task([&] { return runner_->follow_logs(handle, 0, sink); });
  if (seen || seen.error().code() != Code::cancelled) throw std::runtime_error("the job never wrote '" + line + "'");
}

JobStatus RunnerHarness::run(const SubmitRequest& request, std::vector<std::string>* lines) {
  const RunHandle handle = submit(request);
  JobStatus status = wait(handle);
  if (lines != nullptr) *lines = logs(handle);
  started_.pop_back();
  auto removed = task([&] { return runner_->clean_up(handle); });
  if (!removed) throw std::runtime_error(removed.error().to_string());
  return status;
}

std::string all_command_lines() {
  std::string all;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/proc", ignored)) {
    std::ifstream file(entry.path() / "cmdline");
    all.append(std::istreambuf_iterator<char>(file), {}).push_back('\n');
  }
  return all;
}

}  // namespace slipway::conformance
