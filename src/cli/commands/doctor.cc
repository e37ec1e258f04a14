#include <fmt/format.h>

#include "base/strings.h"
#include "cli/agent_options.h"
#include "cli/commands/all.h"

namespace slipway::cli::commands {
namespace {

class DoctorCommand final : public Command {
 public:
  void declare(Options& options) override {
    agent_.declare(options);
    options.flag("--kubernetes", kubernetes_,
                 "Check what the agent may do in its Kubernetes cluster, and nothing else");
    options.list("--namespace", spaces_, "With --kubernetes: a namespace that jobs go to; may be repeated");
  }

  Result<int> run(Terminal& terminal) override {
    TRY_VOID(agent_.configure_log());
    TRY(auto setup, agent_.setup(terminal, AgentOptions::Purpose::check));
    const auto notices = setup.config.notices;
    TRY(const auto checks,
        kubernetes_ ? agent::run_kubernetes_doctor(std::move(setup), spaces_) : agent::run_doctor(std::move(setup)));
    int failed = 0;
    JsonArray rows;
    for (const auto& check : checks) {
      const bool ok = check.outcome.has_value();
      failed += ok ? 0 : 1;
      rows.push_back(JsonObject{{"check", check.name},
                                {"ok", ok},
                                {"message", ok ? "" : check.outcome.error().message()},
                                {"hint", ok ? "" : check.outcome.error().mend()}});
      if (terminal.json()) continue;
      terminal.print(fmt::format("{}  {}", terminal.state(ok ? "ok" : "failed"), check.name));
      if (!ok) terminal.print("        " + replace_all(check.outcome.error().to_string(), "\n", "\n        "));
    }
    for (const auto& notice : notices) terminal.warn(notice.to_string());
    terminal.print_json(JsonObject{{"checks", std::move(rows)}, {"failed", failed}});
    return failed == 0 ? 0 : 1;
  }

 private:
  AgentOptions agent_;
  bool kubernetes_ = false;
  std::vector<std::string> spaces_;
};

}  // namespace

std::unique_ptr<Command> make_doctor() { return std::make_unique<DoctorCommand>(); }

}  // namespace slipway::cli::commands
