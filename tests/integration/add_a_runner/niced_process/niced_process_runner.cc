// The example of CONTRIBUTING.md: a runner in one folder. Bare processes with a lower priority on the CPU.
#include "plugins/runners/local_process/local_process_runner.h"

namespace slipway::plugins::runners::niced_process {
namespace {

/// Everything but the command line is what local-process does.
class NicedProcessRunner final : public Runner {
 public:
  explicit NicedProcessRunner(const Context& context) : processes_(context) {}

  Task<> verify() override { return processes_.verify(); }
  std::string scope() const override { return "niced-" + processes_.scope(); }
  Result<Json> render(const SubmitRequest& request) const override { return processes_.render(niced(request)); }
  Task<std::optional<RunHandle>> find(Identity identity) override { return processes_.find(std::move(identity)); }
  Task<RunHandle> submit(SubmitRequest request) override { return processes_.submit(niced(std::move(request))); }
  Task<JobStatus> next_status(RunHandle handle, std::optional<JobStatus> known) override {
    return processes_.next_status(std::move(handle), std::move(known));
  }
  Task<> follow_logs(RunHandle handle, std::uint64_t from, LogSink sink) override {
    return processes_.follow_logs(std::move(handle), from, std::move(sink));
  }
  Task<> stop(RunHandle handle, Millis grace) override { return processes_.stop(std::move(handle), grace); }
  Task<> clean_up(RunHandle handle) override { return processes_.clean_up(std::move(handle)); }

 private:
  static SubmitRequest niced(SubmitRequest request) {
    static constexpr const char* kPrefix[] = {"nice", "-n", "10"};
    request.entry_point.insert(request.entry_point.begin(), std::begin(kPrefix), std::end(kPrefix));
    return request;
  }

  local_process::LocalProcessRunner processes_;
};

}  // namespace

RunnerPlugin plugin();

RunnerPlugin plugin() {
  RunnerPlugin record = local_process::plugin();
  record.name = "niced-process";
  record.aliases = {"niced"};
  record.display_name = "Niced process";
  record.create = [](Context& context, std::shared_ptr<Environment>) -> Result<std::unique_ptr<Runner>> {
    return std::unique_ptr<Runner>(std::make_unique<NicedProcessRunner>(context));
  };
  return record;
}

}  // namespace slipway::plugins::runners::niced_process
