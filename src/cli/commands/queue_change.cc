// queue pause, queue resume and queue delete.
#include <fmt/format.h>

#include "cli/commands/all.h"
#include "cli/commands/queue_document.h"

namespace slipway::cli::commands {
namespace {

class QueueStateCommand final : public Command {
 public:
  QueueStateCommand(std::string state, std::string done) : state_(std::move(state)), done_(std::move(done)) {}

  void declare(Options& options) override {
    options.text("NAME", name_, "Name of the queue");
    options.required();
    options.text("-e,--entity", entity_, "Entity that owns it", "WANDB_ENTITY");
  }

  Result<int> run(Terminal& terminal) override {
    TRY(auto session, Session::open(terminal));
    TRY(const auto entity, session->entity(entity_));
    TRY(const Json queue, find_queue(*session, entity, name_));
    TRY(const Json payload,
        session->mutate("mutation SetRunQueueState($input: SetRunQueueStateInput!) { setRunQueueState(input: $input) {"
                        " queue { id name state } } }",
                        "setRunQueueState", JsonObject{{"id", text_or(queue, "id")}, {"state", state_}}));
    terminal.print_json(*find(payload, "queue"));
    if (!terminal.json()) terminal.print(fmt::format("{} queue '{}'", done_, name_));
    return 0;
  }

 private:
  std::string state_, done_, name_, entity_;
};

class QueueDeleteCommand final : public Command {
 public:
  void declare(Options& options) override {
    options.text("NAME", name_, "Name of the queue");
    options.required();
    options.text("-e,--entity", entity_, "Entity that owns it", "WANDB_ENTITY");
    options.flag("--force", force_, "Also when items run: they are stopped");
    options.flag("-y,--yes", yes_, "Do not ask");
  }

  Result<int> run(Terminal& terminal) override {
    TRY(auto session, Session::open(terminal));
    TRY(const auto entity, session->entity(entity_));
    TRY(const Json queue, find_queue(*session, entity, name_));
    const Json* counts = find(queue, "counts");
    const auto waiting = counts ? int_or(*counts, "waiting", 0) : 0;
    if (!yes_ &&
        !terminal.confirm(fmt::format("Delete queue '{}' of '{}' and its {} waiting items?", name_, entity, waiting))) {
      return Error(Code::failed_precondition, "nothing was deleted").hint("Say yes at the question, or give --yes.");
    }
    TRY(const Json payload,
        session->mutate(
            "mutation DeleteRunQueues($input: DeleteRunQueuesInput!) { deleteRunQueues(input: $input) { success } }",
            "deleteRunQueues",
            JsonObject{{"queueIDs", JsonArray{text_value(text_or(queue, "id"))}}, {"force", force_}}));
    terminal.print_json(payload);
    if (!terminal.json()) terminal.print(fmt::format("Deleted queue '{}'", name_));
    return 0;
  }

 private:
  std::string name_, entity_;
  bool force_ = false;
  bool yes_ = false;
};

}  // namespace

std::unique_ptr<Command> make_queue_pause() { return std::make_unique<QueueStateCommand>("PAUSED", "Paused"); }
std::unique_ptr<Command> make_queue_resume() { return std::make_unique<QueueStateCommand>("ACTIVE", "Resumed"); }
std::unique_ptr<Command> make_queue_delete() { return std::make_unique<QueueDeleteCommand>(); }

}  // namespace slipway::cli::commands
