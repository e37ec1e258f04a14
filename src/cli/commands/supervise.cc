// supervise: the hidden command that the local-process runner starts for each job.
#include "cli/commands/all.h"

namespace slipway::cli::commands {
namespace {

/// main.cc hands the command line to supervise_main() before anything is parsed, because a supervisor must stay small; this row keeps the name taken.
class SuperviseCommand final : public Command {
 public:
  void declare(Options&) override {}
  Result<int> run(Terminal&) override {
    return Error(Code::invalid_argument, "supervise is started by the agent, not by people");
  }
};

}  // namespace

std::unique_ptr<Command> make_supervise() { return std::make_unique<SuperviseCommand>(); }

}  // namespace slipway::cli::commands
