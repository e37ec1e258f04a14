// The example of CONTRIBUTING.md: a runner in one folder. Bare processes whose numeric libraries use one thread.
#include "plugins/runners/local_process/local_process_runner.h"

namespace slipway::plugins::runners::one_thread_process {
namespace {

/// Everything but two variables is what local-process does.
class OneThreadProcessRunner final : public Runner {
 public:
  explicit OneThreadProcessRunner(const Context& context) : processes_(context) {}

  Task<> verify() override { return processes_.verify(); }
  std::string scope() const override { return "one-thread-" + processes_.scope(); }
  Result<Json> render(const SubmitRequest& request) const override {
    return processes_.render(with_one_thread(request));
  }
  Task<std::optional<RunHandle>> find(Identity identity) override { return processes_.find(std::move(identity)); }
  Task<RunHandle> submit(SubmitRequest request) override {
    return processes_.submit(with_one_thread(std::move(request)));
  }
  Task<JobStatus> next_status(RunHandle handle, std::optional<JobStatus> known) override {
    return processes_.next_status(std::move(handle), std::move(known));
  }
  Task<> follow_logs(RunHandle handle, std::uint64_t from, LogSink sink) override {
    return processes_.follow_logs(std::move(handle), from, std::move(sink));
  }
  Task<> stop(RunHandle handle, Millis grace) override { return processes_.stop(std::move(handle), grace); }
  Task<> clean_up(RunHandle handle) override { return processes_.clean_up(std::move(handle)); }

 private:
  static SubmitRequest with_one_thread(SubmitRequest request) {
    for (const char* name : {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"}) request.env.emplace(name, "1");
    return request;
  }

  local_process::LocalProcessRunner processes_;
};

}  // namespace

RunnerPlugin plugin();

RunnerPlugin plugin() {
  RunnerPlugin record = local_process::plugin();
  record.name = "one-thread-process";
  record.aliases = {"one-thread"};
  record.display_name = "Process with one thread";
  record.create = [](Context& context, std::shared_ptr<Environment>) -> Result<std::unique_ptr<Runner>> {
    return std::unique_ptr<Runner>(std::make_unique<OneThreadProcessRunner>(context));
  };
  return record;
}

}  // namespace slipway::plugins::runners::one_thread_process
